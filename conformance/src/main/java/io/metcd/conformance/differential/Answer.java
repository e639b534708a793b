package io.metcd.conformance.differential;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** A message as bytes, and what it says in words that two servers can have in common. */
final class Answer {
    private static final int SHOWN_BYTES = 200;

    private final byte[] encoded;
    private final Schema schema;
    private final Symbols symbols;
    private int at;

    private Answer(byte[] encoded, Schema schema, Symbols symbols) {
        this.encoded = encoded;
        this.schema = schema;
        this.symbols = symbols;
    }

    static String words(byte[] encoded, String message, Schema schema, Symbols symbols) {
        try {
            return new Answer(encoded, schema, symbols).message(schema.message(message), encoded.length);
        } catch (ArrayIndexOutOfBoundsException e) {
            return "NOT PROTOBUF: " + escaped(encoded, 0, encoded.length);
        }
    }

    /** The last varint of that number on the path of field numbers, 0 where there is none. */
    static long number(byte[] encoded, int... path) {
        Fields reader = new Fields(encoded, 0, encoded.length);
        long found = 0;
        for (int depth = 0; depth < path.length; depth++) {
            int[] inner = {0, 0};
            found = 0;
            while (reader.next()) {
                if (reader.number() == path[depth]) {
                    found = reader.value();
                    inner = new int[] {reader.from(), reader.to()};
                }
            }
            reader = new Fields(encoded, inner[0], inner[1]);
        }
        return found;
    }

    /** The bytes of the last field of that number; empty where there is none. */
    static byte[] part(byte[] encoded, int number) {
        Fields reader = new Fields(encoded, 0, encoded.length);
        byte[] found = {};
        while (reader.next()) {
            if (reader.number() == number) {
                found = Arrays.copyOfRange(encoded, reader.from(), reader.to());
            }
        }
        return found;
    }

    /** The same as text. */
    static String text(byte[] encoded, int number) {
        return new String(part(encoded, number), StandardCharsets.ISO_8859_1);
    }

    /** All texts of field {@code number}, as a line has them. */
    static List<String> texts(byte[] encoded, int number) {
        List<String> found = new ArrayList<>();
        Fields reader = new Fields(encoded, 0, encoded.length);
        while (reader.next()) {
            if (reader.number() == number) {
                found.add("\"" + escaped(encoded, reader.from(), reader.to()) + "\"");
            }
        }
        return found;
    }

    /** All varints of field {@code inner} in the messages of field {@code outer}. */
    static List<Long> numbers(byte[] encoded, int outer, int inner) {
        List<Long> found = new ArrayList<>();
        Fields reader = new Fields(encoded, 0, encoded.length);
        while (reader.next()) {
            if (reader.number() == outer) {
                long value = 0;
                Fields part = new Fields(encoded, reader.from(), reader.to());
                while (part.next()) {
                    value = part.number() == inner ? part.value() : value;
                }
                found.add(value);
            }
        }
        return found;
    }

    private String message(Schema.Message message, int end) {
        List<String> parts = new ArrayList<>();
        List<String> unordered = new ArrayList<>();
        Fields reader = new Fields(encoded, at, end);
        while (reader.next()) {
            Schema.Field field = message.field(reader.number());
            if (field.kind().equals("hidden")) {
                continue;
            }
            String part = field.name() + value(field, reader);
            if (field.sorted()) {
                unordered.add(part);
            } else {
                parts.add(part);
            }
        }
        unordered.sort(String::compareTo);
        parts.addAll(unordered);
        at = end;
        return String.join(" ", parts);
    }

    private String value(Schema.Field field, Fields reader) {
        if (!reader.isBytes()) {
            return ":" + symbols.shown(field.kind(), reader.value());
        }
        if (schema.isMessage(field.kind())) {
            at = reader.from();
            return "{" + message(schema.message(field.kind()), reader.to()) + "}";
        }
        if (field.kind().equals("any")) {
            return ":*";
        }
        return ":\"" + symbols.words(field.kind(), escaped(encoded, reader.from(), reader.to())) + "\"";
    }

    /** The bytes as a line has them; of many the first, and how many there are. */
    static String escaped(byte[] bytes, int from, int to) {
        StringBuilder text = new StringBuilder();
        for (int i = from; i < Math.min(to, from + SHOWN_BYTES); i++) {
            char c = (char) (bytes[i] & 0xff);
            if (c < ' ' || c > '~' || c == '"' || c == '\\') {
                text.append("\\x").append(Character.forDigit(c >> 4, 16)).append(Character.forDigit(c & 15, 16));
            } else {
                text.append(c);
            }
        }
        return to - from > SHOWN_BYTES ? text + "… of " + (to - from) : text.toString();
    }
}
