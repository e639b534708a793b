/**
 * Majority arithmetic over simple and joint configurations.
 */
@NullMarked
package io.metcd.raft.quorum;

import org.jspecify.annotations.NullMarked;
