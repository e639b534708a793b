package io.metcd.benchmarks.mesh;

import io.metcd.base.Bytes;
import io.metcd.mesh.CallOutcome;
import io.metcd.mesh.Channel;
import io.metcd.mesh.MeshConfig;
import io.metcd.mesh.PeerId;
import io.metcd.mesh.Priority;
import io.metcd.mesh.net.MeshServer;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * What a relay costs: round trips on a line a - b - c, from a to b and from a to c, one at a time. A relay cannot read
 * what it carries, so that what crosses it is encrypted once more than what does not.
 */
final class RelayPart implements Part {
    private static final String CHANNEL = "echo";
    private static final Bytes QUESTION = Bytes.wrap(new byte[128]);

    @Override
    public String name() {
        return "relay";
    }

    @Override
    public void play(Effort effort, Figures figures) {
        MeshServer b = MetcdRival.start("b", List.of());
        MeshServer a = end("a", b);
        MeshServer c = end("c", b);
        try {
            for (MeshServer answering : List.of(b, c)) {
                answering.channel(CHANNEL).onCall((from, question, reply) -> reply.send(question));
                Waiting.until("a reaches everybody", () -> a.topology().reachable(answering.self()));
            }
            roundTrips(a, c.self(), effort.warmNanos());
            for (int round = 0; round < effort.rounds(); round++) {
                double direct = Figures.at(roundTrips(a, b.self(), effort.roundNanos()), 0.5);
                double relayed = Figures.at(roundTrips(a, c.self(), effort.roundNanos()), 0.5);
                figures.sample("relay", relayed / direct);
                figures.say("relay      direct p50 %6.1f us, over one relay %6.1f us", direct, relayed);
            }
        } finally {
            List.of(a, b, c).forEach(MeshServer::stop);
        }
        figures.ratio("relay_vs_direct", figures.median("relay"));
        figures.atMost(2.3, figures.median("relay"), "a round trip over one relay, in direct ones (p50)");
    }

    /** A peer that nobody can dial, so that its only link is the one to the hub. */
    private static MeshServer end(String name, MeshServer hub) {
        MeshServer server =
                MetcdRival.bind(MeshConfig.of("bench", name, 1).withSeeds(List.of(MetcdRival.address(hub))));
        server.start();
        return server;
    }

    /** Sorted, in microseconds. */
    static double[] roundTrips(MeshServer from, PeerId to, long nanos) {
        RoundTrips trips = new RoundTrips(from.channel(CHANNEL), to, nanos);
        return trips.all();
    }

    /** One call after the other, each from the answer of the last, so that no other thread has a part in it. */
    private static final class RoundTrips {
        private static final int MOST = 1 << 20;

        private final Channel channel;
        private final PeerId to;
        private final long end;
        private final double[] micros = new double[MOST];
        private final CompletableFuture<Integer> done = new CompletableFuture<>();
        private int count;
        private long asked;

        RoundTrips(Channel channel, PeerId to, long nanos) {
            this.channel = channel;
            this.to = to;
            this.end = System.nanoTime() + nanos;
        }

        double[] all() {
            ask();
            double[] sorted = Arrays.copyOf(micros, done.join());
            Arrays.sort(sorted);
            return sorted;
        }

        private void ask() {
            asked = System.nanoTime();
            channel.call(to, Priority.DATA, QUESTION, TimeUnit.SECONDS.toNanos(10), this::answered);
        }

        private void answered(CallOutcome outcome) {
            long now = System.nanoTime();
            if (outcome instanceof CallOutcome.Reply) {
                micros[count++] = (now - asked) / 1e3;
            }
            if (now >= end || count == MOST) {
                done.complete(count);
            } else {
                ask();
            }
        }
    }
}
