package io.metcd.mesh;

import io.metcd.base.Bytes;
import io.metcd.mesh.wire.SourceRoute;
import java.util.List;

/**
 * How frames get to a destination: over which neighbour, and the route that they carry.
 *
 * @param path the peers after this one, the destination last
 * @param encoded the route's bytes; empty when the destination is the neighbour itself
 */
record Way(List<PeerId> path, SourceRoute route, Bytes encoded) {
    static Way of(PeerId self, List<PeerId> path) {
        long[] relays = new long[path.size() - 1];
        for (int i = 0; i < relays.length; i++) {
            relays[i] = path.get(i).shortId();
        }
        SourceRoute route =
                new SourceRoute(self.shortId(), path.get(path.size() - 1).shortId(), relays);
        return new Way(path, route, relays.length == 0 ? Bytes.EMPTY : route.encode());
    }

    long next() {
        return route.after(-1);
    }

    boolean direct() {
        return encoded.isEmpty();
    }
}
