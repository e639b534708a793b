/**
 * Who votes: {@link io.metcd.raft.membership.Configuration} and its history in the log.
 *
 * <p>A configuration is a value; whether it is committed is the log's matter. Nothing here knows of addresses or names.
 */
@NullMarked
package io.metcd.raft.membership;

import org.jspecify.annotations.NullMarked;
