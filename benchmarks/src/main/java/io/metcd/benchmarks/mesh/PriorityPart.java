package io.metcd.benchmarks.mesh;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;

/**
 * How long consensus is on its way over a narrow line, alone and beside bulk that fills the line. The two peers run in
 * a network namespace of their own, whose loopback is that line, either way together.
 */
final class PriorityPart implements Part {
    private static final int MBITS = 20;
    /** As in a home's router: what exceeds the line waits for 100 ms at most, and is lost then. */
    private static final String NARROW = "ip link set lo mtu 1500 up && tc qdisc add dev lo root tbf rate " + MBITS
            + "mbit burst 32kb latency 100ms && exec \"$@\"";

    private static final double MILLIS_MORE = 30;

    @Override
    public String name() {
        return "priority";
    }

    @Override
    public void play(Effort effort, Figures figures) {
        Process peers = start(effort);
        try (BufferedReader output = peers.inputReader(StandardCharsets.UTF_8)) {
            List<NarrowPeers.Round> rounds =
                    output.lines().flatMap(NarrowPeers.Round::read).toList();
            if (rounds.size() != effort.rounds()) {
                throw new IllegalStateException(
                        "no narrow line: run as root with iproute2 installed," + " or choose other parts with --only");
            }
            rounds.forEach(round -> tell(round, figures));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            peers.destroy();
        }
        figures.ratio("priority_p99_ms_more", figures.median("more"));
        figures.atMost(MILLIS_MORE, figures.median("more"), "ms that bulk adds to the way of consensus (p99)");
        figures.atLeast(0.8, figures.median("filled"), "of the line is filled by that bulk");
    }

    private static void tell(NarrowPeers.Round round, Figures figures) {
        double filled = round.bulkBytesPerSecond() * Byte.SIZE / (MBITS * 1e6);
        figures.sample("more", round.besideMillis() - round.aloneMillis());
        figures.sample("filled", filled);
        figures.say(
                "priority   consensus p99 %6.2f ms alone, %6.2f ms beside bulk, which fills %3.0f %% of %d Mbit/s",
                round.aloneMillis(), round.besideMillis(), 100 * filled, MBITS);
    }

    private static Process start(Effort effort) {
        try {
            String java =
                    Path.of(System.getProperty("java.home"), "bin", "java").toString();
            return new ProcessBuilder(
                            "unshare",
                            "--net",
                            "sh",
                            "-c",
                            NARROW,
                            "sh",
                            java,
                            "-cp",
                            System.getProperty("java.class.path"),
                            NarrowPeers.class.getName(),
                            Integer.toString(effort.rounds()),
                            Integer.toString(effort.seconds()))
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
        } catch (IOException e) {
            throw new UncheckedIOException("no program called unshare: install util-linux", e);
        }
    }
}
