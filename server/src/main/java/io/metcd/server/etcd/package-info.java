/**
 * etcd's services, one class each: read the request, check it, ask the replica, answer.
 *
 * <p>Words owned here: {@link io.metcd.server.etcd.ReplicaBridge} (the one way to the replica and back),
 * {@link io.metcd.server.etcd.Errors} (every text a client may see), {@link io.metcd.server.etcd.Services}.
 *
 * <p>All of it belongs to one event loop: no lock, no thread. It keeps no state of the store and decides nothing that
 * members could decide differently.
 */
@NullMarked
package io.metcd.server.etcd;

import org.jspecify.annotations.NullMarked;
