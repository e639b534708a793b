/**
 * The seam between etcd's services and the library that carries them: what a method is, how a call is answered, and
 * the parts of gRPC's wire form that need no socket.
 *
 * <p>Words owned here: {@link io.metcd.server.rpc.Methods}, {@link io.metcd.server.rpc.Call},
 * {@link io.metcd.server.rpc.UnaryCall}, * {@link io.metcd.server.rpc.Reply}, {@link io.metcd.server.rpc.Outbound}, {@link io.metcd.server.rpc.Status}.
 *
 * <p>It knows no transport: another one is written without touching a service.
 */
@NullMarked
package io.metcd.server.rpc;

import org.jspecify.annotations.NullMarked;
