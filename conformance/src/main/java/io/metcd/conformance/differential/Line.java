package io.metcd.conformance.differential;

import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * One request of a sequence:
 *
 * <pre>
 * METHOD [@header=value]… MESSAGE        a call, or a message on the stream of that method
 * Raw METHOD [@header=value]… "bytes"    the same, with a message of any bytes
 * Body /path [@header=value]… "bytes"    a call with a body of any bytes, not even framed
 * Json METHOD [@header=value]… MESSAGE   a call of the JSON gateway
 * Http /path [@header=value]… "bytes"    a POST of any bytes over HTTP/1.1, or what the header :method says
 * settle                                 waits until watches have told everything
 * half-close METHOD                      sends no more on that stream
 * close METHOD                           gives that stream up
 * </pre>
 *
 * A header may name a token of this sequence, <code>\{token1}</code>. METHOD is a name of {@code api.txt}, or a path; with {@code #N} behind it a stream of its own.
 *
 * @param verb the first word of those above that begin with one; empty for a call
 * @param slot the method with its number
 * @param method the method without
 * @param headers headers beside the usual ones, one character a byte
 * @param message what is left
 */
record Line(String verb, String slot, String method, Map<String, String> headers, String message) {
    private static final Set<String> VERBS = Set.of("Raw", "Body", "Json", "Http", "settle", "close", "half-close");

    static Line parse(String text) {
        String rest = text;
        String verb = "";
        String first = word(rest);
        if (VERBS.contains(first)) {
            verb = first;
            rest = behind(rest);
        }
        String slot = word(rest);
        rest = behind(rest);
        Map<String, String> headers = new TreeMap<>();
        while (rest.startsWith("@")) {
            String option = word(rest);
            int equal = option.indexOf('=');
            headers.put(option.substring(1, equal), unescaped(option.substring(equal + 1)));
            rest = behind(rest);
        }
        int number = slot.indexOf('#');
        return new Line(verb, slot, number < 0 ? slot : slot.substring(0, number), headers, rest);
    }

    private static String word(String text) {
        int space = text.indexOf(' ');
        return space < 0 ? text : text.substring(0, space);
    }

    private static String behind(String text) {
        int space = text.indexOf(' ');
        return space < 0 ? "" : text.substring(space + 1);
    }

    /** Text of a line, one character a byte. */
    static String unescaped(String text) {
        StringBuilder out = new StringBuilder();
        for (int i = 0; i < text.length(); i++) {
            if (text.startsWith("\\x", i)) {
                out.append((char) Integer.parseInt(text.substring(i + 2, i + 4), 16));
                i += 3;
            } else {
                out.append(text.charAt(i));
            }
        }
        return out.toString();
    }
}
