/**
 * One member as a process.
 *
 * <p>Words owned here: {@link io.metcd.cli.serve.ServePlan} (what flags amount to, checked, before anything starts),
 * {@link io.metcd.cli.serve.Member} (what runs).
 *
 * <p>All mistakes are found in the plan, where nothing has started yet; what the world refuses later (a busy port) is
 * told with the flag that asked for it.
 */
@NullMarked
package io.metcd.cli.serve;

import org.jspecify.annotations.NullMarked;
