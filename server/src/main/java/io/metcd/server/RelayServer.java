package io.metcd.server;

import io.metcd.embed.Relay;
import io.metcd.server.json.JsonPaths;
import io.metcd.server.page.Site;
import io.metcd.server.rpc.Methods;
import io.metcd.server.vertx.ConnectionCount;
import io.metcd.server.vertx.Port;
import io.metcd.server.vertx.PortOptions;
import io.metcd.server.vertx.WebPolicy;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** The ports at which operators ask a relay how it is; no client of etcd is served there. Close it before the relay. */
public final class RelayServer implements AutoCloseable {
    private final List<Port> ports = new ArrayList<>();
    private final long drainMillis;

    private RelayServer(long drainMillis) {
        this.drainMillis = drainMillis;
    }

    /**
     * Opens the ports.
     *
     * @throws PortFailure if one of the addresses cannot be had; then none is open
     */
    public static RelayServer open(Relay relay, List<ServerOptions> ports) throws PortFailure {
        long drain =
                ports.stream().mapToLong(port -> port.drain().toMillis()).max().orElse(0);
        RelayServer server = new RelayServer(drain);
        ConnectionCount connections = new ConnectionCount();
        for (ServerOptions options : ports) {
            try {
                server.ports.add(open(relay, options, connections));
            } catch (IOException failure) {
                server.close();
                throw new PortFailure(server.ports.size(), failure);
            }
        }
        return server;
    }

    /** One of the ports in use, counted as they were asked for. */
    public int port(int index) {
        return ports.get(index).number();
    }

    @Override
    public void close() {
        ports.forEach(port -> port.close(drainMillis));
    }

    private static Port open(Relay relay, ServerOptions options, ConnectionCount connections) throws IOException {
        PortOptions portOptions = new PortOptions(
                        options.host(),
                        options.port(),
                        1,
                        options.limits().maxMessageBytes(),
                        options.limits().streamPendingBytes())
                .withTls(options.tls())
                .withRules(options.rules())
                .withConnections(connections);
        WebPolicy policy = new WebPolicy(options.web().origins(), options.web().hosts());
        return Port.open(
                portOptions, loop -> new Port.Side(new Methods(), new JsonPaths(), Site.ofRelay(relay), policy));
    }
}
