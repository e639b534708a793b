package io.metcd.simulator.world;

import static org.assertj.core.api.Assertions.assertThat;

import io.metcd.base.ByteReader;
import io.metcd.base.ByteWriter;
import io.metcd.base.Bytes;
import io.metcd.base.RandomSource;
import io.metcd.mesh.Channel;
import io.metcd.mesh.MeshConfig;
import io.metcd.mesh.MeshEngine;
import io.metcd.mesh.Priority;
import io.metcd.mesh.SendOutcome;
import io.metcd.mesh.wire.Hello;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Two peers on a line of 20 Mbit/s and 20 ms each way, over which one sends the other all that it will take. */
class NarrowLineTest {
    private static final long MILLI = 1_000_000;
    private static final long SECOND = 1_000 * MILLI;
    private static final long DELAY = 20 * MILLI;
    private static final long BYTES_PER_SECOND = 20_000_000 / 8;
    private static final long ROUTER_BYTES = 256 << 10;

    private final EventQueue queue = new EventQueue(new TraceHash());
    private final RandomSource random = RandomSource.seeded(1);
    private final Paths paths = new Paths(2, Path.Conditions.delay(DELAY));
    private final SimNetwork network = new SimNetwork(queue, random.fork(), paths, SimNetwork.Limits.DEFAULT);
    private final MeshEngine sender = peer(0);
    private final MeshEngine receiver = peer(1);
    private final List<Long> oneWay = new ArrayList<>();
    private long bulkBytes;

    private MeshEngine peer(int number) {
        SimProcess process = new SimProcess(queue, number, "peer" + number);
        SimSigner signer = new SimSigner(number + 1);
        MeshConfig config = MeshConfig.of("narrow", process.name(), 1);
        config = number == 0 ? config.withListen("host0:1", List.of("host0:1")) : config.withSeeds(List.of("host0:1"));
        SimLinks links = network.join(
                process,
                new SimNetwork.Identity(
                        signer.publicKey(), Hello.of(config).encode(), config.listenAddress(), "narrow"));
        return new MeshEngine(config, process.clock(), process.scheduler(), random.fork(), links, signer);
    }

    private void run(long nanos) {
        queue.runUntil(queue.now() + nanos);
    }

    /** A vote in each hundredth of a second, which says when it left. */
    private void vote() {
        sender.channel("raft")
                .send(
                        receiver.self(),
                        Priority.CONSENSUS,
                        new ByteWriter(8).u64(queue.now()).toBytes(),
                        Channel.NEVER_SUPERSEDED);
    }

    /** As much bulk as is taken, and more whenever there is room. */
    private void fill() {
        Bytes piece = Bytes.wrap(new byte[128 << 10]);
        while (sender.channel("bulk").send(receiver.self(), Priority.BULK, piece, Channel.NEVER_SUPERSEDED)
                == SendOutcome.SENT) {
            // until it is refused
        }
    }

    private void fillFor(long nanos) {
        for (long i = 0; i < nanos / (10 * MILLI); i++) {
            fill();
            vote();
            run(10 * MILLI);
        }
    }

    private long p99() {
        List<Long> sorted = oneWay.stream().sorted().toList();
        return sorted.get((sorted.size() - 1) * 99 / 100);
    }

    @Test
    void bulkThatFillsTheLineDelaysVotesByLittleAndUsesTheLine() {
        paths.path(0, 1).through(new Wire(queue, BYTES_PER_SECOND, ROUTER_BYTES));
        paths.path(1, 0).through(new Wire(queue, BYTES_PER_SECOND, ROUTER_BYTES));
        receiver.channel("raft").onMessage((from, vote) -> oneWay.add(queue.now() - new ByteReader(vote).u64()));
        receiver.channel("bulk").onMessage((from, piece) -> bulkBytes += piece.size());
        sender.start();
        receiver.start();
        run(2 * SECOND);
        for (int i = 0; i < 100; i++) {
            vote();
            run(10 * MILLI);
        }
        long idle = p99();
        assertThat(idle).as("one way on an idle line").isBetween(DELAY, DELAY + 2 * MILLI);

        fillFor(SECOND); // until the window has found the line
        oneWay.clear();
        bulkBytes = 0;
        fillFor(10 * SECOND);
        assertThat(oneWay).hasSizeGreaterThan(990);
        assertThat(p99() - idle)
                .as("what bulk adds to the slowest vote of a hundred")
                .isLessThan(30 * MILLI);
        assertThat(bulkBytes).as("in ten seconds").isGreaterThan(10 * BYTES_PER_SECOND * 7 / 10);
    }
}
