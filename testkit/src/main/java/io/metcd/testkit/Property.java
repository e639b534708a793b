package io.metcd.testkit;

import io.metcd.base.RandomSource;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A claim tried on many seeds: a list of operations is generated from each seed and run; the run throws when the claim
 * does not hold. A failure is shrunk by dropping operations, and names its seed; {@code -Dseed=N} repeats that one.
 *
 * <p>The run must depend on its operations alone: what is random is decided by the generator, so that a shortened list
 * means the same. {@code -Dshrink=0} leaves it as it was.
 */
public final class Property {
    private static final int SHRINK_ATTEMPTS_MAX = Integer.getInteger("shrink", 1000);
    private static final int OPERATIONS_SHOWN_MAX = 100;

    private Property() {}

    /** Tries operations; throws anything to say that the claim does not hold. */
    public interface Run<O> {
        void accept(List<O> operations) throws Exception;
    }

    /** Tries one seed; throws anything to say that the claim does not hold. */
    public interface Seeded {
        void accept(RandomSource random) throws Exception;
    }

    /** Tries the claim on seeds 1 to {@code seeds}. */
    public static <O> void check(int seeds, Function<RandomSource, List<O>> generator, Run<O> run) {
        Long only = Long.getLong("seed");
        for (long seed = 1; seed <= seeds; seed++) {
            long tried = only == null ? seed : only;
            List<O> operations = List.copyOf(generator.apply(RandomSource.seeded(tried)));
            Throwable failure = failure(run, operations);
            if (failure != null) {
                throw shrunk(tried, operations, run, failure);
            }
            if (only != null) {
                return;
            }
        }
    }

    /** For claims without a list of operations: nothing to shrink. */
    public static void check(int seeds, Seeded claim) {
        check(seeds, random -> List.of(random.nextLong()), seed -> {
            for (long one : seed) {
                claim.accept(RandomSource.seeded(one));
            }
        });
    }

    /** Drops halves, then quarters, down to single operations, as long as what is left still fails. */
    private static <O> AssertionError shrunk(long seed, List<O> operations, Run<O> run, Throwable first) {
        List<O> least = operations;
        Throwable failure = first;
        int attempts = 0;
        for (int size = Math.max(1, operations.size() / 2); size >= 1; size /= 2) {
            int from = 0;
            while (from < least.size() && attempts++ < SHRINK_ATTEMPTS_MAX) {
                List<O> fewer = new ArrayList<>(least.subList(0, from));
                fewer.addAll(least.subList(Math.min(least.size(), from + size), least.size()));
                Throwable again = failure(run, List.copyOf(fewer));
                if (again == null) {
                    from += size;
                } else {
                    least = fewer;
                    failure = again;
                }
            }
        }
        return new AssertionError(text(seed, operations.size(), least, failure), failure);
    }

    private static <O> String text(long seed, int total, List<O> least, Throwable failure) {
        StringBuilder text = new StringBuilder()
                .append("seed ")
                .append(seed)
                .append(" fails (repeat with -Dseed=")
                .append(seed)
                .append("): ")
                .append(failure)
                .append("\n")
                .append(least.size())
                .append(" of ")
                .append(total)
                .append(" operations are enough:\n");
        least.stream()
                .limit(OPERATIONS_SHOWN_MAX)
                .forEach(o -> text.append("  ").append(o).append('\n'));
        return text.toString();
    }

    private static <O> @Nullable Throwable failure(Run<O> run, List<O> operations) {
        try {
            run.accept(operations);
            return null;
        } catch (Exception | AssertionError | StackOverflowError e) {
            return e;
        }
    }
}
