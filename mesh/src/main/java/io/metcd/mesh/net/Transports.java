package io.metcd.mesh.net;

import io.metcd.base.Bytes;
import io.metcd.base.Links;
import io.metcd.mesh.wire.handshake.KeyRing;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * TCP and QUIC as one network door: an address says by which it is dialled, and a link's number by which it goes, so that
 * the mesh above knows nothing of either.
 */
final class Transports implements Links {
    private static final long COUNT = 2;

    private final MeshLoop loop;
    private final TlsLinks tcp;
    private final Optional<QuicLinks> quic;
    private @Nullable Events events;

    /**
     * The two together.
     *
     * @param quic empty if this peer speaks TCP alone
     */
    Transports(MeshLoop loop, TlsLinks tcp, Optional<QuicLinks> quic) {
        this.loop = loop;
        this.tcp = tcp;
        this.quic = quic;
    }

    @Override
    public void start(Events owner) {
        events = owner;
        tcp.start(new Numbered(owner, 0));
        quic.ifPresent(links -> links.start(new Numbered(owner, 1)));
    }

    @Override
    public void dial(String address, long attempt) {
        if (!PeerAddress.isQuic(address)) {
            tcp.dial(address, attempt);
        } else if (quic.isPresent()) {
            quic.get().dial(address, attempt);
        } else {
            Events owner = events;
            if (owner != null) {
                loop.execute(() -> owner.dialFailed(attempt, address, Ports.WHY_NO_QUIC));
            }
        }
    }

    @Override
    public void send(long link, Bytes frame) {
        of(link).send(link / COUNT, frame);
    }

    @Override
    public void flush(long link) {
        of(link).flush(link / COUNT);
    }

    @Override
    public long unsentBytes(long link) {
        return of(link).unsentBytes(link / COUNT);
    }

    @Override
    public void close(long link, String reason) {
        of(link).close(link / COUNT, reason);
    }

    /** Handshakes that begin from now on prove and accept these keys. */
    void renew(KeyRing keys) {
        tcp.renew(keys);
        quic.ifPresent(links -> links.renew(keys));
    }

    /** Connections that begin from now on show and ask for these certificates, which only TCP knows. */
    void renew(PeerTls certificates) {
        tcp.renew(certificates);
    }

    @Override
    public void stop() {
        tcp.stop();
        quic.ifPresent(Links::stop);
    }

    /** Stops, and calls back on the loop when nothing that was handed over is still on its way. */
    void stop(Runnable drained) {
        quic.ifPresent(links -> links.onDrained(drained));
        stop();
        if (quic.isEmpty()) {
            drained.run();
        }
    }

    private Links of(long link) {
        return link % COUNT == 0 || quic.isEmpty() ? tcp : quic.get();
    }

    /** Gives the links of one carrier numbers that no other's have. */
    private record Numbered(Events events, int index) implements Events {
        private long number(long link) {
            return link * COUNT + index;
        }

        @Override
        public void opened(Opened opened) {
            events.opened(new Opened(
                    number(opened.link()),
                    opened.attempt(),
                    opened.remoteKey(),
                    opened.remoteHello(),
                    opened.observedAddress()));
        }

        @Override
        public void dialFailed(long attempt, String address, String reason) {
            events.dialFailed(attempt, address, reason);
        }

        @Override
        public void frame(long link, Bytes frame) {
            events.frame(number(link), frame);
        }

        @Override
        public void writable(long link) {
            events.writable(number(link));
        }

        @Override
        public void closed(long link, String reason) {
            events.closed(number(link), reason);
        }
    }
}
