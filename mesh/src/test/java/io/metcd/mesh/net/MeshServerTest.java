package io.metcd.mesh.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.metcd.base.Bytes;
import io.metcd.mesh.CallOutcome;
import io.metcd.mesh.Channel;
import io.metcd.mesh.MeshConfig;
import io.metcd.mesh.PeerId;
import io.metcd.mesh.Priority;
import io.metcd.mesh.Profile;
import io.metcd.mesh.SendOutcome;
import io.metcd.mesh.SharedState;
import io.metcd.mesh.TopologyView;
import io.metcd.mesh.spread.GCounter;
import io.metcd.mesh.spread.LwwMap;
import io.metcd.mesh.wire.handshake.GroupKey;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Whole peers on real sockets. */
class MeshServerTest {
    private static final long PATIENCE_SECONDS = 20;

    private final List<MeshServer> servers = new ArrayList<>();

    /** A datagram that came. */
    private record Received(PeerId from, Bytes payload) {}

    @AfterEach
    void stop() {
        servers.forEach(MeshServer::stop);
    }

    @Test
    void onALineTheEndsReachEachOtherThroughTheMiddle() throws Exception {
        MeshServer b = listening("b");
        MeshServer a = dialling("a", b);
        MeshServer c = dialling("c", b);
        BlockingQueue<Received> atC = receiver(c);
        BlockingQueue<Received> atA = receiver(a);
        List.of(a, b, c).forEach(MeshServer::start);

        TopologyView seenByA = await(a, view -> view.reachable(c.self()));
        await(c, view -> view.reachable(a.self()));
        assertThat(seenByA.peer(c.self()).orElseThrow().path()).containsExactly(b.self(), c.self());

        assertThat(send(a, c, Bytes.utf8("ping"))).isEqualTo(SendOutcome.SENT);
        assertThat(next(atC)).isEqualTo(new Received(a.self(), Bytes.utf8("ping")));
        assertThat(send(c, a, Bytes.utf8("pong"))).isEqualTo(SendOutcome.SENT);
        assertThat(next(atA)).isEqualTo(new Received(c.self(), Bytes.utf8("pong")));
        Bytes large = Bytes.copyOf(new byte[256 << 10]);
        assertThat(send(a, c, large)).isEqualTo(SendOutcome.SENT);
        assertThat(next(atC).payload()).isEqualTo(large);
    }

    @Test
    void aCallIsAnsweredFromAnotherThread() throws Exception {
        MeshServer b = listening("b");
        MeshServer a = dialling("a", b);
        b.channel("t")
                .onCall((from, request, reply) -> CompletableFuture.runAsync(
                        () -> reply.send(Bytes.utf8("re: ").concat(request))));
        List.of(a, b).forEach(MeshServer::start);
        await(a, view -> view.reachable(b.self()));

        CompletableFuture<CallOutcome> answer = new CompletableFuture<>();
        a.channel("t")
                .call(b.self(), Priority.DATA, Bytes.utf8("question"), TimeUnit.SECONDS.toNanos(10), answer::complete);

        assertThat(answer.get(PATIENCE_SECONDS, TimeUnit.SECONDS))
                .isEqualTo(new CallOutcome.Reply(Bytes.utf8("re: question")));
    }

    @Test
    void callsFromManyThreadsAllArriveInTheOrderOfEachThread() throws Exception {
        MeshServer b = listening("b");
        MeshServer a = dialling("a", b);
        BlockingQueue<Received> atB = receiver(b);
        List.of(a, b).forEach(MeshServer::start);
        await(a, view -> view.reachable(b.self()));
        int threads = 4;
        int each = 500;

        CountDownLatch done = new CountDownLatch(threads);
        for (int i = 0; i < threads; i++) {
            int thread = i;
            new Thread(() -> {
                        for (int n = 0; n < each; n++) {
                            send(a, b, Bytes.utf8(thread + " " + n));
                        }
                        done.countDown();
                    })
                    .start();
        }
        assertThat(done.await(PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();

        int[] expected = new int[threads];
        for (int i = 0; i < threads * each; i++) {
            String[] parts = next(atB).payload().toUtf8().split(" ", 2);
            int thread = Integer.parseInt(parts[0]);
            assertThat(Integer.parseInt(parts[1])).isEqualTo(expected[thread]++);
        }
    }

    @Test
    void whatCannotBeSentIsToldAtOnce() {
        MeshServer b = listening("b");
        MeshServer a = dialling("a", b);
        List.of(a, b).forEach(MeshServer::start);
        await(a, view -> view.reachable(b.self()));
        int max = a.config().profile().sizes().datagramMax();

        assertThat(send(a, b, Bytes.copyOf(new byte[max + 1]))).isEqualTo(SendOutcome.TOO_LARGE);
        assertThat(a.channel("t").send(PeerId.of(Bytes.utf8("nobody")), Priority.DATA, Bytes.EMPTY, 0))
                .isEqualTo(SendOutcome.PEER_GONE);
    }

    @Test
    void aPeerThatStopsIsGoneForTheOthersAtOnce() throws Exception {
        MeshServer b = listening("b");
        MeshServer a = dialling("a", b);
        MeshServer c = dialling("c", b);
        List.of(a, b, c).forEach(MeshServer::start);
        await(a, view -> view.reachable(c.self()));

        c.stop();

        await(a, view -> !view.reachable(c.self()));
        CompletableFuture<CallOutcome> answer = new CompletableFuture<>();
        c.channel("t").call(a.self(), Priority.DATA, Bytes.EMPTY, 1, answer::complete);
        assertThat(answer.get(PATIENCE_SECONDS, TimeUnit.SECONDS))
                .isInstanceOfSatisfying(
                        CallOutcome.Failed.class,
                        failed -> assertThat(failed.reason()).isEqualTo(CallOutcome.Reason.STOPPED));
        assertThat(send(c, a, Bytes.EMPTY)).isEqualTo(SendOutcome.NO_ROUTE);
        c.stop();
    }

    @Test
    void aWrongPasswordIsSeenAtBothEnds() {
        MeshServer b = listening("b");
        Security other = Security.of(GroupKey.of(Bytes.utf8("another key of thirty-two bytes!")));
        MeshServer a =
                bind(config("a").withSeeds(List.of(b.config().listenAddress().orElseThrow())), other);
        List.of(a, b).forEach(MeshServer::start);

        TopologyView view = await(a, v -> v.dials().stream().anyMatch(dial -> dial.failures() > 0));

        assertThat(view.dials().get(0).lastFailure()).startsWith("wrong password: ");
        assertThat(b.refusedPeers())
                .hasSize(1)
                .allMatch(refused -> refused.reason().startsWith("wrong password: "));
    }

    @Test
    void anOperatorsMistakesAreNamedBeforeAnythingRuns() throws IOException {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            assertMistake(config("a").withListen("127.0.0.1:" + taken.getLocalPort(), List.of()), "--listen-peer-urls");
        }
        assertMistake(config("a").withListen("2380", List.of()), "HOST:PORT is wanted");
        assertMistake(config("a").withListen("127.0.0.1:0", List.of("x")), "--initial-advertise-peer-urls");
        assertMistake(config("a").withSeeds(List.of("b.example")), "--join");
        assertMistake(MeshConfig.of("", "a", 1), "--cluster");
        assertMistake(MeshConfig.of("c", "", 1), "--name");
    }

    @Test
    void theBoundPortIsAdvertised() {
        MeshServer b = listening("b");

        String address = b.config().listenAddress().orElseThrow();

        assertThat(address).startsWith("127.0.0.1:").doesNotEndWith(":0");
        assertThat(b.config().advertised()).containsExactly(address);
    }

    @Test
    void whatALoopThatHasEndedLeavesIsToldToThoseWhoWait() {
        AtomicInteger lost = new AtomicInteger();
        Inbox inbox = new Inbox(
                task -> {
                    throw new RejectedExecutionException();
                },
                100);

        for (int i = 1; i <= 3; i++) {
            assertThat(inbox.offer(60, () -> {}, lost::incrementAndGet)).isTrue();
            assertThat(lost).hasValue(i);
        }
    }

    @Test
    void eachCallEndsOnceHoweverItMeetsTheStop() throws InterruptedException {
        for (int round = 0; round < 20; round++) {
            MeshServer server = MeshServer.bind(MeshConfig.of("c", "a", 1), PeerIdentity.fresh(), Security.none());
            server.start();
            AtomicInteger ended = new AtomicInteger();
            int calls = 2_000;
            Thread caller = new Thread(() -> {
                for (int i = 0; i < calls; i++) {
                    server.channel("x")
                            .call(server.self(), Priority.DATA, Bytes.EMPTY, 1, outcome -> ended.incrementAndGet());
                }
            });
            caller.start();

            server.stop();
            caller.join();

            assertThat(ended).hasValue(calls);
        }
    }

    @Test
    void anInboxThatIsFullRefusesAndLaterTakesAgain() {
        List<Runnable> loop = new ArrayList<>();
        AtomicInteger ran = new AtomicInteger();
        Inbox inbox = new Inbox(loop::add, 100);

        assertThat(inbox.offer(60, ran::incrementAndGet)).isTrue();
        assertThat(inbox.offer(60, ran::incrementAndGet)).isFalse();
        assertThat(inbox.offer(0, ran::incrementAndGet)).isTrue();
        assertThat(inbox.offer(40, ran::incrementAndGet)).isTrue();
        assertThat(loop).hasSize(1);
        loop.remove(0).run();

        assertThat(ran).hasValue(3);
        assertThat(inbox.offer(100, ran::incrementAndGet)).isTrue();
        assertThat(loop).hasSize(1);
    }

    @Test
    void aBugInACallbackEndsTheMeshAndItsOwnerHearsOfIt() throws Exception {
        MeshServer b = listening("b");
        MeshServer a = dialling("a", b);
        b.channel("t").onMessage((from, payload) -> {
            throw new IllegalStateException("a bug");
        });
        CompletableFuture<Throwable> heard = new CompletableFuture<>();
        b.onFailure(heard::complete);
        List.of(a, b).forEach(MeshServer::start);
        await(a, view -> view.reachable(b.self()));

        send(a, b, Bytes.EMPTY);

        assertThat(heard.get(PATIENCE_SECONDS, TimeUnit.SECONDS)).hasMessage("a bug");
        await(a, view -> !view.reachable(b.self()));
    }

    @Test
    void broadcastsAndStatesAreCalledFromAnyThread() throws Exception {
        MeshServer b = listening("b");
        MeshServer a = dialling("a", b);
        MeshServer c = dialling("c", b);
        BlockingQueue<Received> atC = new LinkedBlockingQueue<>();
        c.broadcast("news").onMessage((from, payload) -> atC.add(new Received(from, payload)));
        SharedState<GCounter> hitsA = a.state("hits", GCounter.TYPE);
        SharedState<GCounter> hitsC = c.state("hits", GCounter.TYPE);
        CompletableFuture<GCounter> three = new CompletableFuture<>();
        hitsC.onChange(counter -> {
            if (counter.value() == 3) {
                three.complete(hitsC.value());
            }
        });
        List.of(a, b, c).forEach(MeshServer::start);
        await(a, view -> view.reachable(c.self()));

        assertThat(a.broadcast("news").send(Bytes.utf8("hello"))).isEqualTo(SendOutcome.SENT);
        assertThat(hitsA.update(counter -> counter.plus(hitsA.life(), 2))).isEqualTo(SendOutcome.SENT);
        assertThat(hitsC.update(counter -> counter.plus(hitsC.life(), 1))).isEqualTo(SendOutcome.SENT);

        assertThat(next(atC)).isEqualTo(new Received(a.self(), Bytes.utf8("hello")));
        assertThat(three.get(PATIENCE_SECONDS, TimeUnit.SECONDS).counts()).hasSize(2);
        assertThat(a.state("hits", GCounter.TYPE)).isSameAs(hitsA);
        assertThat(a.broadcast("news").send(Bytes.copyOf(new byte[1 << 20]))).isEqualTo(SendOutcome.TOO_LARGE);
        assertThatThrownBy(() -> a.state("hits", LwwMap.TYPE)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> a.broadcast("")).isInstanceOf(IllegalArgumentException.class);
        a.stop();
        assertThat(a.broadcast("news").send(Bytes.EMPTY)).isEqualTo(SendOutcome.NO_ROUTE);
        assertThat(hitsA.update(counter -> counter)).isEqualTo(SendOutcome.NO_ROUTE);
    }

    private void assertMistake(MeshConfig config, String words) {
        assertThatThrownBy(() -> bind(config, Security.of(Peer.KEY)))
                .isInstanceOf(MeshStartFailure.class)
                .hasMessageContaining(words);
    }

    private MeshServer listening(String name) {
        return bind(config(name).withListen("127.0.0.1:0", List.of()), Security.of(Peer.KEY));
    }

    private MeshServer dialling(String name, MeshServer seed) {
        return bind(
                config(name).withSeeds(List.of(seed.config().listenAddress().orElseThrow())), Security.of(Peer.KEY));
    }

    private MeshServer bind(MeshConfig config, Security security) {
        MeshServer server = MeshServer.bind(config, PeerIdentity.fresh(), security);
        servers.add(server);
        return server;
    }

    private static MeshConfig config(String name) {
        // The patient profile: how soon a silent link is given up is not the question here, on a busy machine least.
        return MeshConfig.of("cluster", name, 1).withProfile(Profile.WAN);
    }

    private static BlockingQueue<Received> receiver(MeshServer server) {
        BlockingQueue<Received> queue = new LinkedBlockingQueue<>();
        server.channel("t").onMessage((from, payload) -> queue.add(new Received(from, payload)));
        return queue;
    }

    private static SendOutcome send(MeshServer from, MeshServer to, Bytes payload) {
        return from.channel("t").send(to.self(), Priority.DATA, payload, Channel.NEVER_SUPERSEDED);
    }

    private static Received next(BlockingQueue<Received> queue) throws InterruptedException {
        Received next = queue.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
        if (next == null) {
            throw new AssertionError("nothing came");
        }
        return next;
    }

    /** Waits for a view that satisfies the condition. */
    private static TopologyView await(MeshServer server, Predicate<TopologyView> condition) {
        BlockingQueue<TopologyView> views = new LinkedBlockingQueue<>();
        server.onTopology(views::add);
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        try {
            while (System.nanoTime() < end) {
                // What changes without an event, such as the count of failed dials, is in the current view.
                TopologyView changed = views.poll(50, TimeUnit.MILLISECONDS);
                TopologyView view = changed == null ? server.topology() : changed;
                if (condition.test(view)) {
                    return view;
                }
            }
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
        throw new AssertionError("never seen; last " + server.topology());
    }
}
