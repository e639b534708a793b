package io.metcd.server.page;

import io.metcd.mesh.Mesh;
import io.metcd.mesh.TopologyView.PeerView;
import io.metcd.server.rpc.EventLoop;
import io.metcd.server.rpc.Histogram;
import java.util.HashSet;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.TimeUnit;

/**
 * How long the way to each other member and back takes: the mesh's estimate, taken down every few seconds. Members that
 * the mesh has forgotten are forgotten here.
 */
public final class PeerRoundTrips {
    private static final long INTERVAL_NANOS = TimeUnit.SECONDS.toNanos(4);
    private static final double FIRST_BOUND_SECONDS = 0.0001;
    private static final int BOUNDS = 16;

    private final Mesh mesh;
    private final SortedMap<Long, Histogram> byMember = new ConcurrentSkipListMap<>();

    public PeerRoundTrips(Mesh mesh) {
        this.mesh = mesh;
    }

    /** Takes the first sample now, and others for as long as the loop runs. */
    public void start(EventLoop loop) {
        sample();
        loop.schedule(INTERVAL_NANOS, () -> start(loop));
    }

    SortedMap<Long, Histogram> byMember() {
        return new TreeMap<>(byMember);
    }

    private void sample() {
        Set<Long> known = new HashSet<>();
        for (PeerView peer : mesh.topology().peers().values()) {
            long member = peer.facts().memberId();
            boolean other = !peer.id().equals(mesh.self()) && member != 0;
            known.add(member);
            if (other && peer.reachable() && peer.rttNanos() > 0) {
                byMember.computeIfAbsent(member, id -> Histogram.doubling(FIRST_BOUND_SECONDS, BOUNDS))
                        .observe(peer.rttNanos());
            }
        }
        byMember.keySet().retainAll(known);
    }
}
