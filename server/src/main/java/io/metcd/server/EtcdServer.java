package io.metcd.server;

import io.metcd.embed.Metcd;
import io.metcd.mesh.Mesh;
import io.metcd.node.Replica;
import io.metcd.server.etcd.CallCounts;
import io.metcd.server.etcd.Limits;
import io.metcd.server.etcd.Services;
import io.metcd.server.json.JsonPaths;
import io.metcd.server.page.Site;
import io.metcd.server.vertx.Port;
import io.metcd.server.vertx.PortOptions;
import io.metcd.server.vertx.WebPolicy;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * The etcd port of one member.
 *
 * <pre>{@code
 * try (Metcd node = Metcd.builder().name("a").founders("a").ephemeral().start();
 *         EtcdServer server = EtcdServer.open(node, 2379)) {
 *     …
 * }
 * }</pre>
 *
 * <p>Close the server before its member. Until the member has a cluster, clients are told that there is no leader.
 */
public final class EtcdServer implements AutoCloseable {
    private final ServerOptions options;
    private final List<Services> loops;
    private final Port port;
    private boolean closed;

    private EtcdServer(ServerOptions options, List<Services> loops, Port port) {
        this.options = options;
        this.loops = loops;
        this.port = port;
    }

    /** Listens on the loopback interface. */
    public static EtcdServer open(Metcd node, int port) throws IOException {
        return open(node, ServerOptions.port(port));
    }

    /**
     * Opens the port.
     *
     * @throws IOException if the address cannot be had; the text names it
     */
    public static EtcdServer open(Metcd node, ServerOptions options) throws IOException {
        return open(node.replica(), Optional.of(node.mesh()), options);
    }

    /** For a replica that runs without a {@link Metcd} around it. */
    public static EtcdServer open(Replica replica, ServerOptions options) throws IOException {
        return open(replica, Optional.empty(), options);
    }

    private static EtcdServer open(Replica replica, Optional<Mesh> mesh, ServerOptions options) throws IOException {
        Limits limits = options.limits();
        CallCounts counts = new CallCounts();
        List<Services> loops = new CopyOnWriteArrayList<>();
        PortOptions portOptions = new PortOptions(
                options.host(),
                options.port(),
                options.eventLoops(),
                limits.maxMessageBytes(),
                limits.streamPendingBytes());
        WebPolicy policy = new WebPolicy(options.web().origins(), options.web().hosts());
        Port port = Port.open(portOptions, loop -> {
            Services services = new Services(replica, loop, limits, counts);
            loops.add(services);
            JsonPaths json = options.web().gateway() ? services.json() : new JsonPaths();
            return new Port.Side(services.methods(), json, new Site(services, loops, counts, mesh), policy);
        });
        return new EtcdServer(options, loops, port);
    }

    /** The port in use. */
    public int port() {
        return port.number();
    }

    /**
     * Ends streams, takes no more connections, lets calls finish for as long as {@link ServerOptions#drain} says, and
     * closes the rest. Idempotent.
     */
    @Override
    public synchronized void close() {
        if (closed) {
            return;
        }
        closed = true;
        endStreams();
        port.close(options.drain().toMillis());
        loops.forEach(Services::stop);
    }

    private void endStreams() {
        CountDownLatch ended = new CountDownLatch(loops.size());
        for (Services services : loops) {
            services.replica().loop().execute(() -> {
                services.endStreams();
                ended.countDown();
            });
        }
        try {
            ended.await(options.drain().toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
