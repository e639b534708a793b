package io.metcd.conformance.lab;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * What is to be played.
 *
 * @param names empty for all
 * @param list whether to name what there is, and no more
 * @param real whether to play anything with processes
 * @param simulated how those scenarios went that were simulated
 */
record Wish(List<String> names, boolean list, boolean real, List<Outcome> simulated) {
    /** Options with a value that have been obeyed where scenarios are simulated. */
    private static final List<String> OF_THE_SIMULATED = List.of("--seed", "--seeds");

    Wish {
        names = List.copyOf(names);
        simulated = List.copyOf(simulated);
    }

    /**
     * From the arguments.
     *
     * @param known names of scenarios that can be played with processes
     */
    static Wish of(String[] arguments, List<String> known) {
        List<String> names = new ArrayList<>();
        List<String> all = List.of(arguments);
        List<Outcome> simulated = List.of();
        for (int i = 0; i < all.size(); i++) {
            String word = all.get(i);
            if (word.equals("--table") && i + 1 < all.size()) {
                simulated = read(Path.of(all.get(++i)));
            } else if (OF_THE_SIMULATED.contains(word)) {
                i++;
            } else if (!word.startsWith("--")) {
                names.add(word);
            } else if (!List.of("--list", "--real", "--simulated").contains(word)) {
                throw new IllegalArgumentException(
                        word + " is no option: there are --list, --real, --simulated and names");
            }
        }
        for (String name : names) {
            if (!known.contains(name)
                    && simulated.stream().noneMatch(row -> row.name().equals(name))) {
                throw new IllegalArgumentException("no scenario '" + name + "' was simulated, and real ones are "
                        + String.join(", ", known) + ": see docs/scenarios.md");
            }
        }
        boolean real = !all.contains("--simulated");
        return new Wish(names, all.contains("--list"), real, all.contains("--real") ? List.of() : simulated);
    }

    boolean wants(String name) {
        return names.isEmpty() || names.contains(name);
    }

    private static List<Outcome> read(Path table) {
        try {
            return Files.readAllLines(table).stream()
                    .filter(line -> !line.isBlank())
                    .map(Outcome::read)
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read --table " + table, e);
        }
    }
}
