/**
 * The one place that knows Vert.x: a port that speaks gRPC over HTTP/2, JSON and plain HTTP, on the seam of
 * {@code io.metcd.server.rpc}. A method does not know which of the two ways its caller has come.
 *
 * <p>Words owned here: {@link io.metcd.server.vertx.Port}.
 *
 * <p>{@link io.metcd.server.vertx.Intake} has each connection first: its number is bounded, its beginning is timed, and TLS
 * is spoken there.
 *
 * <p>Unary calls pass Vert.x by: {@link io.metcd.server.vertx.UnaryFrames} takes their frames from Netty's HTTP/2 codec.
 *
 * <p>Clients may mean no good: {@link io.metcd.server.vertx.Budgets} bounds what they hold, {@link
 * io.metcd.server.vertx.LastWord} sees to the end of who breaks the protocol.
 *
 * <p>It knows no etcd. gRPC's framing, texts and metadata are ours rather than a library's, because clients compare
 * the texts letter by letter.
 */
@NullMarked
package io.metcd.server.vertx;

import org.jspecify.annotations.NullMarked;
