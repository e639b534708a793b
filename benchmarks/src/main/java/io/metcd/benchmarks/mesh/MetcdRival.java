package io.metcd.benchmarks.mesh;

import io.metcd.base.Bytes;
import io.metcd.mesh.Channel;
import io.metcd.mesh.MeshConfig;
import io.metcd.mesh.PeerId;
import io.metcd.mesh.Priority;
import io.metcd.mesh.SendOutcome;
import io.metcd.mesh.TopologyView;
import io.metcd.mesh.net.MeshServer;
import io.metcd.mesh.net.PeerIdentity;
import io.metcd.mesh.net.Security;
import io.metcd.mesh.wire.handshake.GroupKey;
import java.util.List;
import java.util.function.IntConsumer;

/** metcd's mesh: TLS 1.3 with keys of its own on every link, whatever the others do. */
final class MetcdRival implements Rival {
    /** From which on a datagram is bulk. */
    private static final int BULK_BYTES = 16 << 10;

    private static final Security SECURITY = Security.of(GroupKey.of(Bytes.copyOf(new byte[32])));

    @Override
    public String name() {
        return "metcd";
    }

    @Override
    public TwoServers pair() {
        MeshServer to = start("b", List.of());
        MeshServer from = start("a", List.of(address(to)));
        Waiting.until("the two peers are linked", () -> from.topology().reachable(to.self()));
        return new TwoServers(from, to);
    }

    @Override
    public Peer join(int number, List<String> seeds) {
        return new OneServer(start("peer" + number, seeds));
    }

    static MeshServer start(String name, List<String> seeds) {
        MeshServer server = bind(MeshConfig.of("bench", name, 1)
                .withListen("127.0.0.1:0", List.of())
                .withSeeds(seeds));
        server.start();
        return server;
    }

    /** A peer that nobody can dial, so that its only link is the one to the hub. */
    static MeshServer startHidden(String name, String hub) {
        MeshServer server = bind(MeshConfig.of("bench", name, 1).withSeeds(List.of(hub)));
        server.start();
        return server;
    }

    /** Any other peer of this process or its children may join. */
    static MeshServer bind(MeshConfig config) {
        return MeshServer.bind(config, PeerIdentity.fresh(), SECURITY);
    }

    static String address(MeshServer server) {
        return server.config().listenAddress().orElseThrow();
    }

    /** Two peers with one link. */
    record TwoServers(MeshServer from, MeshServer to, PeerId target, Channel channel) implements Pair {
        TwoServers(MeshServer from, MeshServer to) {
            this(from, to, to.self(), from.channel("flood"));
        }

        @Override
        public void onReceived(IntConsumer receiver) {
            to.channel("flood").onMessage((source, payload) -> receiver.accept(payload.size()));
        }

        @Override
        public boolean send(byte[] payload) {
            Priority priority = payload.length < BULK_BYTES ? Priority.DATA : Priority.BULK;
            return channel.send(target, priority, Bytes.wrap(payload), Channel.NEVER_SUPERSEDED) == SendOutcome.SENT;
        }

        @Override
        public void close() {
            from.stop();
            to.stop();
        }
    }

    private record OneServer(MeshServer server) implements Peer {
        @Override
        public String address() {
            return MetcdRival.address(server);
        }

        @Override
        public int sees() {
            return (int) server.topology().peers().values().stream()
                    .filter(TopologyView.PeerView::reachable)
                    .count();
        }

        @Override
        public void close() {
            server.stop();
        }
    }
}
