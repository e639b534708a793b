package io.metcd.benchmarks.mesh;

import io.scalecube.cluster.Cluster;
import io.scalecube.cluster.ClusterImpl;
import io.scalecube.cluster.ClusterMessageHandler;
import io.scalecube.cluster.transport.api.Message;
import io.scalecube.cluster.transport.api.Transport;
import io.scalecube.cluster.transport.api.TransportConfig;
import io.scalecube.transport.netty.tcp.TcpTransportFactory;
import java.util.List;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/** ScaleCube Cluster over its TCP transport, with its defaults for a LAN: plain text, no authentication. */
final class ScaleCubeRival implements Rival {
    @Override
    public String name() {
        return "scalecube";
    }

    @Override
    public Pair pair() {
        return new TwoTransports(transport(), transport());
    }

    private static Transport transport() {
        return Transport.bindAwait(TransportConfig.defaultLanConfig().transportFactory(new TcpTransportFactory()));
    }

    @Override
    public Peer join(int number, List<String> seeds) {
        OneMember member = new OneMember();
        member.cluster = new ClusterImpl()
                .transportFactory(TcpTransportFactory::new)
                .config(config -> config.externalHost("127.0.0.1"))
                .membership(membership -> membership.seedMembers(seeds))
                .handler(cluster -> member)
                .startAwait();
        return member;
    }

    private record TwoTransports(Transport from, Transport to) implements Pair {
        @Override
        public void onReceived(IntConsumer receiver) {
            to.listen().subscribe(message -> {
                byte[] payload = message.data();
                receiver.accept(payload.length);
            });
        }

        @Override
        public boolean send(byte[] payload) {
            from.send(to.address(), Message.withData(payload).build()).subscribe();
            return true;
        }

        @Override
        public void close() {
            from.stop().block();
            to.stop().block();
        }
    }

    /** One member. */
    private static final class OneMember implements Peer, ClusterMessageHandler {
        private volatile @Nullable Cluster cluster;

        @Override
        public String address() {
            return joined().address();
        }

        @Override
        public int sees() {
            Cluster known = cluster;
            return known == null ? 1 : known.members().size();
        }

        @Override
        public void close() {
            joined().shutdown();
            joined().onShutdown().block();
        }

        private Cluster joined() {
            Cluster known = cluster;
            if (known == null) {
                throw new IllegalStateException("not started");
            }
            return known;
        }
    }
}
