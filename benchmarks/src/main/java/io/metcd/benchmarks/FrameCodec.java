package io.metcd.benchmarks;

import io.metcd.base.Bytes;
import io.metcd.base.RandomSource;
import io.metcd.mesh.PeerId;
import io.metcd.mesh.Priority;
import io.metcd.mesh.Profile;
import io.metcd.mesh.wire.ByteBudget;
import io.metcd.mesh.wire.Datagram;
import io.metcd.mesh.wire.Envelope;
import io.metcd.mesh.wire.Frame;
import io.metcd.mesh.wire.FrameType;
import io.metcd.mesh.wire.LinkQueues;
import io.metcd.mesh.wire.Outgoing;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** A datagram for a neighbour through the queues of its link and back from a frame. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 3, time = 1)
@Fork(1)
public class FrameCodec {
    private static final int CHANNEL = 7;
    private static final int BUDGET = 32 << 20;

    @Param({"100", "4000"})
    public int size;

    private final Profile profile = Profile.LAN;
    private final RandomSource random = RandomSource.seeded(1);
    private final PeerId neighbour = new PeerId(random.bytes(16));
    private final LinkQueues queues =
            new LinkQueues(profile.queues(), profile.sizes().chunkBytes(), new ByteBudget(BUDGET));
    private final Bytes body = random.bytes(4000);

    @Benchmark
    public Bytes throughAQueueAndBack() {
        Bytes head = Envelope.head(Envelope.Kind.MESSAGE, CHANNEL, 0);
        Datagram datagram = new Datagram(neighbour, Priority.CONSENSUS, CHANNEL, 0, head, body.slice(0, size));
        queues.offer(Outgoing.datagram(datagram, Bytes.EMPTY, 0));
        Bytes encoded = queues.next(true);
        Frame frame = Frame.read(FrameType.of(encoded), encoded, profile.sizes());
        return Envelope.decode(frame.body()).orElseThrow().payload();
    }
}
