package io.metcd.mesh.net;

/**
 * Where a peer may be dialled, and how: {@code quic://host:port}, or {@code host:port} for TCP, as all peers have always
 * written it.
 */
record PeerAddress(Carrier carrier, HostPort place) {
    private static final String QUIC = "quic://";

    /** What carries links. */
    enum Carrier {
        TCP,
        QUIC
    }

    /** Throws an {@link IllegalArgumentException} in words for an operator. */
    static PeerAddress parse(String text) {
        String stripped = text.strip();
        if (!stripped.startsWith(QUIC)) {
            return new PeerAddress(Carrier.TCP, HostPort.parse(stripped));
        }
        String rest = stripped.substring(QUIC.length());
        if (rest.contains("://")) {
            throw HostPort.bad(text);
        }
        return new PeerAddress(Carrier.QUIC, HostPort.parse(rest));
    }

    static boolean isQuic(String text) {
        return text.strip().startsWith(QUIC);
    }

    PeerAddress at(HostPort newPlace) {
        return new PeerAddress(carrier, newPlace);
    }

    @Override
    public String toString() {
        return carrier == Carrier.QUIC ? QUIC + place : place.toString();
    }
}
