package io.metcd.conformance.lab;

import io.metcd.conformance.LineCluster;
import io.metcd.conformance.MetcdProduct;
import io.metcd.conformance.Namespaces;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * Plays the scenarios named, or all, with processes in network namespaces, one after the other, and prints one table of
 * them and of those that were simulated. The last line is the figure; a scenario that fails makes the exit code 1.
 *
 * <pre>
 * [NAME…]            only these
 * --list             names what there is, and plays nothing
 * --simulated        plays nothing: prints the table of what was simulated
 * --real             whatever was simulated is no part of it
 * --table FILE       what was simulated: NAME, NUMBER, held or failed, and figures, divided by tabs
 * </pre>
 */
@SuppressWarnings("SystemOut")
public final class Lab {
    /** A member of the lab has little to hold; what goes beyond this has left its bounds. */
    private static final List<String> SMALL = List.of("-Xmx128m", "-XX:+UseSerialGC");

    private Lab() {}

    public static void main(String[] arguments) {
        try {
            Wish wish = Wish.of(arguments, rows().stream().map(Row::name).toList());
            if (wish.list()) {
                rows().forEach(row -> System.out.println(row.name() + " " + row.number()));
                return;
            }
            boolean real = wish.real() && rows().stream().anyMatch(row -> wish.wants(row.name()));
            if (real && !Namespaces.isAlone()) {
                System.exit(Namespaces.alone(Lab.class, arguments));
            }
            List<Outcome> played = real ? play(wish) : List.of();
            JointTable table = new JointTable(wish.simulated(), played);
            table.lines().forEach(System.out::println);
            System.exit(table.holds() ? 0 : 1);
        } catch (IllegalArgumentException e) {
            System.err.println("mesh-lab: " + e.getMessage());
            System.exit(2);
        }
    }

    static List<Row> rows() {
        return Stream.of(Shapes.rows(), Relays.rows(), BadLinks.rows())
                .flatMap(List::stream)
                .sorted(Comparator.comparingInt(row -> JointTable.place(row.number())))
                .toList();
    }

    private static List<Outcome> play(Wish wish) {
        Path password = LineCluster.passwordFile();
        List<String> jvm = new ArrayList<>(MetcdProduct.quickOptions());
        jvm.addAll(SMALL);
        List<Outcome> played = new ArrayList<>();
        for (Row row : rows()) {
            if (wish.wants(row.name())) {
                long start = System.nanoTime();
                Outcome outcome = play(row, password, jvm);
                played.add(outcome);
                System.out.println(outcome.name() + " " + outcome.number() + " " + outcome.word() + ", real, in "
                        + Stage.since(start).toSeconds() + " s: " + outcome.figures());
            }
        }
        return played;
    }

    private static Outcome play(Row row, Path password, List<String> jvm) {
        try (Stage stage = new Stage(row, password, jvm)) {
            try {
                row.story().accept(stage);
                stage.settle();
                return new Outcome(row.name(), row.number(), true, String.join("; ", stage.facts()));
            } catch (RuntimeException e) {
                // Also one that nobody foresaw: the others are still to be played.
                String why = e.getMessage() + "; before: " + stage.facts();
                return new Outcome(row.name(), row.number(), false, why.replaceAll("\\s+", " "));
            }
        }
    }
}
