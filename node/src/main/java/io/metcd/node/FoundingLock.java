package io.metcd.node;

import java.io.IOException;
import java.util.Optional;

/**
 * One place outside the cluster that decides which cluster of a name is founded: whoever takes it first has it, for
 * good. It must be the same for all peers, must never forget, and must never be taken by two.
 */
public interface FoundingLock {
    /** The id of the cluster that has it; empty while nobody has. */
    Optional<Long> holder() throws IOException;

    /** Takes it for a cluster unless another has it; returns the id of the cluster that has it from now on. */
    long take(long clusterId) throws IOException;

    /** Where it is, for people. */
    @Override
    String toString();
}
