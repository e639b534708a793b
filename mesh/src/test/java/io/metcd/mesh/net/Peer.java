package io.metcd.mesh.net;

import static org.assertj.core.api.Assertions.assertThat;

import io.metcd.base.Bytes;
import io.metcd.base.Links;
import io.metcd.mesh.Profile;
import io.metcd.mesh.net.PeerAddress.Carrier;
import io.metcd.mesh.wire.Hello;
import io.metcd.mesh.wire.handshake.GroupKey;
import io.netty.resolver.dns.DnsServerAddressStreamProvider;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.IntSupplier;
import java.util.function.Predicate;
import java.util.function.Supplier;

/** One end of real links on loopback, which writes down what its door tells it. */
final class Peer implements AutoCloseable, Links.Events {
    static final GroupKey KEY = GroupKey.of(Bytes.copyOf(new byte[32]));
    static final long PATIENCE_SECONDS = 20;
    private static final long GLANCE_NANOS = TimeUnit.MILLISECONDS.toNanos(10);

    final PeerIdentity identity;
    final MeshLoop loop;
    final Links links;
    private final Optional<PeerAddress> bound;
    private final IntSupplier halfOpen;
    final RefusedPeers refused = new RefusedPeers();
    final SideThreads threads;
    private final BlockingQueue<Object> seen = new LinkedBlockingQueue<>();
    private final List<Object> passed = new ArrayList<>();

    /** What happened. */
    record Opened(Links.Opened opened) {}

    record DialFailed(String reason) {}

    record Frame(long link, Bytes frame) {}

    record Writable(long link, long unsent) {}

    record Closed(long link, String reason) {}

    /** What a test varies. */
    record Options(
            String cluster,
            String name,
            Security security,
            Profile.Transport limits,
            boolean listens,
            PeerAddress at,
            Supplier<DnsServerAddressStreamProvider> nameServers) {
        static Options named(String name) {
            return new Options(
                    "c",
                    name,
                    Security.of(KEY),
                    Profile.LAN.transport(),
                    true,
                    PeerAddress.parse("127.0.0.1:0"),
                    NameServers::new);
        }

        Options cluster(String newCluster) {
            return new Options(newCluster, name, security, limits, listens, at, nameServers);
        }

        Options security(Security newSecurity) {
            return new Options(cluster, name, newSecurity, limits, listens, at, nameServers);
        }

        Options limits(Profile.Transport newLimits) {
            return new Options(cluster, name, security, newLimits, listens, at, nameServers);
        }

        Options nameServers(Supplier<DnsServerAddressStreamProvider> newServers) {
            return new Options(cluster, name, security, limits, listens, at, newServers);
        }

        Options at(PeerAddress newAddress) {
            return new Options(cluster, name, security, limits, listens, newAddress, nameServers);
        }

        /** On a free port of this machine. */
        Options over(Carrier carrier) {
            return at(new PeerAddress(carrier, new HostPort("127.0.0.1", 0)));
        }

        Options outboundOnly() {
            return new Options(cluster, name, security, limits, false, at, nameServers);
        }
    }

    Peer(Options options) {
        this(options, PeerIdentity.fresh());
    }

    Peer(Options options, PeerIdentity identity) {
        this.identity = identity;
        this.loop = new MeshLoop(options.name(), bug -> seen.add(bug));
        this.threads = new SideThreads(options.name());
        Hello hello = new Hello(options.cluster(), options.name(), 1, 1, 1, 0, List.of());
        TlsLinks.Parts parts = new TlsLinks.Parts(loop, threads, new Names(loop, options.nameServers()), refused);
        Strangers.Setting setting = new Strangers.Setting(identity, options.security(), hello, options.limits());
        Optional<HostPort> wanted = options.listens() ? Optional.of(options.at().place()) : Optional.empty();
        if (options.at().carrier() == Carrier.TCP) {
            Optional<Listener> listener = wanted.map(place -> Listener.bind(loop, place, options.security(), 1 << 18));
            TlsLinks tcp = new TlsLinks(parts, setting, listener);
            this.bound = listener.map(port -> options.at().at(port.address()));
            this.halfOpen = tcp::halfOpenCount;
            this.links = tcp;
        } else {
            Optional<QuicListener> listener = wanted.map(place -> QuicListener.bind(loop, place, options.security()));
            QuicLinks quic = new QuicLinks(parts, setting, listener);
            this.bound = listener.map(port -> options.at().at(port.address()));
            this.halfOpen = quic::halfOpenCount;
            this.links = quic;
        }
        onLoop(() -> {
            links.start(this);
            return true;
        });
    }

    String address() {
        return bound.orElseThrow().toString();
    }

    int port() {
        return bound.orElseThrow().place().port();
    }

    int halfOpenCount() {
        return onLoop(halfOpen::getAsInt);
    }

    void dial(String address) {
        loop.execute(() -> links.dial(address, 7));
    }

    void send(long link, Bytes... frames) {
        loop.execute(() -> {
            for (Bytes frame : frames) {
                links.send(link, frame);
            }
            links.flush(link);
        });
    }

    /** Runs on the loop and waits for the answer. */
    <T> T onLoop(Supplier<T> question) {
        return onLoop(0, question);
    }

    private <T> T onLoop(long delayNanos, Supplier<T> question) {
        CompletableFuture<T> answer = new CompletableFuture<>();
        loop.schedule(delayNanos, () -> {
            try {
                answer.complete(question.get());
            } catch (RuntimeException e) {
                answer.completeExceptionally(e);
            }
        });
        try {
            return answer.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        } catch (Exception e) {
            throw new AssertionError("the loop of " + identity + " did not answer", e);
        }
    }

    /** Waits for the next event of a kind; the others are passed over. */
    <T> T await(Class<T> kind) {
        return await(kind, any -> true);
    }

    <T> T await(Class<T> kind, Predicate<T> wanted) {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        try {
            while (true) {
                Object next = seen.poll(end - System.nanoTime(), TimeUnit.NANOSECONDS);
                if (next == null) {
                    throw new AssertionError("no " + kind.getSimpleName() + "; there were " + passed);
                }
                passed.add(next);
                if (next instanceof Throwable bug) {
                    throw new AssertionError("a bug on the loop", bug);
                }
                if (kind.isInstance(next) && wanted.test(kind.cast(next))) {
                    return kind.cast(next);
                }
            }
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    /** Passes over everything that has happened so far. */
    void forget() {
        onLoop(() -> seen.removeIf(any -> true));
    }

    /** Waits until this door has refused somebody. */
    MeshServer.RefusedPeer awaitRefused() {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        while (System.nanoTime() < end) {
            List<MeshServer.RefusedPeer> recent = onLoop(GLANCE_NANOS, refused::recent);
            if (!recent.isEmpty()) {
                return recent.get(recent.size() - 1);
            }
        }
        throw new AssertionError("nobody was refused");
    }

    @Override
    public void opened(Links.Opened opened) {
        seen.add(new Opened(opened));
    }

    @Override
    public void dialFailed(long attempt, String address, String reason) {
        seen.add(new DialFailed(reason));
    }

    @Override
    public void frame(long link, Bytes frame) {
        seen.add(new Frame(link, frame));
    }

    @Override
    public void writable(long link) {
        seen.add(new Writable(link, links.unsentBytes(link)));
    }

    @Override
    public void closed(long link, String reason) {
        seen.add(new Closed(link, reason));
    }

    /** Its port is free when this returns: the system gives a listener back only when the loop's last turn is over. */
    @Override
    public void close() {
        onLoop(() -> {
            links.stop();
            return true;
        });
        loop.shutdown();
        threads.stop();
        assertThat(loop.awaitEnd(PATIENCE_SECONDS, TimeUnit.SECONDS))
                .as("the loop ended")
                .isTrue();
    }
}
