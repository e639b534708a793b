/**
 * The replicated log in memory, bounded in bytes, and the window of appends that came too early.
 */
@NullMarked
package io.metcd.raft.log;

import org.jspecify.annotations.NullMarked;
