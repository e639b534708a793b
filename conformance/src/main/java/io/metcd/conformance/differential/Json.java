package io.metcd.conformance.differential;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads JSON (RFC 8259): objects as maps, arrays as lists, text as strings, and numbers, booleans and null as they are spelled. */
public final class Json {
    private static final Pattern BARE =
            Pattern.compile("(true|false|null|-?\\d+(\\.\\d+)?([eE][+-]?\\d+)?)(?![^\\s,:\\]}])");

    private final String text;
    private int at;

    private Json(String text) {
        this.text = text;
    }

    /** A number, true, false or null. */
    public record Bare(String spelled) {}

    /** The values of a text, one behind the other; {@link IllegalArgumentException} if it is not JSON. */
    public static List<Object> values(String text) {
        Json reader = new Json(text);
        List<Object> values = new ArrayList<>();
        try {
            reader.blanks();
            while (reader.at < text.length()) {
                values.add(reader.value());
                reader.blanks();
            }
        } catch (StringIndexOutOfBoundsException e) {
            throw new IllegalArgumentException("ends too early", e);
        }
        return values;
    }

    /** Text as it is spelled in JSON, with its quotes. */
    static String quoted(String text) {
        StringBuilder out = new StringBuilder("\"");
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c < ' ' || c == '"' || c == '\\') {
                out.append(String.format("\\u%04x", (int) c));
            } else {
                out.append(c);
            }
        }
        return out.append('"').toString();
    }

    private Object value() {
        blanks();
        return switch (text.charAt(at)) {
            case '{' -> object();
            case '[' -> array();
            case '"' -> string();
            default -> bare();
        };
    }

    private Map<String, Object> object() {
        Map<String, Object> fields = new LinkedHashMap<>();
        at++;
        blanks();
        while (text.charAt(at) != '}') {
            String name = string();
            take(':');
            if (fields.put(name, value()) != null) {
                throw new IllegalArgumentException("twice: " + name);
            }
            blanks();
            if (text.charAt(at) != '}') {
                take(',');
                blanks();
            }
        }
        at++;
        return fields;
    }

    private List<Object> array() {
        List<Object> values = new ArrayList<>();
        at++;
        blanks();
        while (text.charAt(at) != ']') {
            values.add(value());
            blanks();
            if (text.charAt(at) != ']') {
                take(',');
            }
        }
        at++;
        return values;
    }

    private String string() {
        StringBuilder out = new StringBuilder();
        take('"');
        while (text.charAt(at) != '"') {
            char c = text.charAt(at++);
            if (c != '\\') {
                out.append(c);
                continue;
            }
            char escape = text.charAt(at++);
            switch (escape) {
                case 'n' -> out.append('\n');
                case 't' -> out.append('\t');
                case 'r' -> out.append('\r');
                case 'b' -> out.append('\b');
                case 'f' -> out.append('\f');
                case 'u' -> {
                    out.append((char) Integer.parseInt(text.substring(at, at + 4), 16));
                    at += 4;
                }
                default -> out.append(escape);
            }
        }
        at++;
        return out.toString();
    }

    private Bare bare() {
        Matcher matcher = BARE.matcher(text).region(at, text.length());
        if (!matcher.lookingAt()) {
            throw new IllegalArgumentException("not JSON at " + at + ": " + text);
        }
        at = matcher.end();
        return new Bare(matcher.group());
    }

    private void take(char wanted) {
        blanks();
        if (text.charAt(at) != wanted) {
            throw new IllegalArgumentException(wanted + " is missing at " + at + ": " + text);
        }
        at++;
    }

    private void blanks() {
        while (at < text.length() && " \t\r\n".indexOf(text.charAt(at)) >= 0) {
            at++;
        }
    }
}
