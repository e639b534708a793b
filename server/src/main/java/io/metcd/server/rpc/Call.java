package io.metcd.server.rpc;

import java.util.Optional;

/** What a method may know of the call it answers. Used on the call's event loop only. */
public interface Call {
    /** No deadline was given. */
    long NO_DEADLINE = Long.MAX_VALUE;

    /** A header of the request, the first if there are several; names are lower-case. */
    Optional<String> metadata(String name);

    /** What the caller's deadline left when the call began, or {@link #NO_DEADLINE}. */
    long timeoutNanos();

    /**
     * Where the call comes from, as far as one who calls cannot choose it: an IPv4 address, or the first 64 bits of an IPv6
     * address; empty if that is not known.
     */
    default String origin() {
        return "";
    }

    /**
     * The common name of the client's certificate, verified; only where the port knows its users by their certificates,
     * and never an empty one.
     */
    default Optional<String> commonName() {
        return Optional.empty();
    }
}
