package io.metcd.simulator;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * The command line of {@link Sim}.
 *
 * @param from the first seed
 * @param minutes of virtual time for each seed
 */
record SimArguments(long from, int seeds, int minutes, RunProfile profile, Trace trace) {
    /** What a run tells. */
    enum Trace {
        /** All that happens. */
        ON,

        /** Each new state of a member of a run of consensus. */
        STATES,
        OFF
    }

    static final String USAGE =
            "usage: ./dev sim [--seeds N [--from S] | --seed N] [--minutes 5] [--trace on|states|off] [--profile "
                    + Arrays.stream(RunProfile.values()).map(RunProfile::word).collect(Collectors.joining("|")) + "]";

    private static final SimArguments DEFAULTS = new SimArguments(1, 50, 5, RunProfile.DEFAULT, Trace.OFF);

    /** Empty when the command line is wrong. */
    static Optional<SimArguments> parse(String... words) {
        SimArguments arguments = DEFAULTS;
        if (words.length % 2 != 0) {
            return Optional.empty();
        }
        for (int i = 0; i < words.length; i += 2) {
            Optional<SimArguments> next = arguments.with(words[i], words[i + 1]);
            if (next.isEmpty()) {
                return next;
            }
            arguments = next.get();
        }
        return Optional.of(arguments);
    }

    private Optional<SimArguments> with(String option, String value) {
        try {
            return switch (option) {
                case "--seed" -> Optional.of(new SimArguments(Long.parseLong(value), 1, minutes, profile, trace));
                case "--seeds" -> positive(new SimArguments(from, Integer.parseInt(value), minutes, profile, trace));
                case "--from" -> Optional.of(new SimArguments(Long.parseLong(value), seeds, minutes, profile, trace));
                case "--minutes" -> positive(new SimArguments(from, seeds, Integer.parseInt(value), profile, trace));
                case "--profile" ->
                    RunProfile.of(value).map(named -> new SimArguments(from, seeds, minutes, named, trace));
                case "--trace" ->
                    Arrays.stream(Trace.values())
                            .filter(one -> one.name().toLowerCase(Locale.ROOT).equals(value))
                            .findFirst()
                            .map(told -> new SimArguments(from, seeds, minutes, profile, told));
                default -> Optional.empty();
            };
        } catch (NumberFormatException notANumber) {
            return Optional.empty();
        }
    }

    private static Optional<SimArguments> positive(SimArguments arguments) {
        return arguments.seeds > 0 && arguments.minutes > 0 ? Optional.of(arguments) : Optional.empty();
    }

    long virtualNanos() {
        return minutes * 60_000_000_000L;
    }

    /** The command that repeats the run of a seed. */
    String command(long seed) {
        return "./dev sim --seed " + seed + " --minutes " + minutes + " --profile " + profile.word();
    }
}
