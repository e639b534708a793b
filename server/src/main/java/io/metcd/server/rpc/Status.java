package io.metcd.server.rpc;

import static java.util.Objects.requireNonNull;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

/** How a call ended: a code, and a text that clients compare letter by letter. */
public record Status(Code code, String text) {
    public static final Status OK = new Status(Code.OK, "");

    public Status {
        requireNonNull(code);
        requireNonNull(text);
    }

    public boolean isOk() {
        return code == Code.OK;
    }

    /** As Go prints a status, which is how it appears in a watch's reason. */
    public String formatted() {
        return "rpc error: code = " + code.label() + " desc = " + text;
    }

    /** The text as the trailer {@code grpc-message} carries it: what is not printable ASCII, and %, becomes %XX. */
    public String encodedText() {
        for (int i = 0; i < text.length(); i++) {
            if (!isPlain(text.charAt(i))) {
                return percentEncoded();
            }
        }
        return text;
    }

    private String percentEncoded() {
        StringBuilder encoded = new StringBuilder(text.length() + 16);
        for (byte value : text.getBytes(StandardCharsets.UTF_8)) {
            char character = (char) (value & 0xff);
            if (isPlain(character)) {
                encoded.append(character);
            } else {
                encoded.append('%').append(HexFormat.of().withUpperCase().toHexDigits(value));
            }
        }
        return encoded.toString();
    }

    private static boolean isPlain(char character) {
        return character >= 0x20 && character <= 0x7e && character != '%';
    }
}
