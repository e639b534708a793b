package io.metcd.conformance.lab;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * How each scenario went both ways.
 *
 * @param simulated on one thread in virtual time
 * @param real with processes and sockets
 */
record JointTable(List<Outcome> simulated, List<Outcome> real) {
    private static final String LINE = "%-18s %-4s %-10s %-7s %s";

    JointTable {
        simulated = List.copyOf(simulated);
        real = List.copyOf(real);
    }

    /** Whether anything was played, and all of it holds. */
    boolean holds() {
        return !(simulated.isEmpty() && real.isEmpty())
                && Stream.concat(simulated.stream(), real.stream()).allMatch(Outcome::held);
    }

    /** A line a scenario, by its number, and the sum. */
    List<String> lines() {
        List<String> lines = new ArrayList<>();
        lines.add(LINE.formatted("SCENARIO", "E", "SIMULATED", "REAL", "FIGURES"));
        List<String> names = Stream.concat(simulated.stream(), real.stream())
                .sorted(Comparator.comparingInt(outcome -> place(outcome.number())))
                .map(Outcome::name)
                .distinct()
                .toList();
        names.forEach(name -> lines.add(line(of(simulated, name), of(real, name))));
        lines.add(sum(names));
        return lines;
    }

    private static String line(Optional<Outcome> simulated, Optional<Outcome> real) {
        Outcome either = real.or(() -> simulated).orElseThrow();
        List<String> figures = new ArrayList<>();
        simulated.ifPresent(outcome -> figures.add("simulated: " + outcome.figures()));
        real.ifPresent(outcome -> figures.add("real: " + outcome.figures()));
        return LINE.formatted(either.name(), either.number(), word(simulated), word(real), String.join(" | ", figures));
    }

    private String sum(List<String> names) {
        List<String> failed = names.stream()
                .filter(name -> Stream.of(of(simulated, name), of(real, name))
                        .flatMap(Optional::stream)
                        .anyMatch(outcome -> !outcome.held()))
                .toList();
        String held = "mesh-lab: " + (names.size() - failed.size()) + " scenarios hold, " + simulated.size()
                + " of all simulated, " + real.size() + " real";
        return failed.isEmpty() ? held : held + "; FAILED: " + String.join(", ", failed);
    }

    private static String word(Optional<Outcome> outcome) {
        return outcome.map(Outcome::word).orElse("-");
    }

    private static Optional<Outcome> of(List<Outcome> outcomes, String name) {
        return outcomes.stream().filter(outcome -> outcome.name().equals(name)).findFirst();
    }

    /** The number in a scenario's place, by which the table is sorted. */
    static int place(String number) {
        return Integer.parseInt(number.substring(1));
    }
}
