/**
 * The keys and their history (multi-version concurrency control): what each key holds, held, and when it changed.
 *
 * <p>Words owned here: {@link io.metcd.store.keyspace.Keyspace} (immutable),
 * {@link io.metcd.store.keyspace.KeyspaceEditor} (its one writer), {@link io.metcd.store.keyspace.Versions} of a key,
 * {@link io.metcd.store.keyspace.Change} of a revision.
 *
 * <p>Knows no command, no lease and no log: a lease is a number on a key.
 */
@NullMarked
package io.metcd.store.keyspace;

import org.jspecify.annotations.NullMarked;
