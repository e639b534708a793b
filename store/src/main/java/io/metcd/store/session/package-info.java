/**
 * The memory of proposals, so that one which reaches the log twice takes effect once.
 *
 * <p>Words owned here: {@link io.metcd.store.session.Session}.
 *
 * <p>Knows nothing of what is proposed.
 */
@NullMarked
package io.metcd.store.session;

import org.jspecify.annotations.NullMarked;
