package io.metcd.cli.client;

import com.google.protobuf.ByteString;
import java.nio.charset.StandardCharsets;

/** Bytes as people read them. */
final class Text {
    private Text() {}

    /** As text, or each byte as {@code \xNN}. */
    static String plain(ByteString bytes, boolean hex) {
        if (!hex) {
            return bytes.toStringUtf8();
        }
        StringBuilder text = new StringBuilder();
        for (byte b : bytes.toByteArray()) {
            text.append(escape(b));
        }
        return text.toString();
    }

    /** In quotes, with whatever does not print escaped, as Go's {@code %q} does it. */
    static String quoted(ByteString bytes) {
        StringBuilder text = new StringBuilder("\"");
        if (bytes.isValidUtf8()) {
            bytes.toStringUtf8().codePoints().forEach(c -> append(text, c));
        } else {
            for (byte b : bytes.toByteArray()) {
                if (b >= ' ' && b < 0x7f) {
                    append(text, b);
                } else {
                    text.append(escape(b));
                }
            }
        }
        return text.append('"').toString();
    }

    private static void append(StringBuilder text, int c) {
        switch (c) {
            case '"' -> text.append("\\\"");
            case '\\' -> text.append("\\\\");
            case '\n' -> text.append("\\n");
            case '\t' -> text.append("\\t");
            case '\r' -> text.append("\\r");
            default -> {
                if (Character.isISOControl(c)) {
                    for (byte b : Character.toString(c).getBytes(StandardCharsets.UTF_8)) {
                        text.append(escape(b));
                    }
                } else {
                    text.appendCodePoint(c);
                }
            }
        }
    }

    private static String escape(byte b) {
        return String.format(java.util.Locale.ROOT, "\\x%02x", b);
    }
}
