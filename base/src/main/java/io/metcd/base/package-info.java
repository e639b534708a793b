/**
 * The ground that every room stands on: byte strings, and the doors through which time, randomness, network, disk
 * and signatures come in.
 *
 * <p>Words owned here: {@link io.metcd.base.Bytes}, {@link io.metcd.base.Clock}, {@link io.metcd.base.Scheduler},
 * {@link io.metcd.base.RandomSource}, {@link io.metcd.base.Links}, {@link io.metcd.base.Disk},
 * {@link io.metcd.base.Signer}, {@link io.metcd.base.Invariants}.
 *
 * <p>A door has exactly two real implementations: the system's and the simulator's. This package knows no protocol,
 * and it is never a dump: what serves one room lives in that room.
 */
@NullMarked
package io.metcd.base;

import org.jspecify.annotations.NullMarked;
