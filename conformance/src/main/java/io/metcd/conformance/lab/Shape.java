package io.metcd.conformance.lab;

import java.util.ArrayList;
import java.util.List;

/**
 * Who takes part, and who dials whom. A peer that nobody dials does not listen.
 *
 * @param voters names of members, which also found the cluster
 * @param relays names of peers that only carry
 * @param dials in order, each once
 */
record Shape(List<String> voters, List<String> relays, List<Dial> dials) {
    Shape {
        voters = List.copyOf(voters);
        relays = List.copyOf(relays);
        dials = List.copyOf(dials);
    }

    /** One peer is told the address of another. */
    record Dial(String from, String to) {}

    /**
     * From words divided by blanks.
     *
     * @param drawn {@code a-b}: each dials the other; {@code a>r}: only a dials
     */
    static Shape of(String voters, String relays, String drawn) {
        List<Dial> dials = new ArrayList<>();
        for (String edge : words(drawn)) {
            String[] ends = edge.split("[->]", 2);
            dials.add(new Dial(ends[0], ends[1]));
            if (edge.contains("-")) {
                dials.add(new Dial(ends[1], ends[0]));
            }
        }
        return new Shape(words(voters), words(relays), dials);
    }

    /** Relays first: whoever comes later finds them. */
    List<String> peers() {
        List<String> all = new ArrayList<>(relays);
        all.addAll(voters);
        return all;
    }

    boolean listens(String name) {
        return dials.stream().anyMatch(dial -> dial.to().equals(name));
    }

    List<String> dialledBy(String name) {
        return dials.stream()
                .filter(dial -> dial.from().equals(name))
                .map(Dial::to)
                .toList();
    }

    private static List<String> words(String text) {
        return text.isBlank() ? List.of() : List.of(text.strip().split(" +"));
    }
}
