package io.metcd.server;

import io.metcd.base.Clock;
import io.metcd.embed.Metcd;
import io.metcd.mesh.Mesh;
import io.metcd.node.Replica;
import io.metcd.server.WebOptions.Serves;
import io.metcd.server.auth.Logins;
import io.metcd.server.compaction.AutoCompaction;
import io.metcd.server.compaction.Retention;
import io.metcd.server.etcd.CallCounts;
import io.metcd.server.etcd.Limits;
import io.metcd.server.etcd.ReplicaBridge;
import io.metcd.server.etcd.Services;
import io.metcd.server.etcd.StoreTraffic;
import io.metcd.server.json.JsonPaths;
import io.metcd.server.page.ClientLoad;
import io.metcd.server.page.HealthCounts;
import io.metcd.server.page.MeshEye;
import io.metcd.server.page.Metrics;
import io.metcd.server.page.PeerRoundTrips;
import io.metcd.server.page.Site;
import io.metcd.server.rpc.EventLoop;
import io.metcd.server.rpc.Methods;
import io.metcd.server.vertx.Budgets;
import io.metcd.server.vertx.ConnectionCount;
import io.metcd.server.vertx.Port;
import io.metcd.server.vertx.PortOptions;
import io.metcd.server.vertx.WebPolicy;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * The etcd port of one member, or several of them.
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
    private static final String HTTP_IS_ELSEWHERE =
            "this port speaks gRPC alone; JSON and pages are at --listen-client-http-urls";

    private final Replica replica;
    private final ServerOptions options;
    private final Optional<MeshEye> eye;
    /** Of the ports that answer clients; a port for metrics alone hears no turns. */
    private final List<Services> loops = new CopyOnWriteArrayList<>();

    private final List<EventLoop> threads = new CopyOnWriteArrayList<>();
    private final List<Port> ports = new ArrayList<>();
    private final ConnectionCount connections = new ConnectionCount();
    private final Budgets budgets;
    private final CallCounts counts;
    private final Logins logins;
    private final HealthCounts health = new HealthCounts();
    private final StoreTraffic traffic = new StoreTraffic();
    private final Optional<PeerRoundTrips> roundTrips;
    private final Metrics metrics;
    private boolean closed;

    /** What the ports have in common is taken from the first one's options. */
    private EtcdServer(Replica replica, Optional<Metcd> node, ServerOptions options) {
        this.replica = replica;
        Optional<Mesh> mesh = node.map(Metcd::mesh);
        this.eye = node.map(member -> new MeshEye(member.mesh()::topology, member::refusedPeers));
        this.options = options;
        long heap = Runtime.getRuntime().maxMemory();
        this.budgets = Budgets.of(heap / Limits.OPEN_CALLS_HEAP_PART, heap / Limits.JSON_ANSWERS_HEAP_PART);
        this.counts = new CallCounts(
                options.telemetry().slowCallNanos(), options.telemetry().extensive());
        this.logins = new Logins(replica, options.auth());
        this.roundTrips = mesh.map(PeerRoundTrips::new);
        this.metrics = new Metrics(new Metrics.Sources(
                loops,
                counts,
                health,
                traffic,
                new ClientLoad(connections::open, budgets.openCalls()::used, budgets.jsonAnswers()::used),
                mesh,
                roundTrips,
                node.flatMap(Metcd::disk),
                options.telemetry().extensive()));
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
        return open(node, List.of(options));
    }

    /**
     * Opens several ports of one member; what is counted, and the limits of the first one, hold for all of them.
     *
     * @throws PortFailure if one of the addresses cannot be had; then none is open
     */
    public static EtcdServer open(Metcd node, List<ServerOptions> ports) throws PortFailure {
        return open(node.replica(), Optional.of(node), ports);
    }

    /** For a replica that runs without a {@link Metcd} around it. */
    public static EtcdServer open(Replica replica, ServerOptions options) throws IOException {
        return open(replica, Optional.empty(), List.of(options));
    }

    private static EtcdServer open(Replica replica, Optional<Metcd> node, List<ServerOptions> ports)
            throws PortFailure {
        EtcdServer server = new EtcdServer(replica, node, ports.get(0));
        try {
            for (ServerOptions options : ports) {
                server.ports.add(server.openPort(options));
            }
        } catch (IOException failure) {
            int index = server.ports.size();
            server.close();
            throw new PortFailure(index, failure);
        } catch (RuntimeException failure) {
            server.close();
            throw failure;
        }
        // Behind the loops, so that those who wait for a turn do not wait for its counting.
        replica.subscribe(server.traffic);
        EventLoop first = server.threads.get(0);
        first.execute(() -> server.logins.start(first));
        server.roundTrips.ifPresent(trips -> first.execute(() -> trips.start(first)));
        return server;
    }

    /** The port in use; the first, if there are several. */
    public int port() {
        return port(0);
    }

    /** One of the ports in use, counted as they were asked for. */
    public int port(int index) {
        return ports.get(index).number();
    }

    /** Lets history be forgotten by itself while this member leads; asked for once, and the same of all members. */
    public void compactBy(Retention retention) {
        EventLoop loop = threads.get(0);
        History history = new History(new ReplicaBridge(replica, loop));
        loop.execute(() -> AutoCompaction.start(retention, loop, Clock.system(), history));
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
        ports.forEach(port -> port.close(options.drain().toMillis()));
        loops.forEach(Services::stop);
        replica.unsubscribe(traffic);
        logins.close();
    }

    private Port openPort(ServerOptions port) throws IOException {
        Limits limits = options.limits();
        PortOptions portOptions = new PortOptions(
                        port.host(),
                        port.port(),
                        port.eventLoops(),
                        limits.maxMessageBytes(),
                        limits.streamPendingBytes())
                .withTls(port.tls())
                .withRules(port.rules())
                .withConnections(connections)
                .withBudgets(budgets);
        WebPolicy policy = new WebPolicy(port.web().origins(), port.web().hosts());
        return Port.open(portOptions, loop -> {
            threads.add(loop);
            return port.web().serves() == Serves.METRICS
                    ? new Port.Side(
                            new Methods(),
                            new JsonPaths(),
                            Site.ofMetrics(new ReplicaBridge(replica, loop), metrics, health),
                            policy)
                    : side(port.web(), loop, policy);
        });
    }

    private Port.Side side(WebOptions web, EventLoop loop, WebPolicy policy) {
        Services services = new Services(new Services.Shared(replica, options.limits(), counts, logins), loop);
        loops.add(services);
        boolean http = web.serves() != Serves.GRPC;
        return new Port.Side(
                web.servesGrpc() ? services.methods() : new Methods(),
                http && web.gateway() ? services.json() : new JsonPaths(),
                http ? Site.whole(services, metrics, health, eye) : Site.none(HTTP_IS_ELSEWHERE),
                policy,
                () -> replica.root().auth().enabled());
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
