package io.metcd.mesh.net;

import io.metcd.base.Bytes;
import io.metcd.base.Clock;
import io.metcd.base.RandomSource;
import io.metcd.mesh.Broadcast;
import io.metcd.mesh.Channel;
import io.metcd.mesh.Everyone;
import io.metcd.mesh.Mesh;
import io.metcd.mesh.MeshConfig;
import io.metcd.mesh.MeshEngine;
import io.metcd.mesh.PeerFacts;
import io.metcd.mesh.PeerId;
import io.metcd.mesh.SharedState;
import io.metcd.mesh.TopologyView;
import io.metcd.mesh.spread.Crdt;
import io.metcd.mesh.spread.Life;
import io.metcd.mesh.wire.Hello;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The mesh on real sockets: wires the engine to its doors and makes it callable from any thread.
 *
 * <pre>
 *   any thread -> Inbox -> [thread metcd-mesh-NAME: MeshLoop, MeshEngine, Transports] -> callbacks on that thread
 * </pre>
 *
 * <p>How to drive it: (1) {@link #bind}, which takes the port and fails in an operator's words; (2) open channels and
 * set their receivers; (3) {@link #start}; (4) {@link #stop}. Callbacks run on the mesh's thread and must not block.
 */
public final class MeshServer implements Mesh, Everyone {
    private static final Logger LOG = LoggerFactory.getLogger(MeshServer.class);
    private static final long STOP_SECONDS = 5;
    private static final int NAME_SIZE_MAX = 256;

    private final MeshLoop loop;
    private final SideThreads threads;
    private final Names names;
    private final Inbox inbox;
    private final MeshConfig config;
    private final Security security;
    private final Transports links;
    private final RefusedPeers refused = new RefusedPeers();
    private final MeshEngine engine;
    private final ChannelDoor door = new ChannelDoor();
    private final Map<String, ServerChannel> channels = new ConcurrentHashMap<>();
    private final Map<String, ServerBroadcast> broadcasts = new ConcurrentHashMap<>();
    private final Map<String, ServerState<?>> states = new ConcurrentHashMap<>();
    private final CompletableFuture<Throwable> failure = new CompletableFuture<>();
    private Optional<Path> remembered = Optional.empty();
    private volatile boolean stopped;

    /**
     * A stranger that was refused at our door.
     *
     * @param host its address
     * @param reason in words for an operator
     * @param times that it came with this mistake
     */
    public record RefusedPeer(String host, String reason, long times) {}

    private MeshServer(MeshConfig wanted, PeerIdentity identity, Security security) {
        this.security = security;
        this.loop = new MeshLoop(wanted.name(), this::fail);
        this.threads = new SideThreads(wanted.name());
        this.names = new Names(loop, NameServers::new);
        this.inbox = new Inbox(loop::execute, wanted.profile().transport().loopInboxBytes());
        try {
            Ports ports = Ports.bind(loop, wanted, security);
            this.config = ports.bound().isEmpty() ? wanted : Advertised.at(wanted, ports.bound());
            TlsLinks.Parts parts = new TlsLinks.Parts(loop, threads, names, refused);
            Strangers.Setting setting = new Strangers.Setting(
                    identity, security, Hello.of(config), config.profile().transport());
            this.links = new Transports(
                    loop,
                    new TlsLinks(parts, setting, ports.tcp()),
                    ports.speaksQuic() ? Optional.of(new QuicLinks(parts, setting, ports.quic())) : Optional.empty());
            this.engine = new MeshEngine(
                    config.withSeeds(config.seeds().stream()
                            .filter(seed -> !Sources.isSource(seed))
                            .toList()),
                    Clock.system(),
                    loop,
                    RandomSource.system(),
                    links,
                    new EcdsaSigner(identity));
            engine.sealWith(new EcdhAgreement(identity));
        } catch (RuntimeException e) {
            loop.shutdown(); // closes the port as well
            throw e;
        }
    }

    /**
     * Takes the listen address, if there is one, and accepts nobody yet.
     *
     * @throws MeshStartFailure for everything that an operator must put right first
     */
    public static MeshServer bind(MeshConfig config, PeerIdentity identity, Security security) {
        checkName("cluster name", config.cluster(), "--cluster");
        checkName("peer name", config.name(), "--name");
        config.seeds().forEach(seed -> seed(seed, config.discovers()));
        return new MeshServer(config, identity, security);
    }

    /** Keeps in this file where peers were last, and dials them when nobody else is found; before the start. */
    public void remember(Path file) {
        remembered = Optional.of(file);
    }

    /** Begins to accept, to dial and to deliver. */
    public void start() {
        WarmCiphers.once();
        inbox.offer(0, () -> {
            engine.onEvent(EventLog::write);
            engine.start();
            discovery().start();
            watchFiles();
        });
        LOG.info(
                "mesh started peer={} name={} cluster={} listen={} advertised={} seeds={} discovers={} heartbeat_ms={}",
                self(),
                config.name(),
                config.cluster(),
                config.listenAddresses(),
                config.advertised(),
                config.seeds(),
                config.discovers(),
                TimeUnit.NANOSECONDS.toMillis(config.profile().timing().heartbeatNanos()));
    }

    /** As it was given, with the port that was really bound and the addresses that follow from it. */
    public MeshConfig config() {
        return config;
    }

    /** The last strangers that were refused at our door. */
    public List<RefusedPeer> refusedPeers() {
        return refused.recent();
    }

    /** Calls back, on any thread, if a bug of ours has ended the mesh. */
    public void onFailure(Consumer<Throwable> listener) {
        failure.thenAccept(listener);
    }

    @Override
    public PeerId self() {
        return engine.self();
    }

    @Override
    public Channel channel(String name) {
        return channels.computeIfAbsent(name, any -> new ServerChannel(name, door));
    }

    @Override
    public Broadcast broadcast(String topic) {
        return broadcasts.computeIfAbsent(topic, any -> new ServerBroadcast(topic, config.profile(), door));
    }

    @Override
    @SuppressWarnings("unchecked") // a state keeps the type with which it was made, and that is compared
    public <S> SharedState<S> state(String name, Crdt<S> type) {
        ServerState<?> state = states.computeIfAbsent(
                name, any -> new ServerState<>(name, type, new Life(self(), config.incarnation()), door));
        if (!state.isOf(type)) {
            throw new IllegalArgumentException("the state " + name + " is of another type: choose another name");
        }
        return (SharedState<S>) state;
    }

    @Override
    public TopologyView topology() {
        return engine.topology();
    }

    @Override
    public void publish(PeerFacts facts) {
        inbox.offer(0, () -> engine.publish(facts));
    }

    @Override
    public void onTopology(Consumer<TopologyView> listener) {
        inbox.offer(0, () -> engine.onTopology(listener));
    }

    @Override
    public void dial(String address) {
        inbox.offer(0, () -> engine.dial(address));
    }

    @Override
    public void seeds(String source, Collection<String> addresses) {
        List<String> said = List.copyOf(addresses);
        inbox.offer(0, () -> engine.seeds(source, said));
    }

    /** Returns when the farewells are written and the thread has ended; from the mesh's own thread, at once. */
    @Override
    public void stop() {
        boolean first = !stopped;
        stopped = true;
        if (first) {
            inbox.offer(0, this::stopOnLoop);
        }
        if (!loop.isCurrent() && !loop.awaitEnd(STOP_SECONDS, TimeUnit.SECONDS)) {
            LOG.warn("the mesh's thread has not ended after {} s", STOP_SECONDS);
        }
    }

    private void stopOnLoop() {
        engine.stop();
        links.stop(() -> {
            names.close();
            threads.stop();
            loop.shutdown();
        });
    }

    /** The last resort: nothing of the mesh runs on after a bug, and its owner hears of it. */
    private void fail(Throwable bug) {
        if (failure.isDone()) {
            return;
        }
        LOG.error("the mesh stops: a bug", bug);
        stopped = true;
        failure.complete(bug);
        try {
            links.stop();
        } finally {
            threads.stop();
            loop.shutdown();
        }
    }

    private void watchFiles() {
        Beside beside = new Beside(loop, threads.files());
        security.file()
                .map(file -> new FileWatch.Renewal<>("password file", List.of(file.file()), file::read, links::renew))
                .ifPresent(keys -> new FileWatch<>(keys, beside).start());
        security.certificates()
                .map(own -> new FileWatch.Renewal<>("peer certificates", own.files(), own::load, links::renew))
                .ifPresent(certificates -> new FileWatch<>(certificates, beside).start());
    }

    private Discovery discovery() {
        List<Source> sources = new ArrayList<>();
        if (config.discovers()) {
            Beside beside = new Beside(loop, threads.files());
            sources.addAll(Sources.of(config.seeds(), names, beside));
            remembered.ifPresent(
                    file -> sources.add(new RememberedPeers(file, beside, Clock.system(), engine::topology)));
        }
        BooleanSupplier linked = () -> engine.topology().links().stream().anyMatch(TopologyView.LinkView::up);
        Discovery.Door door = new Discovery.Door(linked, new TreeSet<>(config.advertised()), engine::seeds);
        return new Discovery(loop, sources, door);
    }

    private static void seed(String text, boolean discovers) {
        if (Sources.isSource(text) && !discovers) {
            throw new MeshStartFailure(text + " is looked up again and again, which --mesh-discovery off forbids:"
                    + " name addresses with --join, or leave discovery on");
        }
        try {
            Sources.check(text);
        } catch (IllegalArgumentException e) {
            throw new MeshStartFailure(e.getMessage() + " (--join or --initial-cluster)", e);
        }
    }

    private static void checkName(String what, String value, String flag) {
        if (value.isEmpty() || Bytes.utf8(value).size() > NAME_SIZE_MAX) {
            throw new MeshStartFailure(
                    "the " + what + " has 1 to " + NAME_SIZE_MAX + " bytes: change it (" + flag + ")");
        }
    }

    /** What the channels of this server need of it. */
    private final class ChannelDoor implements ServerChannel.Door {
        @Override
        public boolean onLoop() {
            return loop.isCurrent();
        }

        @Override
        public boolean hop(int size, Runnable task) {
            return inbox.offer(size, task);
        }

        @Override
        public boolean hop(int size, Runnable task, Runnable lost) {
            return inbox.offer(size, task, lost);
        }

        @Override
        public boolean stopped() {
            return stopped;
        }

        @Override
        public int datagramMax() {
            return config.profile().sizes().datagramMax();
        }

        @Override
        public MeshEngine engine() {
            return engine;
        }

        @Override
        public TopologyView topology() {
            return engine.topology();
        }
    }
}
