package io.metcd.embed;

import io.metcd.base.Clock;
import io.metcd.mesh.Mesh;
import io.metcd.mesh.PeerFacts;
import io.metcd.mesh.net.MeshServer;
import io.metcd.mesh.net.PeerIdentity;
import java.util.List;

/**
 * A peer that only carries what others send each other: it keeps no data and has no vote, and what it carries it cannot
 * read. For the host that two networks both reach, and that should hold nothing.
 *
 * <pre>{@code
 * try (Relay relay = Relay.start("orders", "bastion", MeshSettings.DEFAULT
 *         .withPassword(secret).withListen("0.0.0.0:2380"))) {
 *     carriesUntilTold();
 * }
 * }</pre>
 *
 * <p>In each life it is another peer. Thread: {@code metcd-mesh-NAME}, a daemon.
 */
public final class Relay implements AutoCloseable {
    /** What a peer of this kind says of itself: {@code role=relay}. */
    public static final String ROLE_LABEL = "role";

    private static final String ROLE = "relay";

    private final String cluster;
    private final String name;
    private final MeshServer mesh;
    private volatile String failure = "";

    private Relay(String cluster, String name, MeshServer mesh) {
        this.cluster = cluster;
        this.name = name;
        this.mesh = mesh;
        mesh.onFailure(bug -> failure = "a bug of ours in the mesh: " + bug);
    }

    /**
     * Starts it.
     *
     * @param cluster whose peers it relays for
     * @param name unlike any other peer's
     * @throws io.metcd.mesh.net.MeshStartFailure if a port is taken, an address or the password is wrong; says the fix
     */
    public static Relay start(String cluster, String name, MeshSettings settings) {
        if (!settings.reach().relays()) {
            throw new IllegalArgumentException("a relay that carries nothing is of no use: leave out withoutRelaying");
        }
        MeshServer mesh = MeshServer.bind(
                settings.config(cluster, name, Clock.system().wallMillis()),
                PeerIdentity.fresh(),
                settings.security(cluster));
        Relay relay = new Relay(cluster, name, mesh);
        mesh.start();
        mesh.publish(PeerFacts.named(name).withLabel(ROLE_LABEL, ROLE));
        return relay;
    }

    public String cluster() {
        return cluster;
    }

    public String name() {
        return name;
    }

    /** Who is there, and by which path. */
    public Mesh mesh() {
        return mesh;
    }

    /** The last strangers that were refused at this peer's door, and why. */
    public List<MeshServer.RefusedPeer> refusedPeers() {
        return mesh.refusedPeers();
    }

    /** Why it carries nothing any more; empty as long as it does. */
    public String failure() {
        return failure;
    }

    /** Says farewell and closes every link. Idempotent. */
    @Override
    public void close() {
        mesh.stop();
    }
}
