/**
 * What an operator asks a member: status, members, peers, the route to a peer, and why one is not reached.
 *
 * <p>Words owned here: {@link io.metcd.cli.inspect.Report} (a member's own words, as JSON from its client port).
 *
 * <p>Nothing here guesses: a page is what one member knows at one moment.
 */
@NullMarked
package io.metcd.cli.inspect;

import org.jspecify.annotations.NullMarked;
