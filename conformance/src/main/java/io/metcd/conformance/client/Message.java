package io.metcd.conformance.client;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** A protobuf message as numbered fields, as far as the requests used here need them: varints and bytes. */
public final class Message {
    private static final int VARINT = 0;
    private static final int FIXED64 = 1;
    private static final int BYTES = 2;
    private static final int FIXED32 = 5;
    private static final byte[] NONE = {};

    /** A varint, or bytes. */
    private static final class Field {
        final int form;
        final int number;
        final long value;
        final byte[] bytes;

        Field(int form, int number, long value, byte[] bytes) {
            this.form = form;
            this.number = number;
            this.value = value;
            this.bytes = bytes;
        }
    }

    private final List<Field> fields = new ArrayList<>();

    public Message put(int number, long value) {
        fields.add(new Field(VARINT, number, value, NONE));
        return this;
    }

    public Message put(int number, byte[] bytes) {
        fields.add(new Field(BYTES, number, 0, bytes));
        return this;
    }

    public Message put(int number, String text) {
        return put(number, text.getBytes(StandardCharsets.UTF_8));
    }

    public byte[] encode() {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (Field field : fields) {
            if (field.form == VARINT) {
                varint(out, ((long) field.number << 3) | VARINT);
                varint(out, field.value);
            } else {
                varint(out, ((long) field.number << 3) | BYTES);
                varint(out, field.bytes.length);
                out.writeBytes(field.bytes);
            }
        }
        return out.toByteArray();
    }

    public static Message decode(byte[] encoded) {
        Message message = new Message();
        int[] at = {0};
        while (at[0] < encoded.length) {
            long tag = varint(encoded, at);
            int number = (int) (tag >>> 3);
            switch ((int) tag & 7) {
                case VARINT -> message.fields.add(new Field(VARINT, number, varint(encoded, at), NONE));
                case BYTES -> {
                    int length = Math.toIntExact(varint(encoded, at));
                    byte[] bytes = new byte[length];
                    System.arraycopy(encoded, at[0], bytes, 0, length);
                    at[0] += length;
                    message.put(number, bytes);
                }
                case FIXED64 -> at[0] += 8;
                case FIXED32 -> at[0] += 4;
                default -> throw new IllegalArgumentException("no protobuf at byte " + at[0]);
            }
        }
        return message;
    }

    /** 0 where the field is missing, as protobuf has it. */
    public long number(int number) {
        return fields.stream()
                .filter(field -> field.number == number)
                .mapToLong(field -> field.value)
                .reduce(0, (first, last) -> last);
    }

    public String text(int number) {
        return new String(
                fields.stream()
                        .filter(field -> field.number == number)
                        .map(field -> field.bytes)
                        .reduce(NONE, (first, last) -> last),
                StandardCharsets.UTF_8);
    }

    public Message message(int number) {
        return messages(number).stream().reduce(new Message(), (first, last) -> last);
    }

    public List<Message> messages(int number) {
        return fields.stream()
                .filter(field -> field.number == number)
                .map(field -> decode(field.bytes))
                .toList();
    }

    private static void varint(ByteArrayOutputStream out, long value) {
        long rest = value;
        while ((rest & ~0x7fL) != 0) {
            out.write((int) ((rest & 0x7f) | 0x80));
            rest >>>= 7;
        }
        out.write((int) rest);
    }

    private static long varint(byte[] encoded, int[] at) {
        long value = 0;
        for (int shift = 0; ; shift += 7) {
            byte next = encoded[at[0]++];
            value |= (next & 0x7fL) << shift;
            if (next >= 0) {
                return value;
            }
        }
    }
}
