package io.metcd.server.page;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** What stands behind the question mark of a request: names, each with a value that may be empty. */
record Query(List<Pair> pairs) {
    record Pair(String name, String value) {}

    static Query of(String text) {
        List<Pair> pairs = new ArrayList<>();
        for (String part : text.split("&", -1)) {
            int equals = part.indexOf('=');
            String name = equals < 0 ? part : part.substring(0, equals);
            String value = equals < 0 ? "" : part.substring(equals + 1);
            pairs.add(new Pair(decoded(name), decoded(value)));
        }
        return new Query(List.copyOf(pairs));
    }

    boolean has(String name) {
        return pairs.stream().anyMatch(pair -> pair.name.equals(name));
    }

    boolean has(String name, String value) {
        return all(name).contains(value);
    }

    List<String> all(String name) {
        return pairs.stream()
                .filter(pair -> pair.name.equals(name))
                .map(Pair::value)
                .toList();
    }

    /** A part whose escapes make no sense stays as it came. */
    private static String decoded(String part) {
        try {
            return URLDecoder.decode(part, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException malformed) {
            return part;
        }
    }
}
