package io.metcd.benchmarks.mesh;

import io.metcd.base.Bytes;
import io.metcd.mesh.CallOutcome;
import io.metcd.mesh.Channel;
import io.metcd.mesh.PeerId;
import io.metcd.mesh.Priority;
import io.metcd.mesh.net.MeshServer;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** One call after the other, each from the answer of the last, so that no other thread has a part in it. */
final class RoundTrips {
    private static final String CHANNEL = "echo";
    private static final Bytes QUESTION = Bytes.wrap(new byte[128]);
    private static final int MOST = 1 << 20;

    private final Channel channel;
    private final PeerId to;
    private final long end;
    private final double[] micros = new double[MOST];
    private final CompletableFuture<Integer> done = new CompletableFuture<>();
    private int count;
    private long asked;

    private RoundTrips(Channel channel, PeerId to, long nanos) {
        this.channel = channel;
        this.to = to;
        this.end = System.nanoTime() + nanos;
    }

    /** Makes a peer answer. */
    static void answer(MeshServer peer) {
        peer.channel(CHANNEL).onCall((from, question, reply) -> reply.send(question));
    }

    /** What they took for so long, sorted, in microseconds. */
    static double[] micros(MeshServer from, PeerId to, long nanos) {
        RoundTrips trips = new RoundTrips(from.channel(CHANNEL), to, nanos);
        trips.ask();
        double[] sorted = Arrays.copyOf(trips.micros, trips.done.join());
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
