/**
 * The commands that change a store, their compact binary form, their results, and the checks that a request passes
 * before it is proposed.
 *
 * <p>Words owned here: {@link io.metcd.store.command.Command}, {@link io.metcd.store.command.Op},
 * {@link io.metcd.store.command.Compare}, {@link io.metcd.store.command.Envelope},
 * {@link io.metcd.store.command.CommandResult}, {@link io.metcd.store.command.Checks}.
 *
 * <p>A command is encoded once, by the member that serves the client; those bytes go unchanged through forwarding,
 * log, disk and apply. Nothing here touches a store.
 */
@NullMarked
package io.metcd.store.command;

import org.jspecify.annotations.NullMarked;
