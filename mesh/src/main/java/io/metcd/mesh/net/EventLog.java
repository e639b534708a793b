package io.metcd.mesh.net;

import io.metcd.mesh.MeshEvent;
import io.metcd.mesh.PeerId;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/** The mesh's events as lines of a log, one a fact. */
final class EventLog {
    private static final Logger LOG = LoggerFactory.getLogger("io.metcd.mesh");

    private EventLog() {}

    static void write(MeshEvent event) {
        String peer = event.peer().map(PeerId::brief).orElse("-");
        LOG.atLevel(level(event.kind())).log("mesh event={} peer={} detail=\"{}\"", event.kind(), peer, event.text());
    }

    private static Level level(MeshEvent.Kind kind) {
        return switch (kind) {
            case LINK_UP, LINK_DOWN, PEER_REACHABLE, PEER_UNREACHABLE -> Level.INFO;
            case DIAL_FAILED, MALFORMED, NAME_CONFLICT, IDENTITY_CONFLICT, OWN_STALL, LINKS_UNCLAIMED -> Level.WARN;
            case PEER_FORGOTTEN, ROUTE_BROKEN, GHOST_OUTRANKED -> Level.DEBUG;
        };
    }
}
