/**
 * The mesh's laboratory, its real half: scenarios of docs/scenarios.md with members and relays as processes, on hosts made of
 * network namespaces, while clients write and books are kept.
 *
 * <p>Words owned here: {@link io.metcd.conformance.lab.Shape} (who dials whom), {@link io.metcd.conformance.lab.Ground}
 * (the wires under it), {@link io.metcd.conformance.lab.Stage} (the processes on it), {@link
 * io.metcd.conformance.lab.Sight} (what they say of themselves), {@link io.metcd.conformance.lab.Row} (one scenario).
 * Nothing is read from a member but what an operator could read, too.
 */
@NullMarked
package io.metcd.conformance.lab;

import org.jspecify.annotations.NullMarked;
