/**
 * A cluster to look at: three peers on a line in one process, with real sockets, and a tour of what they do.
 *
 * <p>Words owned here: {@link io.metcd.cli.quickstart.Line} (the peers), {@link io.metcd.cli.quickstart.CutPoint} (the
 * link that can be cut), {@link io.metcd.cli.quickstart.Tour} (what is shown).
 *
 * <p>The tour claims nothing that it has not just seen: a step that does not hold ends it with exit code 1.
 */
@NullMarked
package io.metcd.cli.quickstart;

import org.jspecify.annotations.NullMarked;
