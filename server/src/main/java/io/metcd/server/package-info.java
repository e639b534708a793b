/**
 * The etcd port of a member: any etcd v3 client can connect.
 *
 * <p>Words owned here: {@link io.metcd.server.EtcdServer}, {@link io.metcd.server.ServerOptions}, {@link io.metcd.server.RelayServer}
 * (where operators ask a peer that only relays).
 *
 * <p>It serves a member that somebody else started and stops, and it holds no state of its own.
 */
@NullMarked
package io.metcd.server;

import org.jspecify.annotations.NullMarked;
