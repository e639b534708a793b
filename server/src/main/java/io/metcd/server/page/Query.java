package io.metcd.server.page;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

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

    /** The first value of a name that is not one of those it can have, with them; or that it has two values. */
    Optional<String> fault(String name, String... known) {
        List<String> given = all(name);
        if (given.size() <= 1 && List.of(known).containsAll(given)) {
            return Optional.empty();
        }
        String choice = Stream.of(known).map(value -> name + "=" + value).collect(Collectors.joining(" or "));
        String found = given.size() > 1 ? name + " is given twice" : name + "=" + given.get(0) + " is none";
        return Optional.of(found + ": say " + choice);
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
