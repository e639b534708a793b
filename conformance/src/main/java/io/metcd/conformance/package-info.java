/**
 * The product as its users meet it: packaged, started as a process, driven by clients that others wrote.
 *
 * <p>Words owned here: {@link io.metcd.conformance.Member} (one process), {@link io.metcd.conformance.LineCluster}
 * (three of them, a–b–c), {@link io.metcd.conformance.Namespaces} (hosts made of network
 * namespaces, and wires between them). The rooms of metcd are not on this class path: whatever is asserted here was seen
 * from outside.
 */
@NullMarked
package io.metcd.conformance;

import org.jspecify.annotations.NullMarked;
