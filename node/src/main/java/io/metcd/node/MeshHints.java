package io.metcd.node;

import io.metcd.mesh.PeerId;
import io.metcd.mesh.TopologyView;
import io.metcd.raft.Raft;
import io.metcd.raft.RaftStatus;
import io.metcd.raft.membership.Configuration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;

/** Tells consensus what the mesh shows. Hints for liveness only: no safety depends on them. */
final class MeshHints {
    private final Raft raft;
    private final Membership membership;
    private final TreeSet<Long> unreachable = new TreeSet<>();
    /** Since when each member has been reached without a break, as far as was looked. */
    private final TreeMap<Long, Long> reachedSince = new TreeMap<>();

    private boolean quorum = true;

    MeshHints(Raft raft, Membership membership) {
        this.raft = raft;
        this.membership = membership;
    }

    /** Takes a new view of the mesh, or of the membership. */
    void observe(TopologyView view, long nowNanos) {
        Configuration configuration = raft.status().configuration();
        List<Long> members = new ArrayList<>(configuration.voters());
        members.addAll(configuration.learners());
        unreachable.retainAll(members);
        reachedSince.keySet().retainAll(members);
        int reached = 0;
        for (long member : members) {
            if (reaches(member, view)) {
                reached += configuration.voters().contains(member) ? 1 : 0;
                unreachable.remove(member);
                reachedSince.putIfAbsent(member, nowNanos);
            } else {
                reachedSince.remove(member);
                if (unreachable.add(member)) {
                    raft.hintUnreachable(member);
                }
            }
        }
        quorum = reached > configuration.voters().size() / 2;
        raft.hintQuorumConnected(quorum);
    }

    /** Whether this member, as it stands, has a way to its leader, or as the leader to a quorum. */
    boolean intact(RaftStatus status) {
        return status.leader() == status.self() ? quorum : !unreachable.contains(status.leader());
    }

    /** Whether most of the voters can be reached from here. */
    boolean reachesQuorum() {
        return quorum;
    }

    boolean isReached(long member) {
        return reachedSince.containsKey(member);
    }

    /** Whether the member has been reached since then; this one always is. */
    boolean isReachedSince(long member, long sinceNanos) {
        Long since = reachedSince.get(member);
        return member == membership.self() || (since != null && since - sinceNanos <= 0);
    }

    /** The voters to which there is no way. */
    List<Long> unreached() {
        List<Long> voters = raft.status().configuration().voters();
        return unreachable.stream().filter(voters::contains).toList();
    }

    private boolean reaches(long member, TopologyView view) {
        Optional<PeerId> peer = membership.peer(member);
        return member == membership.self() || (peer.isPresent() && view.reachable(peer.get()));
    }
}
