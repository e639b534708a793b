package io.metcd.benchmarks.mesh;

import io.metcd.base.Bytes;
import io.metcd.mesh.Channel;
import io.metcd.mesh.PeerId;
import io.metcd.mesh.Priority;
import io.metcd.mesh.TopologyView;
import io.metcd.mesh.net.MeshServer;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;

/**
 * What neighbours that stop reading cost the others: round trips between a hub and one peer while the hub sends to ten
 * more as before, in turns while those read and while their process stands still. What is sent to them fills first
 * their buffers, then the hub's queues; then the hub closes their links.
 */
final class StalledPart implements Part {
    private static final int NEIGHBOURS = 10;
    private static final Bytes PIECE = Bytes.wrap(new byte[64 << 10]);
    /** Between two pieces to each: enough to fill its buffers within half a second. */
    private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(40);

    private static final double PART = 0.99;

    @Override
    public String name() {
        return "stalled";
    }

    @Override
    public void play(Effort effort, Figures figures) {
        MeshServer other = MetcdRival.start("other", List.of());
        MeshServer hub = MetcdRival.start("hub", List.of(MetcdRival.address(other)));
        PeerProcess neighbours = PeerProcess.hidden(MetcdRival.address(hub), NEIGHBOURS);
        Thread sender = new Thread(() -> send(hub, other.self()), "sender");
        try {
            RoundTrips.answer(other);
            awaitNeighbours(hub);
            sender.start();
            RoundTrips.micros(hub, other.self(), effort.warmNanos());
            for (int round = 0; round < effort.rounds(); round++) {
                double before = Figures.at(RoundTrips.micros(hub, other.self(), effort.roundNanos()), PART);
                neighbours.silence();
                double during = Figures.at(RoundTrips.micros(hub, other.self(), effort.roundNanos()), PART);
                neighbours.goOn();
                awaitNeighbours(hub);
                figures.sample(name(), during / before);
                figures.say("stalled    p99 %7.1f us, while ten neighbours do not read %7.1f us", before, during);
            }
        } finally {
            sender.interrupt();
            neighbours.kill();
            List.of(hub, other).forEach(MeshServer::stop);
        }
        figures.ratio("stalled_vs_before", figures.median(name()));
        figures.atMost(1.1, figures.median(name()), "p99 of a link while ten others are stalled, in that before");
    }

    private static void send(MeshServer hub, PeerId other) {
        Channel channel = hub.channel("pieces");
        while (!Thread.currentThread().isInterrupted()) {
            for (PeerId neighbour : linked(hub)) {
                if (!neighbour.equals(other)) {
                    channel.send(neighbour, Priority.BULK, PIECE, Channel.NEVER_SUPERSEDED);
                }
            }
            LockSupport.parkNanos(PAUSE_NANOS);
        }
    }

    private static void awaitNeighbours(MeshServer hub) {
        Waiting.until("all neighbours are linked", () -> linked(hub).size() == NEIGHBOURS + 1);
    }

    private static Set<PeerId> linked(MeshServer hub) {
        return hub.topology().links().stream()
                .filter(TopologyView.LinkView::up)
                .map(TopologyView.LinkView::peer)
                .collect(Collectors.toSet());
    }
}
