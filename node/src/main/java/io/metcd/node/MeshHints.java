package io.metcd.node;

import io.metcd.mesh.PeerId;
import io.metcd.mesh.TopologyView;
import io.metcd.raft.Raft;
import io.metcd.raft.RaftStatus;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;

/** Tells consensus what the mesh shows. Hints for liveness only: no safety depends on them. */
final class MeshHints {
    private final Raft raft;
    private final Membership membership;
    private final TreeSet<Long> unreachable = new TreeSet<>();
    private boolean quorum = true;

    MeshHints(Raft raft, Membership membership) {
        this.raft = raft;
        this.membership = membership;
    }

    /** Takes a new view of the mesh. */
    void observe(TopologyView view) {
        List<Long> voters = raft.status().configuration().voters();
        int reached = 0;
        for (long voter : voters) {
            if (reaches(voter, view)) {
                reached++;
                unreachable.remove(voter);
            } else if (unreachable.add(voter)) {
                raft.hintUnreachable(voter);
            }
        }
        quorum = reached > voters.size() / 2;
        raft.hintQuorumConnected(quorum);
    }

    /** Whether this member, as it stands, has a way to its leader, or as the leader to a quorum. */
    boolean intact(RaftStatus status) {
        return status.leader() == status.self() ? quorum : !unreachable.contains(status.leader());
    }

    /** The voters to which there is no way. */
    List<Long> unreached() {
        return List.copyOf(unreachable);
    }

    private boolean reaches(long member, TopologyView view) {
        Optional<PeerId> peer = membership.peer(member);
        return member == membership.self() || (peer.isPresent() && view.reachable(peer.get()));
    }
}
