package io.metcd.mesh.net;

import io.metcd.base.Bytes;
import io.metcd.base.Invariants;
import io.metcd.base.Links;
import io.metcd.base.RandomSource;
import io.metcd.base.Signer;
import io.metcd.mesh.Profile;
import io.metcd.mesh.wire.Hello;
import io.metcd.mesh.wire.handshake.Handshake;
import io.metcd.mesh.wire.handshake.KeyRing;
import io.netty.channel.socket.SocketChannel;
import io.netty.handler.ssl.SslHandler;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The network door over TCP and TLS 1.3.
 *
 * <pre>
 *   channel:  StrangerBudget - SslHandler - Stranger      until the handshake has agreed
 *             SslHandler - TlsLink                        from then on
 * </pre>
 *
 * <p>Everything here runs on the mesh's loop; TLS's key arithmetic runs beside it, for those who
 * come and for those who are dialled apart, so that a flood of strangers makes this peer miss neither its neighbours'
 * heartbeats nor its own dials. {@link #flush} only marks a link: all marked links
 * are written together when the loop has handled what it had read.
 */
public final class TlsLinks implements Links {
    private static final Logger LOG = LoggerFactory.getLogger(TlsLinks.class);
    private static final long CLOSE_MILLIS = 1_000;

    private final MeshLoop loop;
    private final Setting setting;
    private final SideThreads threads;
    private final Turns turns;
    private final Dialer dialer;
    private final HalfOpen<Stranger> halfOpen;
    private final RefusedPeers refused = new RefusedPeers();
    private final Map<Stranger, Consumer<String>> dialling = new LinkedHashMap<>();
    private final Map<Long, TlsLink> links = new TreeMap<>();
    private final Set<TlsLink> marked = new LinkedHashSet<>();
    private final Optional<Signer> identity;
    private KeyRing keys;
    private PeerTls tls;
    private @Nullable Events events;
    private long lastNumber;
    private boolean stopped;

    /** What this peer is and allows. */
    record Setting(
            PeerIdentity identity,
            Security security,
            Hello hello,
            Profile.Transport limits,
            Optional<Listener> listener) {}

    /** What the other end of a connection has proved to be. */
    record Proved(Bytes key, Bytes hello) {}

    TlsLinks(MeshLoop loop, SideThreads threads, Names names, Setting setting) {
        this.loop = loop;
        this.setting = setting;
        this.threads = threads;
        this.turns = new Turns(loop::execute, threads.accepting(), limits().halfOpenMax());
        this.keys = setting.security().keys();
        Optional<PeerCertificates> certificates = setting.security().certificates();
        this.identity = certificates.map(any -> new EcdsaSigner(setting.identity()));
        this.tls = certificates.map(PeerCertificates::load).orElseGet(() -> PeerTls.of(setting.identity()));
        this.dialer = new Dialer(loop, names, setting.security());
        this.halfOpen = new HalfOpen<>(limits().halfOpenMax(), limits().halfOpenPerSourceMax());
        dialer.withConnectNanos(limits().connectNanos());
        dialer.withSocketBytes(limits().socketBytes());
    }

    @Override
    public void start(Events owner) {
        loop.requireCurrent();
        Invariants.check(events == null, "links are started once");
        events = owner;
        setting.listener().ifPresent(listener -> listener.accept(this::accepted));
    }

    @Override
    public void dial(String address, long attempt) {
        loop.requireCurrent();
        HostPort target;
        try {
            target = HostPort.parse(address);
        } catch (IllegalArgumentException e) {
            loop.execute(() -> dialFailed(attempt, address, String.valueOf(e.getMessage())));
            return;
        }
        Stranger.Origin origin = new Stranger.Origin(Handshake.Role.INITIATOR, attempt, address);
        dialer.dial(new Dialer.Dial(
                target,
                (channel, refused) -> {
                    Stranger stranger = new Stranger(this, loop, origin);
                    dialling.put(stranger, refused);
                    prepare(channel, stranger, new SslHandler(tls.dialling(), threads.dialling()));
                },
                reason -> dialFailed(attempt, address, reason)));
    }

    @Override
    public void send(long link, Bytes frame) {
        loop.requireCurrent();
        TlsLink open = links.get(link);
        if (open != null) {
            open.gather(frame);
        }
    }

    @Override
    public void flush(long link) {
        TlsLink open = links.get(link);
        if (open != null && marked.add(open) && marked.size() == 1) {
            loop.execute(this::pushMarked);
        }
    }

    @Override
    public long unsentBytes(long link) {
        TlsLink open = links.get(link);
        return open == null ? 0 : open.unsent();
    }

    @Override
    public void close(long link, String reason) {
        loop.requireCurrent();
        TlsLink open = links.remove(link);
        if (open != null) {
            marked.remove(open);
            open.close();
            loop.execute(() -> closed(open, reason));
        }
    }

    @Override
    public void stop() {
        loop.requireCurrent();
        stopped = true;
        setting.listener().ifPresent(Listener::close);
        halfOpen.all().forEach(stranger -> stranger.drop("stopped"));
        List.copyOf(dialling.keySet()).forEach(stranger -> stranger.drop("stopped"));
        List.copyOf(links.values()).forEach(TlsLink::close);
        links.clear();
        marked.clear();
    }

    /** Handshakes that begin from now on prove and accept these keys; links that are open stay. */
    void renew(KeyRing newKeys) {
        loop.requireCurrent();
        if (!newKeys.equals(keys)) {
            keys = newKeys;
            LOG.info("group keys were renewed and are in force from now on keys={}", newKeys.size());
        }
    }

    /** Connections that begin from now on show and ask for these certificates; links that are open stay. */
    void renew(PeerTls newTls) {
        loop.requireCurrent();
        tls = newTls;
        LOG.info("peer certificates are in force for links that begin from now on");
    }

    /** Strangers that were refused at our door; from any thread. */
    List<MeshServer.RefusedPeer> refusedPeers() {
        return refused.recent();
    }

    int halfOpenCount() {
        return halfOpen.size();
    }

    Profile.Transport limits() {
        return setting.limits();
    }

    /** This end of a handshake over a connection on which TLS has shown this key of ours. */
    Handshake.Self self(Handshake.Role role, Bytes shownKey) {
        return new Handshake.Self(
                role, shownKey, keys, setting.hello(), RandomSource.secret(Handshake.NONCE_SIZE), identity);
    }

    TlsLink nextLink() {
        return new TlsLink(++lastNumber, this);
    }

    void opened(Stranger stranger, TlsLink link, Proved proved) {
        forget(stranger);
        if (stopped) {
            link.close();
            return;
        }
        links.put(link.number(), link);
        Stranger.Origin origin = stranger.origin();
        Opened opened =
                new Opened(link.number(), origin.attempt(), proved.key(), proved.hello(), stranger.remoteAddress());
        loop.run(() -> owner().opened(opened));
    }

    void refused(Stranger stranger, String reason) {
        Consumer<String> dialler = dialling.get(stranger);
        forget(stranger);
        if (stopped) {
            return;
        }
        if (dialler != null) {
            dialler.accept(reason);
        } else {
            refused.add(stranger.origin().address(), reason);
        }
    }

    void received(TlsLink link, Bytes frame) {
        loop.run(() -> owner().frame(link.number(), frame));
    }

    /** Told later, since a write may complete inside the owner's own call. */
    void writable(TlsLink link) {
        loop.execute(() -> {
            if (links.containsKey(link.number())) {
                owner().writable(link.number());
            }
        });
    }

    void lost(TlsLink link, String reason) {
        if (links.remove(link.number()) != null) {
            marked.remove(link);
            loop.run(() -> closed(link, reason));
        }
    }

    private void accepted(SocketChannel channel) {
        String source = HostPort.of(channel.remoteAddress()).host();
        Stranger stranger = new Stranger(this, loop, new Stranger.Origin(Handshake.Role.ACCEPTOR, 0, source));
        halfOpen.add(source, stranger).ifPresent(oldest -> oldest.drop("too many connections that prove nothing"));
        prepare(channel, stranger, new SslHandler(tls.accepting(), turns.of(source)));
    }

    private void prepare(SocketChannel channel, Stranger stranger, SslHandler handler) {
        if (stopped) {
            forget(stranger);
            channel.close();
            return;
        }
        handler.setHandshakeTimeoutMillis(0); // the stranger's deadline covers it
        handler.setCloseNotifyFlushTimeoutMillis(CLOSE_MILLIS);
        channel.pipeline().addLast(new StrangerBudget(stranger, limits().strangerBytes()), handler, stranger);
    }

    private void pushMarked() {
        List<TlsLink> all = List.copyOf(marked);
        marked.clear();
        all.forEach(TlsLink::push);
    }

    void forget(Stranger stranger) {
        halfOpen.remove(stranger);
        dialling.remove(stranger);
    }

    private void dialFailed(long attempt, String address, String reason) {
        if (!stopped) {
            loop.run(() -> owner().dialFailed(attempt, address, reason));
        }
    }

    private void closed(TlsLink link, String reason) {
        if (!stopped) {
            owner().closed(link.number(), reason);
        }
    }

    private Events owner() {
        Events owner = events;
        if (owner == null) {
            throw new Invariants.Violation("a connection before the start");
        }
        return owner;
    }
}
