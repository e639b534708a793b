package io.metcd.conformance;

import java.util.List;

/** A durable store with etcd's API: metcd, or the etcd that proves the harness. */
public interface Product {
    String name();

    /**
     * The command line of one member in the foreground.
     *
     * @param prefix what runs it, e.g. strace; empty for nothing
     * @param flags further flags, which are etcd's: how the member finds its cluster
     */
    List<String> serve(List<String> prefix, Seat seat, List<String> flags);

    /** What a member has made of the log. */
    StateMark state(String endpoint);

    /**
     * How far a member is and what that made of its state: equal positions must come with equal hashes.
     *
     * @param position the applied index, or whatever the product has that orders its states
     */
    record StateMark(long position, String hash) {}
}
