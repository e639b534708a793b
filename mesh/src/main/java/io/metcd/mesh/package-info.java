/**
 * The gossip mesh: any graph of links, dialled from wherever dialling is possible, becomes one network in which every
 * peer can talk to every other.
 *
 * <p>Words owned here: {@link io.metcd.mesh.Mesh}, {@link io.metcd.mesh.Channel}, {@link io.metcd.mesh.Broadcast},
 * {@link io.metcd.mesh.SharedState}, {@link io.metcd.mesh.PeerId}, {@link io.metcd.mesh.PeerFacts},
 * {@link io.metcd.mesh.TopologyView}, {@link io.metcd.mesh.MeshEngine}. The engine is single-threaded and the same
 * above simulated doors and real ones; sockets live in {@code mesh.net}.
 *
 * <p>The mesh knows nothing of consensus: it carries facts about members and never interprets them.
 */
@NullMarked
package io.metcd.mesh;

import org.jspecify.annotations.NullMarked;
