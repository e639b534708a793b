/**
 * Throughput, latency and failover of consensus over lossy and reordering packets, in virtual time, beside published
 * figures of other implementations under the same model.
 *
 * <p>Words owned here: scenario, row.
 *
 * <p>No disk, no checkers, no faults but the network's: what is measured is the protocol.
 */
@NullMarked
package io.metcd.simulator.loss;

import org.jspecify.annotations.NullMarked;
