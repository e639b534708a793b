package io.metcd.mesh.net;

import io.metcd.base.Bytes;
import io.metcd.base.Invariants;
import io.metcd.base.Links;
import io.metcd.mesh.Profile;
import io.metcd.mesh.wire.handshake.KeyRing;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.socket.SocketChannel;
import io.netty.handler.ssl.SslHandler;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
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
    private final SideThreads threads;
    private final Turns turns;
    private final Dialer dialer;
    private final TcpConnector connector;
    private final Optional<Listener> listener;
    private final Strangers strangers;
    private final Map<Long, TlsLink> links = new TreeMap<>();
    private final Set<TlsLink> marked = new LinkedHashSet<>();
    private PeerTls tls;
    private @Nullable Events events;
    private long lastNumber;

    /**
     * What the links of a peer need.
     *
     * @param refused is told who was refused
     */
    record Parts(MeshLoop loop, SideThreads threads, Names names, RefusedPeers refused) {}

    TlsLinks(Parts parts, Strangers.Setting setting, Optional<Listener> listener) {
        this.loop = parts.loop();
        this.threads = parts.threads();
        this.turns =
                new Turns(loop::execute, threads.accepting(), setting.limits().halfOpenMax());
        this.tls = setting.security()
                .certificates()
                .map(PeerCertificates::load)
                .orElseGet(() -> PeerTls.of(setting.identity()));
        this.dialer = new Dialer(parts.names(), setting.security());
        this.connector = new TcpConnector(loop, setting.limits());
        this.listener = listener;
        this.strangers = new Strangers(loop, setting, parts.refused(), this::opened);
    }

    @Override
    public void start(Events owner) {
        loop.requireCurrent();
        Invariants.check(events == null, "links are started once");
        events = owner;
        listener.ifPresent(port -> port.accept(this::accepted));
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
        dialer.dial(new Dialer.Dial(
                target,
                (to, refused) -> connector.connect(
                        to,
                        channel -> prepare(
                                channel,
                                strangers.dialled(attempt, address, refused),
                                new SslHandler(tls.dialling(), threads.dialling())),
                        refused),
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
        listener.ifPresent(Listener::close);
        strangers.stop();
        List.copyOf(links.values()).forEach(TlsLink::close);
        links.clear();
        marked.clear();
    }

    /** Handshakes that begin from now on prove and accept these keys; links that are open stay. */
    void renew(KeyRing newKeys) {
        loop.requireCurrent();
        if (strangers.renew(newKeys)) {
            LOG.info("group keys were renewed and are in force from now on keys={}", newKeys.size());
        }
    }

    /** Connections that begin from now on show and ask for these certificates; links that are open stay. */
    void renew(PeerTls newTls) {
        loop.requireCurrent();
        tls = newTls;
        LOG.info("peer certificates are in force for links that begin from now on");
    }

    int halfOpenCount() {
        return strangers.halfOpenCount();
    }

    Profile.Transport limits() {
        return strangers.limits();
    }

    private void opened(Stranger stranger, ChannelPipeline pipeline, Strangers.Proved proved) {
        TlsLink link = new TlsLink(++lastNumber, this);
        pipeline.addLast(link);
        if (strangers.stopped()) {
            link.close();
            return;
        }
        links.put(link.number(), link);
        Opened opened = new Opened(
                link.number(), stranger.origin().attempt(), proved.key(), proved.hello(), stranger.remoteAddress());
        loop.run(() -> owner().opened(opened));
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
        prepare(channel, strangers.accepted(source), new SslHandler(tls.accepting(), turns.of(source)));
    }

    private void prepare(SocketChannel channel, Stranger stranger, SslHandler handler) {
        if (strangers.stopped()) {
            strangers.forget(stranger);
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

    private void dialFailed(long attempt, String address, String reason) {
        if (!strangers.stopped()) {
            loop.run(() -> owner().dialFailed(attempt, address, reason));
        }
    }

    private void closed(TlsLink link, String reason) {
        if (!strangers.stopped()) {
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
