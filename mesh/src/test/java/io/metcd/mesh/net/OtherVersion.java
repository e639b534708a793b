package io.metcd.mesh.net;

import static org.assertj.core.api.Assertions.assertThat;

import io.metcd.base.Bytes;
import io.metcd.base.Clock;
import io.metcd.base.Links;
import io.metcd.base.RandomSource;
import io.metcd.mesh.Channel;
import io.metcd.mesh.Mesh;
import io.metcd.mesh.MeshConfig;
import io.metcd.mesh.MeshEngine;
import io.metcd.mesh.PeerFacts;
import io.metcd.mesh.PeerId;
import io.metcd.mesh.TopologyView;
import io.metcd.mesh.wire.Hello;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** A peer of another version on real sockets, wired as a {@link MeshServer}: this version's engine above its dialect. */
final class OtherVersion implements Mesh, ServerChannel.Door {
    private static final long PATIENCE_SECONDS = 20;

    private final MeshLoop loop;
    private final SideThreads threads;
    private final Inbox inbox;
    private final Transports links;
    private final MeshEngine engine;
    private final MeshConfig config;
    private final Security security;
    private volatile boolean stopped;

    OtherVersion(MeshConfig wanted, Security security, Dialect dialect) {
        PeerIdentity identity = PeerIdentity.fresh();
        this.security = security;
        this.loop = new MeshLoop(wanted.name(), bug -> {
            throw new AssertionError(bug);
        });
        this.threads = new SideThreads(wanted.name());
        this.inbox = new Inbox(loop::execute, wanted.profile().transport().loopInboxBytes());
        Ports ports = Ports.bind(loop, wanted, security);
        this.config = Advertised.at(wanted, ports.bound());
        TlsLinks.Parts parts = new TlsLinks.Parts(loop, threads, new Names(loop, NameServers::new), new RefusedPeers());
        Hello hello = dialect.says(Hello.of(config));
        Strangers.Setting setting = new Strangers.Setting(
                identity, security, hello, config.profile().transport());
        this.links = new Transports(loop, new TlsLinks(parts, setting, ports.tcp()), Optional.empty());
        this.engine = new MeshEngine(
                config,
                Clock.system(),
                loop,
                RandomSource.system(),
                new Spoken(links, dialect),
                new EcdsaSigner(identity));
        engine.sealWith(new EcdhAgreement(identity));
    }

    /** Where it listens. */
    String address() {
        return config.listenAddress().orElseThrow();
    }

    void start() {
        loop.execute(() -> {
            engine.start();
            security.file()
                    .map(file ->
                            new FileWatch.Renewal<>("password file", List.of(file.file()), file::read, links::renew))
                    .ifPresent(keys -> new FileWatch<>(keys, new Beside(loop, threads.files())).start());
        });
    }

    @Override
    public PeerId self() {
        return engine.self();
    }

    @Override
    public Channel channel(String name) {
        return new ServerChannel(name, this);
    }

    @Override
    public TopologyView topology() {
        return engine.topology();
    }

    @Override
    public void publish(PeerFacts facts) {
        loop.execute(() -> engine.publish(facts));
    }

    @Override
    public void onTopology(Consumer<TopologyView> listener) {
        loop.execute(() -> engine.onTopology(listener));
    }

    @Override
    public void dial(String address) {
        loop.execute(() -> engine.dial(address));
    }

    @Override
    public void seeds(String source, Collection<String> addresses) {
        loop.execute(() -> engine.seeds(source, addresses));
    }

    @Override
    public void stop() {
        stopped = true;
        loop.execute(() -> {
            engine.stop();
            links.stop(() -> {
                threads.stop();
                loop.shutdown();
            });
        });
        assertThat(loop.awaitEnd(PATIENCE_SECONDS, TimeUnit.SECONDS))
                .as("the loop ended")
                .isTrue();
    }

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

    /** Links on which the dialect is spoken. */
    private record Spoken(Links links, Dialect dialect) implements Links {
        @Override
        public void start(Events owner) {
            links.start(new Understood(owner, dialect));
        }

        @Override
        public void dial(String address, long attempt) {
            links.dial(address, attempt);
        }

        @Override
        public void send(long link, Bytes frame) {
            dialect.sends(frame).forEach(each -> links.send(link, each));
        }

        @Override
        public void flush(long link) {
            links.flush(link);
        }

        @Override
        public long unsentBytes(long link) {
            return links.unsentBytes(link);
        }

        @Override
        public void close(long link, String reason) {
            links.close(link, reason);
        }

        @Override
        public void stop() {
            links.stop();
        }
    }

    /** What comes over such links. */
    private record Understood(Links.Events owner, Dialect dialect) implements Links.Events {
        @Override
        public void opened(Links.Opened opened) {
            owner.opened(opened);
        }

        @Override
        public void dialFailed(long attempt, String address, String reason) {
            owner.dialFailed(attempt, address, reason);
        }

        @Override
        public void frame(long link, Bytes frame) {
            owner.frame(link, dialect.hears(frame));
        }

        @Override
        public void writable(long link) {
            owner.writable(link);
        }

        @Override
        public void closed(long link, String reason) {
            owner.closed(link, reason);
        }
    }
}
