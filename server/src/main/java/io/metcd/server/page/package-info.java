/**
 * What the port says to plain HTTP: health and probes, version, metrics, and what operators ask.
 *
 * <p>Words owned here: {@link io.metcd.server.page.Site}, {@link io.metcd.server.page.Metrics},
 * {@link io.metcd.server.page.HealthCounts}.
 *
 * <p>Pages tell; only two of them, which an operator must POST to, hand his word on to the replica. No page waits for a
 * lock that a writer holds.
 */
@NullMarked
package io.metcd.server.page;

import org.jspecify.annotations.NullMarked;
