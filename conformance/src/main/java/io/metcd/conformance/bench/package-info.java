/**
 * metcd beside a real etcd under one load: the same machine, the same run, interleaved rounds; medians and ratios.
 *
 * <p>Words owned here: {@link io.metcd.conformance.bench.Load} (one h2load line), a trio (three members of one
 * system), a lone member (its whole cluster). No figure is absolute truth on a shared machine; ratios of one run are
 * what is quoted.
 */
@NullMarked
package io.metcd.conformance.bench;

import org.jspecify.annotations.NullMarked;
