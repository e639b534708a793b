/**
 * A root as a sequence of chunks, and back.
 *
 * <p>Words owned here: {@link io.metcd.store.snapshot.SnapshotWriter}, {@link io.metcd.store.snapshot.SnapshotReader}.
 *
 * <p>The chunks of one state are the same bytes on every member, whichever member one asks and in whatever order. Never
 * trusts what it reads: a chunk is checked before it is used, the whole before there is a root.
 */
@NullMarked
package io.metcd.store.snapshot;

import org.jspecify.annotations.NullMarked;
