package io.metcd.node;

import io.metcd.mesh.PeerId;
import io.metcd.mesh.TopologyView;
import io.metcd.raft.membership.Configuration;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Which peer speaks for which member. Founders without disks are bound by the founding itself. A slot whose member
 * keeps a disk is bound to the first peer that claims it; while that peer can be reached, nobody takes its place.
 */
final class Membership {
    private final FoundingSet set;
    private final String selfName;
    private final long self;
    private final TreeMap<Long, String> names = new TreeMap<>();
    private final TreeMap<Long, PeerId> peers = new TreeMap<>();
    private final TreeMap<PeerId, Long> members = new TreeMap<>();

    Membership(FoundingSet set, String selfName, PeerId selfPeer) {
        this.set = set;
        this.selfName = selfName;
        this.self = set.memberId(selfName);
        for (FoundingSet.Seat seat : set.seats()) {
            long member = set.memberId(seat.slot());
            names.put(member, seat.slot());
            seat.peer().ifPresent(peer -> bind(member, peer));
        }
        bind(self, selfPeer);
    }

    long self() {
        return self;
    }

    String selfName() {
        return selfName;
    }

    FoundingSet set() {
        return set;
    }

    /** The configuration that every founder begins with. */
    Configuration configuration() {
        return new Configuration(List.copyOf(names.keySet()), List.of(), List.of());
    }

    Optional<PeerId> peer(long member) {
        return Optional.ofNullable(peers.get(member));
    }

    /** 0 for a peer that is no member. */
    long member(PeerId peer) {
        return members.getOrDefault(peer, 0L);
    }

    /** The name of a member for logs, or its number. */
    String name(long member) {
        return names.getOrDefault(member, Long.toHexString(member));
    }

    /** Binds what is unbound to who claims it. */
    void observe(TopologyView view) {
        for (TopologyView.PeerView peer : view.peers().values()) {
            long member = peer.facts().memberId();
            boolean claims = peer.facts().clusterId() == set.clusterId()
                    && peer.facts().name().equals(names.get(member));
            if (claims && peer.reachable() && member != self && replaceable(member, view)) {
                bind(member, peer.id());
            }
        }
    }

    private boolean replaceable(long member, TopologyView view) {
        Optional<PeerId> bound = peer(member);
        boolean byFounding =
                set.seat(name(member)).flatMap(FoundingSet.Seat::peer).isPresent();
        return !byFounding && (bound.isEmpty() || !view.reachable(bound.get()));
    }

    private void bind(long member, PeerId peer) {
        PeerId before = peers.put(member, peer);
        if (before != null) {
            members.remove(before);
        }
        members.put(peer, member);
    }
}
