package io.metcd.simulator;

import io.metcd.simulator.cluster.CatchUp;
import java.io.PrintStream;
import java.util.Optional;

/**
 * A member fetches much state over a narrow line, in virtual time. The last line is the figure: how long it took beside
 * what the line needs, elections, and who gave the pieces. Exits 1 when there was an election, or the states differ; 2 on
 * wrong arguments.
 */
public final class CatchUpTorture {
    private static final String USAGE =
            "usage: ./dev torture catchup-simulated [--mebibytes 1024] [--mbits 20] [--seed 1]";
    private static final int MEMBERS = 3;
    private static final int VALUE_BYTES = 256 << 10;
    private static final long LOG_BYTES_KEPT = 32 << 20;
    private static final double NANOS_PER_SECOND = 1e9;

    private CatchUpTorture() {}

    public static void main(String[] words) {
        Optional<Arguments> arguments = Arguments.parse(words);
        if (arguments.isEmpty()) {
            System.err.println(USAGE);
            System.exit(2);
        }
        System.exit(arguments.isPresent() && run(arguments.get(), System.out) ? 0 : 1);
    }

    /** What is asked for. */
    record Arguments(long mebibytes, long mbits, long seed) {
        static Optional<Arguments> parse(String... words) {
            Arguments arguments = new Arguments(1024, 20, 1);
            try {
                for (int i = 0; i < words.length; i += 2) {
                    long value = Long.parseLong(words[i + 1]);
                    arguments = switch (words[i]) {
                        case "--mebibytes" -> new Arguments(value, arguments.mbits, arguments.seed);
                        case "--mbits" -> new Arguments(arguments.mebibytes, value, arguments.seed);
                        case "--seed" -> new Arguments(arguments.mebibytes, arguments.mbits, value);
                        default -> throw new NumberFormatException(words[i]);
                    };
                }
            } catch (NumberFormatException | ArrayIndexOutOfBoundsException notSo) {
                return Optional.empty();
            }
            return Optional.of(arguments).filter(each -> each.mebibytes > 0 && each.mbits > 0);
        }
    }

    /** True when nobody stood for election, and all had the same state at last. */
    static boolean run(Arguments arguments, PrintStream out) {
        long bytes = arguments.mebibytes << 20;
        long perSecond = arguments.mbits * 1_000_000 / 8;
        long kept = Math.min(LOG_BYTES_KEPT, bytes / 8);
        CatchUp.Result result = CatchUp.run(
                arguments.seed, new CatchUp.Plan(MEMBERS, bytes, VALUE_BYTES, perSecond, kept, CatchUp.Mishap.NONE));
        boolean holds = result.elections() == 0 && result.equal() && result.installed() > 0;
        out.printf(
                "torture catchup: %s%d MiB over %d Mbit/s, simulated, seed %d: %.1f s of virtual time, the line alone needs"
                        + " %.1f s; elections %d; longest silence of consensus there %.0f ms, longest gap of"
                        + " writes %.0f ms; leader %s, pieces from %s; states %s; hash %s%n",
                holds ? "" : "FAILED ",
                arguments.mebibytes,
                arguments.mbits,
                arguments.seed,
                result.virtualNanos() / NANOS_PER_SECOND,
                (double) bytes / perSecond,
                result.elections(),
                result.longestSilenceNanos() / 1e6,
                result.longestGapNanos() / 1e6,
                result.leader(),
                result.served(),
                result.equal() ? "equal" : "NOT EQUAL",
                result.hash());
        return holds;
    }
}
