package io.metcd.mesh;

import java.util.Optional;

/**
 * Something that an operator may want to know happened.
 *
 * @param atNanos on the mesh's own clock
 * @param peer whom it concerns; empty for this peer as a whole
 * @param text in words
 */
public record MeshEvent(long atNanos, Kind kind, Optional<PeerId> peer, String text) {
    /** What kind of thing happened. */
    public enum Kind {
        LINK_UP,
        LINK_DOWN,
        PEER_REACHABLE,
        PEER_UNREACHABLE,
        PEER_FORGOTTEN,
        DIAL_FAILED,
        ROUTE_BROKEN,
        MALFORMED,
        GHOST_OUTRANKED,
        LINKS_UNCLAIMED,
        NAME_CONFLICT,
        IDENTITY_CONFLICT,
        OWN_STALL
    }
}
