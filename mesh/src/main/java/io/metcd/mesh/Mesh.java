package io.metcd.mesh;

import io.metcd.mesh.spread.Crdt;
import java.util.Collection;
import java.util.function.Consumer;

/** One peer's door to the mesh: who is there, channels to them, and what everybody is told. */
public interface Mesh {
    PeerId self();

    /** The channel of this name, the same object each time. */
    Channel channel(String name);

    /** The topic of this name, the same object each time; a name has 1 to 256 bytes. */
    Broadcast broadcast(String topic);

    /** The state of this name, the same object each time; a name has 1 to 256 bytes, and one type. */
    <S> SharedState<S> state(String name, Crdt<S> type);

    /** What this peer knows now; immutable. */
    TopologyView topology();

    /** Replaces what this peer says about itself; every other peer learns it. */
    void publish(PeerFacts facts);

    /** Adds a listener for changes of peers, facts, reachability or paths (not of mere round-trip times). */
    void onTopology(Consumer<TopologyView> listener);

    /** Adds a seed address, to be dialled now and again whenever it is not connected. */
    void dial(String address);

    /**
     * Dials these addresses as seeds until the source, named by any word, says others: what discovery has found just
     * now. A link that is up stays, whatever the source says.
     */
    void seeds(String source, Collection<String> addresses);

    /** Says farewell, closes every link, fails every pending call. */
    void stop();
}
