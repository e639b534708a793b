/**
 * The mesh on real sockets beside other systems of its kind, and what it costs: one machine, one run, rounds in turns,
 * medians and ratios.
 *
 * <p>Words owned here: a rival (a system that is measured, metcd among them), a pair (two of its peers with a link), a
 * flood (as many datagrams over a pair as get through), a part (one question and its answer).
 */
@NullMarked
package io.metcd.benchmarks.mesh;

import org.jspecify.annotations.NullMarked;
