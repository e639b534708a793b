package io.metcd.mesh.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.metcd.base.Bytes;
import io.metcd.base.Clock;
import io.metcd.mesh.Priority;
import io.metcd.mesh.Profile;
import io.metcd.mesh.net.PeerAddress.Carrier;
import io.metcd.mesh.wire.FrameType;
import io.metcd.mesh.wire.Heartbeat;
import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.nio.NioDatagramChannel;
import io.netty.handler.codec.quic.QuicChannel;
import io.netty.handler.codec.quic.QuicClientCodecBuilder;
import io.netty.handler.codec.quic.QuicSslContext;
import io.netty.handler.codec.quic.QuicSslContextBuilder;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What is QUIC's alone; what all carriers of links do is in {@link LinksTest}. */
class QuicLinksTest {
    private static final int MILLIS = (int) TimeUnit.SECONDS.toMillis(Peer.PATIENCE_SECONDS);
    private static final int COUNT = 300;

    private final List<AutoCloseable> opened = new ArrayList<>();

    @AfterEach
    void close() throws Exception {
        for (AutoCloseable each : opened) {
            each.close();
        }
    }

    /** Three in ten packets are lost: what must be whole is, heartbeats come through, and consensus is not held up. */
    @Test
    void onAPathThatLosesPacketsOnlyWhatMayBeLostIs() throws Exception {
        Peer a = peer("a");
        LossyPath path = pathTo(a);
        Peer b = dialling();
        b.dial(path.address());
        long link = b.await(Peer.Opened.class).opened().link();

        path.lose(0.3);
        for (int i = 1; i <= COUNT; i++) {
            b.send(
                    link,
                    numbered(Priority.CONSENSUS, i),
                    numbered(Priority.DATA, i),
                    new Heartbeat(i, 0, 0, 0, 0).encode());
        }

        List<Integer> data = new ArrayList<>();
        List<Integer> consensus = new ArrayList<>();
        Set<Long> heartbeats = new HashSet<>();
        while (data.size() < COUNT || heartbeats.size() < COUNT) {
            Bytes frame = a.await(Peer.Frame.class).frame();
            if (FrameType.of(frame) == FrameType.HEARTBEAT) {
                heartbeats.add(Heartbeat.decode(frame).stamp());
            } else {
                (frame.at(1) == Priority.DATA.code() ? data : consensus).add(numberOf(frame));
            }
        }
        assertThat(data).isSorted().doesNotHaveDuplicates().hasSize(COUNT);
        assertThat(consensus).doesNotHaveDuplicates().hasSizeBetween(COUNT / 4, COUNT - 1);
    }

    /** What a flood with forged sources gets, and all that it costs us. */
    @Test
    void aFirstPacketIsAnsweredByARetryAloneAndLeavesNothingBehind() throws Exception {
        Peer a = peer("a");
        LossyPath path = pathTo(a);
        dialling().dial(path.address());
        byte[] first = path.firstPacket();
        a.await(Peer.Opened.class);

        try (DatagramSocket forger = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
            forger.setSoTimeout(MILLIS);
            for (int i = 0; i < 100; i++) {
                forger.send(new DatagramPacket(first, first.length, InetAddress.getLoopbackAddress(), a.port()));
                DatagramPacket answer = new DatagramPacket(new byte[2_048], 2_048);
                forger.receive(answer);
                // A long header of type Retry (RFC 9000, 17.2.5), shorter than what was sent.
                assertThat(answer.getData()[0] & 0xf0).isEqualTo(0xf0);
                assertThat(answer.getLength()).isLessThan(first.length / 4);
            }
        }
        assertThat(a.halfOpenCount()).isZero();
    }

    @Test
    void aTokenIsGoodForItsAddressAndForAWhile() {
        long[] now = {1};
        Clock clock = new Clock() {
            @Override
            public long nanos() {
                return now[0];
            }

            @Override
            public long wallMillis() {
                return 0;
            }
        };
        QuicTokens tokens = new QuicTokens(clock);
        InetSocketAddress source = new InetSocketAddress("192.0.2.1", 7);
        ByteBuf token = Unpooled.buffer(tokens.maxTokenLength());

        assertThat(tokens.writeToken(token, Unpooled.wrappedBuffer(new byte[] {1, 2, 3}), source))
                .isTrue();

        int offset = tokens.validateToken(token, source);
        assertThat(token.slice(offset, token.readableBytes() - offset))
                .isEqualTo(Unpooled.wrappedBuffer(new byte[] {1, 2, 3}));
        assertThat(tokens.validateToken(token, new InetSocketAddress("192.0.2.2", 7)))
                .isNegative();
        assertThat(tokens.validateToken(token, new InetSocketAddress("192.0.2.1", 8)))
                .isNegative();
        assertThat(new QuicTokens(clock).validateToken(token, source)).isNegative();
        assertThat(tokens.validateToken(Unpooled.EMPTY_BUFFER, source)).isNegative();
        now[0] += TimeUnit.SECONDS.toNanos(60);
        assertThat(tokens.validateToken(token, source)).isNegative();
    }

    @Test
    void whoeverSaysNothingIsDroppedAtTheDeadline() {
        Profile.Transport hasty = Profile.LAN.transport().withHandshakeNanos(TimeUnit.MILLISECONDS.toNanos(500));
        Peer a = peer(Peer.Options.named("a").over(Carrier.QUIC).limits(hasty));

        silent(a, shown(PeerTls.PROTOCOL)).closeFuture().awaitUninterruptibly();

        assertThat(a.awaitRefused().reason()).isEqualTo("handshake deadline: nothing agreed within 500 ms");
        assertThat(a.halfOpenCount()).isZero();
    }

    @Test
    void aFloodOfConnectionsPushesOutItsOwnOldest() {
        Peer a = peer("a");
        int share = Profile.LAN.transport().halfOpenPerSourceMax();
        QuicSslContext context = shown(PeerTls.PROTOCOL);
        Channel first = silent(a, context);

        for (int i = 0; i < share; i++) {
            silent(a, context);
        }

        first.closeFuture().awaitUninterruptibly();
        assertThat(a.awaitRefused().reason()).isEqualTo("too many connections that prove nothing");
    }

    @Test
    void whoeverShowsNoKeyOrSpeaksAnotherProtocolIsRefused() {
        Peer a = peer("a");

        for (QuicSslContext context : List.of(
                QuicSslContextBuilder.forClient()
                        .trustManager(PeerTls.trusts())
                        .endpointIdentificationAlgorithm("")
                        .applicationProtocols(PeerTls.PROTOCOL)
                        .build(),
                shown("h3"))) {
            silent(a, context).closeFuture().awaitUninterruptibly();
        }

        assertThat(a.awaitRefused().reason()).isNotEmpty();
        assertThat(a.halfOpenCount()).isZero();
    }

    @Test
    void aBusyPortIsNamedTogetherWithItsFlag() {
        Peer a = peer("a");
        MeshLoop loop = new MeshLoop("busy", bug -> {});
        opened.add(loop::shutdown);

        assertThatThrownBy(() -> QuicListener.bind(loop, new HostPort("127.0.0.1", a.port()), Security.of(Peer.KEY)))
                .isInstanceOf(MeshStartFailure.class)
                .hasMessageContaining("port " + a.port() + " is taken")
                .hasMessageContaining("--listen-peer-urls");
    }

    private Peer peer(String name) {
        return peer(Peer.Options.named(name).over(Carrier.QUIC));
    }

    private Peer dialling() {
        return peer(Peer.Options.named("b").over(Carrier.QUIC).outboundOnly());
    }

    private Peer peer(Peer.Options options) {
        Peer peer = new Peer(options);
        opened.add(peer);
        return peer;
    }

    private LossyPath pathTo(Peer peer) throws Exception {
        LossyPath path = new LossyPath(peer.port());
        opened.add(path);
        return path;
    }

    private static QuicSslContext shown(String protocol) {
        return QuicSslContextBuilder.forClient()
                .keyManager(PeerTls.shows(PeerIdentity.fresh()), null)
                .trustManager(PeerTls.trusts())
                .endpointIdentificationAlgorithm("")
                .applicationProtocols(protocol)
                .build();
    }

    /** A connection of a stranger who has nothing to say once TLS is done, or who fails in it. */
    private Channel silent(Peer to, QuicSslContext context) {
        MeshLoop loop = new MeshLoop("stranger", bug -> {});
        opened.add(loop::shutdown);
        Channel socket = new Bootstrap()
                .group(loop.group())
                .channel(NioDatagramChannel.class)
                .handler(new QuicClientCodecBuilder()
                        .sslContext(context)
                        .initialMaxData(1 << 20)
                        .initialMaxStreamsBidirectional(1)
                        .initialMaxStreamDataBidirectionalRemote(1 << 16)
                        .build())
                .connect(InetAddress.getLoopbackAddress(), to.port())
                .syncUninterruptibly()
                .channel();
        var connected = QuicChannel.newBootstrap(socket)
                .streamHandler(new ChannelInboundHandlerAdapter())
                .remoteAddress(socket.remoteAddress())
                .connect()
                .awaitUninterruptibly();
        if (!connected.isSuccess()) {
            socket.close();
            return socket;
        }
        return (Channel) connected.getNow();
    }

    private static Bytes numbered(Priority priority, int number) {
        return Bytes.wrap(ByteBuffer.allocate(500)
                .put((byte) FrameType.DATAGRAM.firstByte(0))
                .put((byte) priority.code())
                .putInt(number)
                .array());
    }

    private static int numberOf(Bytes frame) {
        return ByteBuffer.wrap(frame.toArray()).getInt(2);
    }
}
