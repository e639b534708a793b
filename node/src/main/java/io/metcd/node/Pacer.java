package io.metcd.node;

import io.metcd.mesh.PeerId;
import io.metcd.mesh.TopologyView;
import io.metcd.mesh.TopologyView.LinkView;
import io.metcd.mesh.TopologyView.PeerView;
import io.metcd.raft.Raft;
import io.metcd.raft.RaftStatus;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets the timers of consensus follow the round trips that the mesh measures: a heartbeat each half of one, an election
 * after ten of the slow ones, and neither sooner than configured. What counts is the way to the leader, and the way to
 * as many voters as a majority takes; who is further away slows nobody but itself.
 */
final class Pacer {
    private static final Logger LOG = LoggerFactory.getLogger(Pacer.class);
    private static final long LOOK_NANOS = 1_000_000_000L;
    private static final int ELECTION_ROUND_TRIPS = 10;
    private static final double WORTH_HASTE = 0.75;

    private final Raft raft;
    private final Membership membership;
    private final ReplicaConfig.Timing timing;
    private Pace pace;
    private long leader;
    private long nextLook = Long.MIN_VALUE / 2;

    /** Between two heartbeats, and without a leader until an election. */
    private record Pace(int heartbeatTicks, int electionTicks) {}

    /** A round trip as a rule, and a slow one. */
    private record RoundTrip(long usualNanos, long slowNanos) {
        static final RoundTrip NONE = new RoundTrip(0, 0);

        RoundTrip orSlower(RoundTrip other) {
            return new RoundTrip(Math.max(usualNanos, other.usualNanos), Math.max(slowNanos, other.slowNanos));
        }
    }

    Pacer(Raft raft, Membership membership, ReplicaConfig.Timing timing) {
        this.raft = raft;
        this.membership = membership;
        this.timing = timing;
        this.pace = new Pace(timing.heartbeatTicks(), timing.electionTicks());
    }

    /** Looks at the mesh each second, and when another member leads. */
    void turn(TopologyView view, long nowNanos) {
        RaftStatus status = raft.status();
        if (nowNanos - nextLook < 0 && status.leader() == leader) {
            return;
        }
        nextLook = nowNanos + LOOK_NANOS;
        leader = status.leader();
        Pace wanted = wanted(roundTrip(view, status));
        if (isWorthIt(wanted)) {
            pace = wanted;
            raft.pace(pace.heartbeatTicks(), pace.electionTicks());
            LOG.info(
                    "member={} heartbeat-ms={} election-ms={}",
                    Long.toHexString(status.self()),
                    pace.heartbeatTicks() * timing.tickMillis(),
                    pace.electionTicks() * timing.tickMillis());
        }
    }

    /** Slower at once, and faster only where it is much: timers do not follow every breath of the network. */
    private boolean isWorthIt(Pace wanted) {
        boolean slower =
                wanted.electionTicks() > pace.electionTicks() || wanted.heartbeatTicks() > pace.heartbeatTicks();
        return slower || wanted.electionTicks() < pace.electionTicks() * WORTH_HASTE;
    }

    private Pace wanted(RoundTrip roundTrip) {
        long election = Math.min(
                ticks(ELECTION_ROUND_TRIPS * roundTrip.slowNanos()), Limits.ELECTION_MILLIS_MAX / timing.tickMillis());
        int electionTicks = (int) Math.max(timing.electionTicks(), election);
        int heartbeatTicks = (int) Math.min(electionTicks / 2, ticks(roundTrip.usualNanos() / 2));
        return new Pace(Math.max(timing.heartbeatTicks(), heartbeatTicks), electionTicks);
    }

    private long ticks(long nanos) {
        return (nanos + timing.tickNanos() - 1) / timing.tickNanos();
    }

    private RoundTrip roundTrip(TopologyView view, RaftStatus status) {
        List<Long> voters = status.configuration().voters();
        List<RoundTrip> others = voters.stream()
                .filter(voter -> voter != status.self())
                .flatMap(voter -> to(voter, view).stream())
                .sorted((a, b) -> Long.compare(a.slowNanos(), b.slowNanos()))
                .toList();
        int self = voters.contains(status.self()) ? 1 : 0;
        int needed = Math.min(others.size(), voters.size() / 2 + 1 - self);
        RoundTrip quorum = others.stream().limit(needed).reduce(RoundTrip.NONE, RoundTrip::orSlower);
        return to(status.leader(), view).map(quorum::orSlower).orElse(quorum);
    }

    /** As measured over the first link of the way, and as advertised over the others. */
    private Optional<RoundTrip> to(long member, TopologyView view) {
        return membership
                .peer(member)
                .flatMap(view::peer)
                .filter(PeerView::reachable)
                .filter(peer -> !peer.path().isEmpty())
                .map(peer -> {
                    PeerId first = peer.path().get(0);
                    long excess = view.links().stream()
                            .filter(link -> link.up() && link.peer().equals(first))
                            .mapToLong(Pacer::excess)
                            .min()
                            .orElse(0);
                    return new RoundTrip(peer.rttNanos(), peer.rttNanos() + excess);
                });
    }

    private static long excess(LinkView link) {
        return Math.max(0, link.rttTailNanos() - link.rttNanos());
    }
}
