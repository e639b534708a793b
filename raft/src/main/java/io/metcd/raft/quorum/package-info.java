/**
 * Majority arithmetic over simple and joint configurations.
 *
 * <p>Word owned here: {@link io.metcd.raft.quorum.Quorum}. Pure functions of a configuration; what is counted, votes or
 * indexes, is the caller's matter.
 */
@NullMarked
package io.metcd.raft.quorum;

import org.jspecify.annotations.NullMarked;
