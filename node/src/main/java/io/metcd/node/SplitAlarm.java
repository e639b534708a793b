package io.metcd.node;

import io.metcd.mesh.TopologyView;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Notices that another cluster of the same name lives. The two never merge; what was founded later takes no writes while
 * members of both can reach each other, and both say so until their processes end.
 */
public final class SplitAlarm {
    /** Of so many other clusters the alarm tells; that there are more changes nothing. */
    private static final int RIVALS_MAX = 8;

    private final TreeMap<Long, Rival> rivals = new TreeMap<>(Long::compareUnsigned);
    private long clusterId;
    private long epoch;

    /**
     * Another cluster of the same name.
     *
     * @param seenAt one of its members, for people
     * @param inReach whether one of its members can be reached now
     */
    public record Rival(long clusterId, long epoch, String seenAt, boolean inReach) {}

    /** Looks at the mesh for a member of the given cluster that has had a leader; true if it sees something new. */
    public boolean observe(TopologyView view, long ownClusterId, long ownEpoch) {
        clusterId = ownClusterId;
        epoch = ownEpoch;
        List<Rival> before = rivals();
        rivals.replaceAll((id, rival) -> new Rival(id, rival.epoch(), rival.seenAt(), false));
        for (TopologyView.PeerView peer : view.peers().values()) {
            long other = peer.facts().clusterId();
            boolean another = other != 0 && other != clusterId && !peer.id().equals(view.self());
            if (another && peer.reachable() && isEstablished(peer)) {
                String seenAt = "'" + peer.facts().name() + "' (" + peer.id().brief() + ")";
                if (rivals.size() < RIVALS_MAX || rivals.containsKey(other)) {
                    rivals.put(other, new Rival(other, peer.facts().epoch(), seenAt, true));
                }
            }
        }
        return !before.equals(rivals());
    }

    /** The other clusters that have been met, by unsigned id. */
    public List<Rival> rivals() {
        return new ArrayList<>(rivals.values());
    }

    /** Whether an earlier founded cluster can be reached, so that this one takes no writes. */
    public boolean yields() {
        return rivals.values().stream().anyMatch(rival -> rival.inReach() && isEarlier(rival));
    }

    /** In words for an operator; empty while nothing was met. */
    public Optional<String> text(String cluster) {
        if (rivals.isEmpty()) {
            return Optional.empty();
        }
        List<String> met = new ArrayList<>();
        for (Rival rival : rivals.values()) {
            met.add(Long.toHexString(rival.clusterId()) + ", founded " + (isEarlier(rival) ? "earlier" : "later")
                    + ", at " + rival.seenAt() + (rival.inReach() ? "" : ", out of reach now"));
        }
        return Optional.of("another cluster of the name '" + cluster + "' lives beside this one ("
                + Long.toHexString(clusterId) + "): " + String.join("; ", met)
                + ". They never merge: decide which one stays, and stop every member of the other"
                + (yields() ? "; this one takes no writes while the earlier one can be reached" : ""));
    }

    private boolean isEarlier(Rival rival) {
        return rival.epoch() != epoch ? rival.epoch() < epoch : Long.compareUnsigned(rival.clusterId(), clusterId) < 0;
    }

    private static boolean isEstablished(TopologyView.PeerView peer) {
        return FoundingPromise.of(peer.facts())
                .map(FoundingPromise::established)
                .orElse(true);
    }
}
