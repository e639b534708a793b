package io.metcd.benchmarks.mesh;

import io.metcd.base.Bytes;
import io.metcd.mesh.Channel;
import io.metcd.mesh.Priority;
import java.nio.ByteBuffer;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/** Two peers that tell how long consensus takes from one to the other, alone and beside bulk: one line a round. */
@SuppressWarnings("SystemOut")
public final class NarrowPeers {
    private static final String CHANNEL = "consensus";
    private static final int MESSAGE_BYTES = 128;
    private static final int BULK_BYTES = 64 << 10;
    /** More than the line's queue and the link's buffers take. */
    private static final int BULK_WINDOW = 24;

    /** What has not come after so long counts as so late. */
    private static final long LOST_NANOS = TimeUnit.SECONDS.toNanos(2);

    private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(4);

    private final MetcdRival.TwoServers pair = new MetcdRival().pair();
    private final Channel consensus = pair.from().channel(CHANNEL);
    private final Queue<Double> millis = new ConcurrentLinkedQueue<>();

    private NarrowPeers() {
        pair.to().channel(CHANNEL).onMessage((from, payload) -> {
            long sent = ByteBuffer.wrap(payload.toArray()).getLong();
            millis.add((System.nanoTime() - sent) / 1e6);
        });
    }

    /**
     * What a round has shown.
     *
     * @param aloneMillis one way of consensus, 99 of 100
     * @param besideMillis the same beside bulk
     * @param bulkBytesPerSecond that came through meanwhile
     */
    record Round(double aloneMillis, double besideMillis, double bulkBytesPerSecond) {
        private static final String MARK = "ROUND";

        /** A line of this program's output; empty for any other line. */
        static Stream<Round> read(String line) {
            String[] words = line.split(" ", -1);
            return words.length == 4 && words[0].equals(MARK)
                    ? Stream.of(new Round(
                            Double.parseDouble(words[1]), Double.parseDouble(words[2]), Double.parseDouble(words[3])))
                    : Stream.empty();
        }

        String line() {
            return MARK + " " + aloneMillis + " " + besideMillis + " " + bulkBytesPerSecond;
        }
    }

    /** Arguments: rounds, seconds of each half of a round. */
    public static void main(String[] arguments) {
        NarrowPeers peers = new NarrowPeers();
        long nanos = TimeUnit.SECONDS.toNanos(Integer.parseInt(arguments[1]));
        peers.round(nanos); // to warm up
        for (int i = 0; i < Integer.parseInt(arguments[0]); i++) {
            System.out.println(peers.round(nanos).line());
        }
        System.exit(0);
    }

    private Round round(long nanos) {
        double alone = consensus(nanos);
        CompletableFuture<Double> rate = new CompletableFuture<>();
        new Thread(() -> rate.complete(bulk(nanos)), "bulk").start();
        double beside = consensus(nanos);
        return new Round(alone, beside, rate.join());
    }

    /** Bytes a second. */
    private double bulk(long nanos) {
        return new Flood(pair).carry(BULK_BYTES, BULK_WINDOW, nanos).perSecond() * BULK_BYTES;
    }

    /** Milliseconds under which 99 of 100 messages have come. */
    private double consensus(long nanos) {
        millis.clear();
        long end = System.nanoTime() + nanos;
        int sent = 0;
        while (System.nanoTime() < end) {
            byte[] message = new byte[MESSAGE_BYTES];
            ByteBuffer.wrap(message).putLong(System.nanoTime());
            consensus.send(pair.target(), Priority.CONSENSUS, Bytes.wrap(message), Channel.NEVER_SUPERSEDED);
            sent++;
            LockSupport.parkNanos(PAUSE_NANOS);
        }
        int all = sent;
        Waiting.within(LOST_NANOS, () -> millis.size() == all);
        Stream.generate(() -> LOST_NANOS / 1e6)
                .limit(Math.max(0, all - millis.size()))
                .forEach(millis::add);
        return Figures.at(
                millis.stream().mapToDouble(Double::doubleValue).sorted().toArray(), 0.99);
    }
}
