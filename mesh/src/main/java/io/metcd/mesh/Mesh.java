package io.metcd.mesh;

import java.util.Collection;
import java.util.function.Consumer;

/** One peer's door to the mesh: who is there, and channels to them. */
public interface Mesh {
    PeerId self();

    /** The channel of this name, the same object each time. */
    Channel channel(String name);

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
