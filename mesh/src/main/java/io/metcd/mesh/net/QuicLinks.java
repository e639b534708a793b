package io.metcd.mesh.net;

import io.metcd.base.Bytes;
import io.metcd.base.Invariants;
import io.metcd.base.Links;
import io.metcd.mesh.Profile;
import io.metcd.mesh.net.QuicConnection.Role;
import io.metcd.mesh.wire.handshake.KeyRing;
import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.socket.nio.NioDatagramChannel;
import io.netty.handler.codec.quic.QuicChannel;
import io.netty.handler.codec.quic.QuicStreamChannel;
import java.net.InetSocketAddress;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The network door over QUIC (RFC 9000, datagrams of RFC 9221), for networks that lose packets: TLS 1.3 with the same
 * keys, the same handshake, the same bounds for strangers as over TCP.
 *
 * <pre>
 *   accepted:  the listener's UDP port - QuicConnection -+- stream of the handshake: StrangerBudget - Stranger, then QuicReader
 *   dialled:   a UDP port of its own   - QuicConnection -+- stream of each other class, each way: QuicReader
 *                                                        +- datagrams
 * </pre>
 *
 * <p>Everything here runs on the mesh's loop; TLS's key arithmetic runs beside it. {@link #flush} only marks a link: all
 * marked links are written together when the loop has handled what it had read.
 */
final class QuicLinks implements Links {
    /** For what was handed over to arrive, and be confirmed, after a link was closed. */
    private static final long CLOSE_NANOS = TimeUnit.MILLISECONDS.toNanos(500);

    private final MeshLoop loop;
    private final QuicCodecs codecs;
    private final Dialer dialer;
    private final Optional<QuicListener> listener;
    private final Strangers strangers;
    private final Map<Long, QuicLink> links = new TreeMap<>();
    private final Set<QuicLink> marked = new LinkedHashSet<>();
    private final Set<Channel> closing = new LinkedHashSet<>();
    private @Nullable Events events;
    private Runnable drained = () -> {};
    private long lastNumber;

    QuicLinks(TlsLinks.Parts parts, Strangers.Setting setting, Optional<QuicListener> listener) {
        this.loop = parts.loop();
        this.codecs = new QuicCodecs(setting.identity(), setting.limits(), parts.threads());
        this.dialer = new Dialer(parts.names(), setting.security());
        this.listener = listener;
        this.strangers = new Strangers(loop, setting, parts.refused(), this::agreed);
    }

    @Override
    public void start(Events owner) {
        loop.requireCurrent();
        Invariants.check(events == null, "links are started once");
        events = owner;
        listener.ifPresent(port -> port.accept(codecs.accepting(new Accepting(), new Streams())));
    }

    @Override
    public void dial(String address, long attempt) {
        loop.requireCurrent();
        HostPort target;
        try {
            target = PeerAddress.parse(address).place();
        } catch (IllegalArgumentException e) {
            loop.execute(() -> dialFailed(attempt, address, String.valueOf(e.getMessage())));
            return;
        }
        dialer.dial(new Dialer.Dial(
                target,
                (to, refused) -> {
                    Once once = new Once(refused);
                    connect(
                            to,
                            new QuicConnection(Role.DIALLER, any -> strangers.dialled(attempt, address, once)),
                            once);
                },
                reason -> dialFailed(attempt, address, reason)));
    }

    /** Of the several ways in which a connection fails, the first says why. */
    private static final class Once implements Consumer<String> {
        private @Nullable Consumer<String> told;

        Once(Consumer<String> told) {
            this.told = told;
        }

        @Override
        public void accept(String reason) {
            Consumer<String> first = told;
            told = null;
            if (first != null) {
                first.accept(reason);
            }
        }
    }

    /** Each dial has a socket of its own, connected, so that the system tells at once when nothing listens there. */
    private void connect(InetSocketAddress to, QuicConnection connection, Once refused) {
        ChannelFuture connecting = new Bootstrap()
                .group(loop.group())
                .channel(NioDatagramChannel.class)
                .option(ChannelOption.SO_RCVBUF, QuicListener.RECEIVE_BYTES)
                .handler(codecs.dialling())
                .connect(to);
        Channel socket = connecting.channel();
        connecting.addListener(done -> {
            if (!done.isSuccess()) {
                loop.run(() -> refused.accept(Words.of(done.cause())));
                return;
            }
            socket.pipeline().addLast(new Unreachable(refused));
            QuicChannel.newBootstrap(socket)
                    .handler(connection)
                    .streamHandler(new Streams())
                    .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, (int)
                            TimeUnit.NANOSECONDS.toMillis(limits().handshakeNanos()))
                    .remoteAddress(to)
                    .connect()
                    .addListener(connected -> {
                        if (connected.isSuccess()) {
                            ((Channel) connected.getNow()).closeFuture().addListener(closed -> socket.close());
                        } else {
                            socket.close();
                            loop.run(() -> refused.accept(Words.of(connected.cause())));
                        }
                    });
        });
    }

    @Override
    public void send(long link, Bytes frame) {
        loop.requireCurrent();
        QuicLink open = links.get(link);
        if (open != null) {
            open.gather(frame);
        }
    }

    @Override
    public void flush(long link) {
        QuicLink open = links.get(link);
        if (open != null && marked.add(open) && marked.size() == 1) {
            loop.execute(this::pushMarked);
        }
    }

    @Override
    public long unsentBytes(long link) {
        QuicLink open = links.get(link);
        return open == null ? 0 : open.unsent();
    }

    @Override
    public void close(long link, String reason) {
        loop.requireCurrent();
        QuicLink open = links.remove(link);
        if (open != null) {
            marked.remove(open);
            open.close();
            loop.execute(() -> closed(open, reason));
        }
    }

    /** The port is given back when what was handed over has arrived, or half a second later. */
    @Override
    public void stop() {
        loop.requireCurrent();
        strangers.stop();
        List.copyOf(links.values()).forEach(QuicLink::close);
        links.clear();
        marked.clear();
        if (closing.isEmpty()) {
            end();
        }
    }

    /** Calls back, on the loop, when the last link has said its last words; before the stop. */
    void onDrained(Runnable listening) {
        drained = listening;
    }

    /** Handshakes that begin from now on prove and accept these keys; links that are open stay. */
    void renew(KeyRing keys) {
        strangers.renew(keys);
    }

    int halfOpenCount() {
        return strangers.halfOpenCount();
    }

    Profile.Transport limits() {
        return strangers.limits();
    }

    void received(QuicLink link, Bytes frame) {
        loop.run(() -> owner().frame(link.number(), frame));
    }

    /** Told later, since a write may complete inside the owner's own call. */
    void writable(QuicLink link) {
        loop.execute(() -> {
            if (links.containsKey(link.number())) {
                owner().writable(link.number());
            }
        });
    }

    void lost(QuicLink link, String reason) {
        if (links.remove(link.number()) != null) {
            marked.remove(link);
            loop.run(() -> closed(link, reason));
        }
    }

    /** The other end closes a connection that has ended; if it does not, this one does. */
    void closeSoon(Channel connection) {
        closing.add(connection);
        Task patience = loop.schedule(CLOSE_NANOS, connection::close)::cancel;
        connection.closeFuture().addListener(closed -> {
            patience.cancel();
            closing.remove(connection);
            if (strangers.stopped() && closing.isEmpty()) {
                end();
            }
        });
    }

    /** What may be called off. */
    @FunctionalInterface
    private interface Task {
        void cancel();
    }

    private void end() {
        listener.ifPresent(QuicListener::close);
        drained.run();
    }

    private void agreed(Stranger stranger, ChannelPipeline pipeline, Strangers.Proved proved) {
        QuicStreamChannel control = (QuicStreamChannel) pipeline.channel();
        QuicConnection connection = QuicConnection.of(control);
        QuicLink link = new QuicLink(++lastNumber, this, control, connection.datagramMax());
        pipeline.addLast(QuicReader.ofControl(link));
        if (strangers.stopped()) {
            link.fail("stopped");
            return;
        }
        links.put(link.number(), link);
        Opened opened = new Opened(
                link.number(), stranger.origin().attempt(), proved.key(), proved.hello(), remote(control.parent()));
        loop.run(() -> {
            owner().opened(opened);
            link.begin();
            connection.become(link);
        });
    }

    private static String remote(QuicChannel connection) {
        return connection.remoteSocketAddress() instanceof InetSocketAddress address
                ? new PeerAddress(PeerAddress.Carrier.QUIC, HostPort.of(address)).toString()
                : "";
    }

    private void pushMarked() {
        List<QuicLink> all = List.copyOf(marked);
        marked.clear();
        all.forEach(QuicLink::push);
    }

    private void dialFailed(long attempt, String address, String reason) {
        if (!strangers.stopped()) {
            loop.run(() -> owner().dialFailed(attempt, address, reason));
        }
    }

    private void closed(QuicLink link, String reason) {
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

    /** Each connection that somebody else begins. */
    @ChannelHandler.Sharable
    private final class Accepting extends ChannelInitializer<QuicChannel> {
        @Override
        protected void initChannel(QuicChannel channel) {
            String source = channel.remoteSocketAddress() instanceof InetSocketAddress address
                    ? HostPort.of(address).host()
                    : "";
            if (strangers.stopped()) {
                channel.close();
            } else {
                channel.pipeline().addLast(new QuicConnection(Role.ACCEPTOR, any -> strangers.accepted(source)));
            }
        }
    }

    /** Each stream that the other end opens. */
    @ChannelHandler.Sharable
    private static final class Streams extends ChannelInitializer<QuicStreamChannel> {
        @Override
        protected void initChannel(QuicStreamChannel stream) {
            QuicConnection.of(stream).opened(stream);
        }
    }
}
