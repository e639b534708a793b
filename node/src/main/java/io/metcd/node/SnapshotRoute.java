package io.metcd.node;

import io.metcd.base.Bytes;
import io.metcd.mesh.Mesh;
import io.metcd.mesh.Priority;
import io.metcd.mesh.TopologyView;
import io.metcd.raft.Raft;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * The members as sources of a state. The nearest is the one with the shortest round trip and the fewest relays; of
 * several that are equally near, the leader comes last, as it has most to do, and the rest in an order of each member's
 * own.
 */
final class SnapshotRoute implements SnapshotPull.Route {
    private static final long NANOS_PER_MILLI = 1_000_000L;
    /** In milliseconds, as routes count it. */
    private static final int RELAY_COST = 5;

    private final Mesh mesh;
    private final Membership membership;
    private final RaftChannel channel;
    private final Raft raft;

    SnapshotRoute(Mesh mesh, Membership membership, RaftChannel channel, Raft raft) {
        this.mesh = mesh;
        this.membership = membership;
        this.channel = channel;
        this.raft = raft;
    }

    /** One member's way. */
    private record Way(long member, long cost, boolean leads, long turn) {}

    @Override
    public List<Long> nearest() {
        TopologyView view = mesh.topology();
        long leader = raft.status().leader();
        List<Way> ways = new ArrayList<>();
        for (long member : membership.others()) {
            membership
                    .peer(member)
                    .flatMap(view::peer)
                    .filter(TopologyView.PeerView::reachable)
                    .ifPresent(peer ->
                            ways.add(new Way(member, cost(peer), member == leader, member ^ membership.self())));
        }
        ways.sort(Comparator.comparingLong(Way::cost).thenComparing(Way::leads).thenComparingLong(Way::turn));
        return ways.stream().map(Way::member).toList();
    }

    @Override
    public boolean isMuchNearer(long one, long other) {
        return 2 * cost(one) < cost(other);
    }

    @Override
    public void survey(long member, Bytes question, Consumer<Optional<Bytes>> done) {
        channel.call(member, RaftChannel.Kind.SNAPSHOTS, Priority.DATA, question, done);
    }

    @Override
    public void ask(long member, Bytes question, Consumer<Optional<Bytes>> done) {
        channel.call(member, RaftChannel.Kind.SNAPSHOT, Priority.BULK, question, done);
    }

    String names(Iterable<Long> members) {
        List<String> names = new ArrayList<>();
        members.forEach(member -> names.add(membership.name(member)));
        return String.join(",", names);
    }

    private long cost(long member) {
        TopologyView view = mesh.topology();
        return membership
                .peer(member)
                .flatMap(view::peer)
                .filter(TopologyView.PeerView::reachable)
                .map(SnapshotRoute::cost)
                .orElse(Long.MAX_VALUE / 4);
    }

    private static long cost(TopologyView.PeerView peer) {
        int relays = Math.max(0, peer.path().size() - 1);
        return peer.rttNanos() / NANOS_PER_MILLI + (long) RELAY_COST * relays;
    }
}
