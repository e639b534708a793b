package io.metcd.node;

import io.metcd.mesh.PeerId;
import io.metcd.mesh.TopologyView;
import io.metcd.node.FoundingSet.Seat;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A peer as a founder sees it.
 *
 * @param seat that it would take in a set
 * @param clusterId that it runs, 0 while it runs none
 */
record Claim(Seat seat, PeerId peer, String name, FoundingPromise promise, long clusterId, boolean reachable) {
    /** Every founder that is seen, this one as it is now rather than as the view has it. */
    static List<Claim> all(TopologyView view, Claim self) {
        List<Claim> claims = new ArrayList<>();
        claims.add(self);
        for (TopologyView.PeerView peer : view.peers().values()) {
            Optional<FoundingPromise> promise = FoundingPromise.of(peer.facts());
            if (promise.isEmpty() && peer.facts().clusterId() != 0) {
                promise = Optional.of(FoundingPromise.SETTLED);
            }
            if (promise.isPresent() && !peer.id().equals(self.peer)) {
                claims.add(of(peer, promise.get()));
            }
        }
        return claims;
    }

    /** The seat of a life: a named slot's by its name, a counted founder's by its peer. */
    static Seat seat(String name, PeerId peer, FoundingPromise promise) {
        String slot = promise.ballot().expects() == 0 ? name : peer.toString();
        return new Seat(slot, Optional.of(peer), promise.life(), promise.round());
    }

    private static Claim of(TopologyView.PeerView peer, FoundingPromise promise) {
        String name = peer.facts().name();
        return new Claim(
                seat(name, peer.id(), promise),
                peer.id(),
                name,
                promise,
                peer.facts().clusterId(),
                peer.reachable());
    }

    int expects() {
        return promise.ballot().expects();
    }

    /** Whether this founder has promised another set, or runs another cluster. */
    boolean contradicts(FoundingSet set) {
        boolean otherPromise = promise.given() && !promise.set().equals(set.hash());
        return otherPromise || runsAnother(set);
    }

    boolean runsAnother(FoundingSet set) {
        return clusterId != 0 && clusterId != set.clusterId();
    }

    /** Whether the set can never be promised by all its seats because of what this founder has promised. */
    boolean bars(FoundingSet set) {
        Optional<Seat> own = set.seat(seat.slot());
        if (own.isEmpty() || !own.get().peer().equals(seat.peer()) || own.get().incarnation() != seat.incarnation()) {
            return false;
        }
        return own.get().round() < seat.round()
                || (own.get().round() == seat.round()
                        && promise.given()
                        && !promise.set().equals(set.hash()));
    }

    /** For people. */
    String label() {
        return "'" + name + "' (" + peer.brief() + ")";
    }
}
