package io.metcd.conformance.differential;

import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Supplier;

/** The one source of chance of a sequence. */
final class Dice {
    private final SplittableRandom random;

    Dice(long seed) {
        random = new SplittableRandom(seed);
    }

    /** From {@code from} up to and including {@code to}. */
    int between(int from, int to) {
        return random.nextInt(from, to + 1);
    }

    boolean percent(int chance) {
        return random.nextInt(100) < chance;
    }

    /** One of them; what is named more than once comes up more often. */
    @SafeVarargs
    @SuppressWarnings("varargs")
    final <T> T of(T... choices) {
        return choices[random.nextInt(choices.length)];
    }

    <T> T of(List<T> choices) {
        return choices.get(random.nextInt(choices.size()));
    }

    /** The part with a space behind it, or nothing. */
    String maybe(int chance, Supplier<String> part) {
        return percent(chance) ? part.get() + " " : "";
    }

    /** The words with a space behind them, or nothing. */
    String maybe(int chance, String words) {
        return percent(chance) ? words + " " : "";
    }
}
