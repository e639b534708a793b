package io.metcd.server.json;

import io.metcd.base.Bytes;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/** Walks through a text of which {@link JsonScanner} has said that it is one JSON value, token by token. */
final class JsonCursor {
    private final Bytes text;

    /** Before the next token, or before the white space and punctuation in front of it. */
    private int at;

    JsonCursor(Bytes text) {
        this.text = text;
    }

    /** A token that is no punctuation: where it is, and what it looks like. */
    record Token(int from, int to, byte first) {
        boolean isString() {
            return first == '"';
        }

        boolean isNull() {
            return first == 'n';
        }

        boolean isNumber() {
            return first == '-' || (first >= '0' && first <= '9');
        }

        boolean isObject() {
            return first == '{';
        }

        boolean isArray() {
            return first == '[';
        }
    }

    /** The next token; of an object or array only its opening bracket. Commas and colons are passed over. */
    Token next() {
        while (isBetween(text.at(at))) {
            at++;
        }
        int from = at;
        byte first = text.at(from);
        switch (first) {
            case '{', '}', '[', ']' -> at++;
            case '"' -> passString();
            default -> passWord();
        }
        return new Token(from, at, first);
    }

    /** Passes over the whole value that begins with the token. */
    void skip(Token value) {
        int open = value.isObject() || value.isArray() ? 1 : 0;
        while (open > 0) {
            byte first = next().first;
            if (first == '{' || first == '[') {
                open++;
            } else if (first == '}' || first == ']') {
                open--;
            }
        }
    }

    /** The token as it is written. */
    String raw(Token token) {
        return text.slice(token.from, token.to).toUtf8();
    }

    /** What a string token means. */
    String string(Token token) throws JsonRejected {
        Bytes inside = text.slice(token.from + 1, token.to - 1);
        String plain;
        try {
            plain = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(inside.sharedArray(), inside.sharedOffset(), inside.size()))
                    .toString();
        } catch (CharacterCodingException malformed) {
            throw new JsonRejected("proto: syntax error " + place(token) + ": invalid UTF-8 in string");
        }
        return plain.indexOf('\\') < 0 ? plain : unescaped(plain, token);
    }

    /** As messages name it: the line and the column of the token, both from 1. */
    String place(Token token) {
        int line = 1;
        int column = 1;
        for (int i = 0; i < token.from; i++) {
            byte b = text.at(i);
            if (b == '\n') {
                line++;
                column = 1;
            } else if ((b & 0xc0) != 0x80) {
                column++;
            }
        }
        return "(line " + line + ":" + column + ")";
    }

    private String unescaped(String plain, Token token) throws JsonRejected {
        StringBuilder result = new StringBuilder(plain.length());
        int i = 0;
        while (i < plain.length()) {
            char c = plain.charAt(i);
            if (c != '\\') {
                result.append(c);
                i++;
                continue;
            }
            char escape = plain.charAt(i + 1);
            if (escape != 'u') {
                result.append(meaning(escape));
                i += 2;
                continue;
            }
            char unit = hex(plain, i + 2);
            i += 6;
            if (Character.isSurrogate(unit)) {
                boolean paired = plain.startsWith("\\u", i) && Character.isSurrogatePair(unit, hex(plain, i + 2));
                if (!paired) {
                    throw new JsonRejected(
                            "proto: syntax error " + place(token) + ": invalid surrogate pair in string");
                }
                result.append(unit);
                unit = hex(plain, i + 2);
                i += 6;
            }
            result.append(unit);
        }
        return result.toString();
    }

    private static char meaning(char escape) {
        return switch (escape) {
            case 'b' -> '\b';
            case 'f' -> '\f';
            case 'n' -> '\n';
            case 'r' -> '\r';
            case 't' -> '\t';
            default -> escape;
        };
    }

    private static char hex(String plain, int from) {
        return (char) Integer.parseInt(plain, from, from + 4, 16);
    }

    private void passString() {
        at++;
        while (text.at(at) != '"') {
            at += text.at(at) == '\\' ? 2 : 1;
        }
        at++;
    }

    private void passWord() {
        while (at < text.size() && !isBetween(text.at(at)) && text.at(at) != '}' && text.at(at) != ']') {
            at++;
        }
    }

    private static boolean isBetween(byte b) {
        return switch (b) {
            case ' ', '\t', '\n', '\r', ',', ':' -> true;
            default -> false;
        };
    }
}
