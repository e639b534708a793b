package io.metcd.simulator;

import io.metcd.simulator.world.Narrator;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Runs seeds, one thread each, as many at once as there are processors. Prints each run with its hash; a violation is
 * one line that says how to repeat it; the last line says the figure. Exits 1 on a violation, 2 on wrong arguments.
 */
public final class Sim {
    private static final int NANOS_PER_SECOND = 1_000_000_000;

    private Sim() {}

    public static void main(String[] words) {
        Optional<SimArguments> arguments = SimArguments.parse(words);
        if (arguments.isEmpty()) {
            System.err.println(SimArguments.USAGE);
            System.exit(2);
        }
        System.exit(arguments.isPresent() && run(arguments.get(), System.out) ? 0 : 1);
    }

    /** A run and the processor time that it took. */
    private record Timed(RunResult result, long cpuNanos) {}

    /** True when nothing was violated. */
    static boolean run(SimArguments arguments, PrintStream out) {
        ExecutorService threads =
                Executors.newFixedThreadPool(Runtime.getRuntime().availableProcessors());
        List<Future<Timed>> runs = new ArrayList<>();
        for (int i = 0; i < arguments.seeds(); i++) {
            long seed = arguments.from() + i;
            runs.add(threads.submit(() -> timed(seed, arguments, out)));
        }
        threads.shutdown();
        Totals totals = new Totals();
        for (Future<Timed> run : runs) {
            totals.add(await(run), arguments, out);
        }
        out.println(totals);
        return totals.violations == 0;
    }

    private static Timed timed(long seed, SimArguments arguments, PrintStream out) {
        long before = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
        Narrator narrator = switch (arguments.trace()) {
            case ON -> Narrator.to(out);
            case STATES -> Narrator.states(out, seed);
            case OFF -> Narrator.SILENT;
        };
        RunResult result = arguments.profile().run(seed, arguments.virtualNanos(), narrator);
        return new Timed(result, ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() - before);
    }

    private static Timed await(Future<Timed> run) {
        try {
            return run.get();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", interrupted);
        } catch (ExecutionException failed) {
            throw new IllegalStateException("a run ended without a result", failed.getCause());
        }
    }

    /** The sums over all runs. */
    private static final class Totals {
        private long seeds;
        private long virtualNanos;
        private long cpuNanos;
        private long operations;
        private long events;
        private long violations;

        void add(Timed timed, SimArguments arguments, PrintStream out) {
            RunResult result = timed.result;
            seeds++;
            virtualNanos += result.virtualNanos();
            cpuNanos += timed.cpuNanos;
            operations += result.operations();
            events += result.events();
            out.printf(
                    "seed=%d hash=%s operations=%d events=%d %s%n",
                    result.seed(), result.hash(), result.operations(), result.events(), result.options());
            result.violation().ifPresent(text -> {
                violations++;
                out.println("SIM FAIL " + arguments.command(result.seed()) + " : " + text.replace('\n', ' '));
            });
        }

        @Override
        public String toString() {
            double seconds = (double) cpuNanos / NANOS_PER_SECOND;
            return String.format(
                    "sim: %d seeds, %.2f virtual hours, %.0f times real time per core, %d operations, %d events,"
                            + " %d violations",
                    seeds,
                    (double) virtualNanos / NANOS_PER_SECOND / 3600,
                    (double) virtualNanos / NANOS_PER_SECOND / Math.max(seconds, 1e-9),
                    operations,
                    events,
                    violations);
        }
    }
}
