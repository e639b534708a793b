/**
 * Whole members on one thread: the real mesh, consensus, journal seam, store and replica above simulated doors, with
 * clients and watchers, under faults.
 *
 * <p>Words owned here: host (a place in the network that members and relays live on, one life after another), life,
 * shape (who can dial whom), newcomer (a member without a disk that comes back under its old name), spare (a
 * host that is no member at first), operator (who changes the membership).
 *
 * <p>Nothing here knows how a member works inside: it is driven by the doors that its owner has, and judged by what
 * clients and listeners are told.
 */
@NullMarked
package io.metcd.simulator.cluster;

import org.jspecify.annotations.NullMarked;
