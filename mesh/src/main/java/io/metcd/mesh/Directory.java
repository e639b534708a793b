package io.metcd.mesh;

import io.metcd.mesh.gossip.LinkStateDatabase;
import io.metcd.mesh.gossip.OwnRecord;
import java.util.Optional;

/** Who is who, by what the newest records say. */
record Directory(LinkStateDatabase database, OwnRecord own) {
    /** The peer whose id begins so. */
    Optional<PeerId> find(long shortId) {
        return database.find(shortId);
    }

    /** What the newest record of a peer says of it. */
    Optional<Sealing.End> end(PeerId peer) {
        return database.get(peer)
                .map(signed -> new Sealing.End(
                        peer, signed.record().publicKey(), signed.record().incarnation()));
    }

    /** Which life of this peer others know. */
    long ownIncarnation() {
        return own.current().incarnation();
    }
}
