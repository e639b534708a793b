package io.metcd.mesh.net;

import io.metcd.base.Clock;
import io.metcd.mesh.Profile;
import io.netty.channel.ChannelHandler;
import io.netty.handler.codec.quic.QuicClientCodecBuilder;
import io.netty.handler.codec.quic.QuicCodecBuilder;
import io.netty.handler.codec.quic.QuicCongestionControlAlgorithm;
import io.netty.handler.codec.quic.QuicServerCodecBuilder;
import io.netty.handler.codec.quic.QuicSslContext;
import io.netty.handler.codec.quic.QuicSslContextBuilder;
import io.netty.handler.ssl.ClientAuth;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;

/** How QUIC is spoken between peers: which keys, and every bound of a connection. */
final class QuicCodecs {
    /** A link: one stream both ways for CONTROL, opened by the acceptor, and one each way for every other class. */
    static final int CLASS_STREAMS = 3;

    /** Heartbeats end dead links long before; this is for connections that nobody owns any more. */
    private static final int IDLE_SECONDS = 30;

    /** Perishable frames waiting for the congestion window, either way; beyond them the newest are dropped. */
    private static final int DATAGRAMS_MAX = 512;

    private static final int ACK_DELAY_MILLIS = 5;

    private final Profile.Transport limits;
    private final SideThreads threads;
    private final QuicSslContext dialling;
    private final QuicSslContext accepting;

    /**
     * What every connection is made of.
     *
     * @param threads run the key arithmetic of handshakes
     */
    QuicCodecs(PeerIdentity identity, Profile.Transport limits, SideThreads threads) {
        this.limits = limits;
        this.threads = threads;
        this.dialling = QuicSslContextBuilder.forClient()
                .keyManager(PeerTls.shows(identity), null)
                .trustManager(PeerTls.trusts())
                .endpointIdentificationAlgorithm("") // a peer is its key, not its name
                .applicationProtocols(PeerTls.PROTOCOL)
                .build();
        this.accepting = QuicSslContextBuilder.forServer(PeerTls.shows(identity), null)
                .trustManager(PeerTls.trusts())
                .clientAuth(ClientAuth.REQUIRE)
                .applicationProtocols(PeerTls.PROTOCOL)
                .build();
    }

    ChannelHandler dialling() {
        return bounded(new QuicClientCodecBuilder().sslContext(dialling), threads.dialling(), 1)
                .build();
    }

    ChannelHandler accepting(ChannelHandler connections, ChannelHandler streams) {
        return bounded(new QuicServerCodecBuilder().sslContext(accepting), threads.accepting(), 0)
                .tokenHandler(new QuicTokens(Clock.system()))
                .handler(connections)
                .streamHandler(streams)
                .build();
    }

    /** Before a stranger has proved itself, nothing that it sends raises these. */
    private <B extends QuicCodecBuilder<B>> B bounded(B builder, Executor tls, int controlStreams) {
        return builder.sslTaskExecutor(tls)
                .maxIdleTimeout(IDLE_SECONDS, TimeUnit.SECONDS)
                .initialMaxData(limits.strangerBytes())
                .initialMaxStreamDataBidirectionalLocal(limits.strangerBytes())
                .initialMaxStreamDataBidirectionalRemote(limits.strangerBytes())
                .initialMaxStreamDataUnidirectional(limits.strangerBytes())
                .initialMaxStreamsBidirectional(controlStreams)
                .initialMaxStreamsUnidirectional(CLASS_STREAMS)
                .maxAckDelay(ACK_DELAY_MILLIS, TimeUnit.MILLISECONDS)
                .congestionControlAlgorithm(QuicCongestionControlAlgorithm.CUBIC)
                .datagram(DATAGRAMS_MAX, DATAGRAMS_MAX);
    }
}
