/**
 * What the port says to plain HTTP: health, version, metrics, and what operators ask.
 *
 * <p>Words owned here: {@link io.metcd.server.page.Site}.
 *
 * <p>Pages only tell: nothing here changes anything.
 */
@NullMarked
package io.metcd.server.page;

import org.jspecify.annotations.NullMarked;
