package io.metcd.conformance.differential;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/**
 * A message in words, made into bytes: {@code name:value} and <code>name{…}</code> with spaces between. A value is a number or
 * symbol of {@link Symbols#number}, or text in quotes, with {@code \xNN} for bytes and {@code *N} behind it to repeat it.
 * {@code #N} names a field by number, known or not.
 */
final class Words {
    private static final int VARINT = 0;
    private static final int BYTES = 2;

    private final String words;
    private final Schema schema;
    private final Symbols symbols;
    private int at;

    private Words(String words, Schema schema, Symbols symbols) {
        this.words = words;
        this.schema = schema;
        this.symbols = symbols;
    }

    static byte[] encode(String words, String message, Schema schema, Symbols symbols) {
        Words reader = new Words(words, schema, symbols);
        byte[] encoded = reader.message(message);
        if (reader.at != words.length()) {
            throw new IllegalArgumentException("cannot read from here: " + words.substring(reader.at));
        }
        return encoded;
    }

    /** Text in quotes alone, as bytes. */
    static byte[] bytes(String words, Schema schema, Symbols symbols) {
        return new Words(words, schema, symbols).quoted();
    }

    private byte[] message(String name) {
        Schema.Message message = schema.isMessage(name) ? schema.message(name) : schema.message("Nothing");
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        while (true) {
            while (at < words.length() && words.charAt(at) == ' ') {
                at++;
            }
            if (at == words.length() || words.charAt(at) == '}') {
                return out.toByteArray();
            }
            field(message, out);
        }
    }

    private void field(Schema.Message message, ByteArrayOutputStream out) {
        Schema.Field field = message.field(name());
        if (words.charAt(at) == '{') {
            at++;
            byte[] inner = message(field.kind());
            at++;
            put(out, field.number(), inner);
        } else {
            at++;
            if (words.charAt(at) == '"') {
                put(out, field.number(), quoted());
            } else {
                varint(out, ((long) field.number() << 3) | VARINT);
                varint(out, symbols.number(word()));
            }
        }
    }

    private static void put(ByteArrayOutputStream out, int number, byte[] bytes) {
        varint(out, ((long) number << 3) | BYTES);
        varint(out, bytes.length);
        out.writeBytes(bytes);
    }

    private String name() {
        int start = at;
        while (words.charAt(at) != ':' && words.charAt(at) != '{') {
            at++;
        }
        return words.substring(start, at);
    }

    private String word() {
        int start = at;
        while (at < words.length() && words.charAt(at) != ' ' && words.charAt(at) != '}') {
            at++;
        }
        return words.substring(start, at);
    }

    private byte[] quoted() {
        int end = at + 1;
        while (words.charAt(end) != '"') {
            end += words.charAt(end) == '\\' ? 2 : 1;
        }
        byte[] once = unescaped(symbols.text(words.substring(at + 1, end)));
        at = end + 1;
        if (at == words.length() || words.charAt(at) != '*') {
            return once;
        }
        at++;
        int times = Integer.parseInt(word());
        ByteArrayOutputStream all = new ByteArrayOutputStream(once.length * times);
        for (int i = 0; i < times; i++) {
            all.writeBytes(once);
        }
        return all.toByteArray();
    }

    private static byte[] unescaped(String text) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) == '\\' && text.charAt(i + 1) == 'x') {
                out.write(Integer.parseInt(text.substring(i + 2, i + 4), 16));
                i += 3;
            } else {
                out.writeBytes(Character.toString(text.charAt(i)).getBytes(StandardCharsets.UTF_8));
            }
        }
        return out.toByteArray();
    }

    private static void varint(ByteArrayOutputStream out, long value) {
        long rest = value;
        while ((rest & ~0x7fL) != 0) {
            out.write((int) ((rest & 0x7f) | 0x80));
            rest >>>= 7;
        }
        out.write((int) rest);
    }
}
