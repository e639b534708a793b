/**
 * What a leader knows about one follower: how far it is, what is on the way to it, how long that takes.
 */
@NullMarked
package io.metcd.raft.progress;

import org.jspecify.annotations.NullMarked;
