package io.metcd.conformance.differential;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;

/** Header blocks of HTTP/2 (RFC 7541), where both sides have agreed on a dynamic table of size 0. */
final class HeaderBlock {
    /** Length of the code of each character from space to tilde (RFC 7541, appendix B); the code is canonical. */
    private static final int[] CODE_BITS = {
        6, 10, 10, 12, 13, 6, 8, 11, 10, 10, 8, 11, 8, 6, 6, 6, 5, 5, 5, 6, 6, 6, 6, 6, 6, 6, 7, 8, 15, 6, 12, 10, //
        13, 6, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 8, 7, 8, 13, 19, 13, 14, 6, //
        15, 5, 6, 5, 6, 5, 6, 6, 6, 5, 7, 7, 6, 6, 6, 5, 6, 7, 6, 5, 5, 6, 7, 7, 7, 7, 7, 15, 11, 14, 13
    };

    private static final int CODE_BITS_MAX = 19;
    private static final Map<Integer, Character> CODES = codes();
    private static final int STATUS_FIRST = 8;
    private static final String[] STATUSES = {"200", "204", "206", "304", "400", "404", "500"};
    private static final int CONTENT_TYPE = 31;

    private final byte[] block;
    private int at;

    private HeaderBlock(byte[] block) {
        this.block = block;
    }

    /** Names and values; those that share a name are joined by commas. */
    static Map<String, String> decode(byte[] block) throws IOException {
        HeaderBlock reader = new HeaderBlock(block);
        Map<String, String> headers = new TreeMap<>();
        try {
            while (reader.at < block.length) {
                reader.field(headers);
            }
        } catch (ArrayIndexOutOfBoundsException e) {
            throw new IOException("a header block that ends early", e);
        }
        return headers;
    }

    /** Adds a literal field without indexing and without compression; one character is one byte. */
    static void encode(ByteArrayOutputStream out, String name, String value) {
        out.write(0);
        text(out, name);
        text(out, value);
    }

    private static void text(ByteArrayOutputStream out, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
        if (bytes.length < 127) {
            out.write(bytes.length);
        } else {
            out.write(127);
            int rest = bytes.length - 127;
            while (rest >= 128) {
                out.write((rest & 0x7f) | 0x80);
                rest >>>= 7;
            }
            out.write(rest);
        }
        out.writeBytes(bytes);
    }

    private void field(Map<String, String> headers) throws IOException {
        int first = block[at] & 0xff;
        if ((first & 0x80) != 0) {
            int index = number(7);
            put(headers, name(index), value(index));
        } else if ((first & 0xe0) == 0x20) {
            number(5); // a new size of the table, which can only be 0
        } else {
            int index = number((first & 0x40) != 0 ? 6 : 4);
            String name = index == 0 ? string() : name(index);
            put(headers, name, string());
        }
    }

    private static void put(Map<String, String> headers, String name, String value) {
        headers.merge(name, value, (before, after) -> before + "," + after);
    }

    private static String name(int index) {
        if (index >= STATUS_FIRST && index < STATUS_FIRST + STATUSES.length) {
            return ":status";
        }
        return index == CONTENT_TYPE ? "content-type" : "static-" + index;
    }

    private static String value(int index) {
        return index >= STATUS_FIRST && index < STATUS_FIRST + STATUSES.length ? STATUSES[index - STATUS_FIRST] : "";
    }

    private int number(int prefixBits) {
        int mask = (1 << prefixBits) - 1;
        int value = block[at++] & mask;
        if (value < mask) {
            return value;
        }
        for (int shift = 0; ; shift += 7) {
            int next = block[at++] & 0xff;
            value += (next & 0x7f) << shift;
            if (next < 128) {
                return value;
            }
        }
    }

    private String string() throws IOException {
        boolean compressed = (block[at] & 0x80) != 0;
        int length = number(7);
        if (at + length > block.length) {
            throw new IOException("a header that ends early");
        }
        int start = at;
        at += length;
        return compressed ? expanded(start, at) : new String(block, start, length, StandardCharsets.ISO_8859_1);
    }

    private String expanded(int start, int end) throws IOException {
        StringBuilder text = new StringBuilder();
        int code = 1;
        int bits = 0;
        for (int i = start; i < end; i++) {
            for (int bit = 7; bit >= 0; bit--) {
                code = (code << 1) | ((block[i] >> bit) & 1);
                Character found = CODES.get(code);
                if (found != null) {
                    text.append(found.charValue());
                    code = 1;
                    bits = 0;
                } else if (++bits > CODE_BITS_MAX) {
                    throw new IOException("a header with a character beyond ASCII");
                }
            }
        }
        return text.toString();
    }

    /** Each code with a 1 in front of it, so that leading zeros count. */
    private static Map<Integer, Character> codes() {
        Map<Integer, Character> codes = new HashMap<>();
        int next = 0;
        for (int length = 1; length <= CODE_BITS_MAX; length++) {
            next <<= 1;
            if (length == 13) {
                next++; // the code of the zero byte, the first of its length
            }
            for (int i = 0; i < CODE_BITS.length; i++) {
                if (CODE_BITS[i] == length) {
                    codes.put((1 << length) | next++, (char) (' ' + i));
                }
            }
        }
        return codes;
    }
}
