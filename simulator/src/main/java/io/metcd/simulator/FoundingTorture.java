package io.metcd.simulator;

import io.metcd.simulator.founding.Checks;
import io.metcd.simulator.founding.FoundingRun;
import io.metcd.simulator.founding.Mode;
import io.metcd.simulator.world.TraceHash;
import java.io.PrintStream;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.LongStream;

/**
 * Runs many foundings, one thread each, as many at once as there are processors; what they come to is summed up in the
 * order of their seeds. A violation is one line that says how to repeat it; the last line says the figure, and one hash
 * over all runs. Exits 1 on a violation, 2 on wrong arguments.
 */
public final class FoundingTorture {
    private static final String USAGE =
            "usage: ./dev torture founding [--runs N [--from S] | --seed N] [--mode MODE]; modes: slots-ephemeral,"
                    + " slots-durable, expect-durable, expect-lock, expect-risk";
    private static final int SHOWN_MAX = 20;
    /** So many runs are summed up at once. */
    private static final int BATCH = 1000;

    private FoundingTorture() {}

    public static void main(String[] words) {
        Optional<Plan> plan = Plan.parse(words);
        if (plan.isEmpty()) {
            System.err.println(USAGE);
            System.exit(2);
        }
        System.exit(plan.isPresent() && run(plan.get(), System.out) ? 0 : 1);
    }

    /** True when nothing was violated. */
    static boolean run(Plan plan, PrintStream out) {
        Totals all = new Totals("all");
        Map<Mode, Totals> modes = new EnumMap<>(Mode.class);
        for (int done = 0; done < plan.runs(); done += BATCH) {
            for (FoundingRun.Result result : batch(plan, done)) {
                all.add(result);
                modes.computeIfAbsent(result.mode(), mode -> new Totals(mode.word()))
                        .add(result);
                if (plan.runs() == 1) {
                    out.println("seed=" + result.seed() + " hash=" + result.hash() + " " + result.shape());
                }
                if (result.violation().isPresent() && all.violations <= SHOWN_MAX) {
                    out.println("FOUNDING FAIL ./dev torture founding --seed " + result.seed()
                            + plan.mode().map(mode -> " --mode " + mode.word()).orElse("") + " (" + result.shape()
                            + ") : " + result.violation().get());
                }
            }
        }
        modes.values().forEach(out::println);
        out.println(all.verdict(modes.getOrDefault(Mode.EXPECT_RISK, new Totals(""))));
        return all.violations == 0;
    }

    /** Runs share nothing, so that it is of no account which of them runs beside which. */
    private static List<FoundingRun.Result> batch(Plan plan, int done) {
        return LongStream.range(done, Math.min(done + BATCH, plan.runs()))
                .parallel()
                .mapToObj(run -> FoundingRun.run(plan.from() + run, plan.mode()))
                .toList();
    }

    /** The command line. */
    record Plan(long from, int runs, Optional<Mode> mode) {
        static Optional<Plan> parse(String... words) {
            Plan plan = new Plan(1, 10_000, Optional.empty());
            try {
                for (int i = 0; i + 1 < words.length; i += 2) {
                    String value = words[i + 1];
                    plan = switch (words[i]) {
                        case "--runs" -> new Plan(plan.from, Integer.parseInt(value), plan.mode);
                        case "--from" -> new Plan(Long.parseLong(value), plan.runs, plan.mode);
                        case "--seed" -> new Plan(Long.parseLong(value), 1, plan.mode);
                        case "--mode" ->
                            new Plan(
                                    plan.from,
                                    plan.runs,
                                    Optional.of(Mode.of(value).orElseThrow()));
                        default -> throw new IllegalArgumentException(words[i]);
                    };
                }
            } catch (IllegalArgumentException | java.util.NoSuchElementException wrong) {
                return Optional.empty();
            }
            return words.length % 2 == 0 && plan.runs > 0 ? Optional.of(plan) : Optional.empty();
        }
    }

    /** Sums over runs. */
    private static final class Totals {
        private final String name;
        private long runs;
        private long founded;
        private long blocked;
        private long splits;
        private long doubles;
        private long met;
        private long detected;
        private long slowestNanos;
        private long longestCalmNanos;
        private long violations;
        private final TraceHash hash = new TraceHash();

        Totals(String name) {
            this.name = name;
        }

        void add(FoundingRun.Result result) {
            runs++;
            boolean rests = result.outcome().isPresent();
            founded += rests && result.outcome().get() == Checks.Outcome.FOUNDED ? 1 : 0;
            blocked += rests && result.outcome().get() == Checks.Outcome.BLOCKED ? 1 : 0;
            splits += result.split() ? 1 : 0;
            doubles += result.doubles();
            met += result.met();
            detected += result.detected();
            slowestNanos = Math.max(slowestNanos, result.slowestNanos());
            longestCalmNanos = Math.max(longestCalmNanos, result.calmNanos());
            violations += result.violation().isPresent() ? 1 : 0;
            hash.note(Long.parseUnsignedLong(result.hash(), 16));
        }

        String verdict(Totals risk) {
            return String.format(
                    "founding: %d runs, %d founded, %d double foundings, %d under accepted risk of which %d met and %d"
                            + " were detected (slowest %.2f s after contact), %d violations, hash %s",
                    runs,
                    founded,
                    splits,
                    risk.doubles,
                    risk.met,
                    risk.detected,
                    risk.slowestNanos / 1e9,
                    violations,
                    hash);
        }

        @Override
        public String toString() {
            return String.format(
                    "%-16s %7d runs, %7d founded, %6d blocked by a survivor or the lock, %6d pairs at one time, %6d"
                            + " met, %6d detected, longest calm %.1f s, %d violations",
                    name, runs, founded, blocked, doubles, met, detected, longestCalmNanos / 1e9, violations);
        }
    }
}
