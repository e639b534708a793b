/**
 * The simulated disk, for the simulator and for the tests of what stands on a disk.
 *
 * <p>Words owned here: {@link io.metcd.testkit.disk.SimDisk}, sector, power cut, and the suite that every disk passes.
 *
 * <p>Everything that goes wrong comes from a seed, or is asked for by a test.
 */
@NullMarked
package io.metcd.testkit.disk;

import org.jspecify.annotations.NullMarked;
