/**
 * What the cores cost, by JMH: {@code ./dev bench jmh [PATTERN]}. Never part of the ordinary build, and no figure here
 * is a promise: run before and after a change, compare.
 */
@NullMarked
package io.metcd.benchmarks;

import org.jspecify.annotations.NullMarked;
