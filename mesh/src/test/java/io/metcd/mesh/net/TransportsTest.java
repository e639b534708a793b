package io.metcd.mesh.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.metcd.base.Bytes;
import io.metcd.mesh.Channel;
import io.metcd.mesh.MeshConfig;
import io.metcd.mesh.Priority;
import io.metcd.mesh.Profile;
import io.metcd.mesh.SendOutcome;
import io.metcd.mesh.TopologyView;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Whole peers, of which some speak TCP, some QUIC, and some both. */
class TransportsTest {
    private static final long PATIENCE_SECONDS = 20;
    private static final String TCP = "127.0.0.1:0";
    private static final String QUIC = "quic://127.0.0.1:0";

    private final List<MeshServer> servers = new ArrayList<>();

    @AfterEach
    void stop() {
        servers.forEach(MeshServer::stop);
    }

    @Test
    void onALineOverQuicTheEndsReachEachOtherThroughTheMiddle() throws Exception {
        MeshServer b = start(config("b").withListen(QUIC, List.of()));
        MeshServer a = start(config("a").withSeeds(List.of(addressOf(b, 0))));
        MeshServer c = start(config("c").withSeeds(List.of(addressOf(b, 0))));

        assertThat(b.config().advertised()).allMatch(address -> address.startsWith("quic://127.0.0.1:"));
        assertTalk(a, c);
        assertTalk(c, a);
    }

    @Test
    void aPeerOfBothJoinsThoseOfEither() throws Exception {
        MeshServer both = start(config("both").withListen(List.of(TCP, QUIC), List.of()));
        MeshServer tcp = start(config("tcp").withSeeds(List.of(addressOf(both, 0))));
        MeshServer quic = start(config("quic").withSeeds(List.of(addressOf(both, 1))));

        assertTalk(tcp, quic);

        assertThat(linkAddress(tcp)).isEqualTo(addressOf(both, 0)).doesNotContain("quic");
        assertThat(linkAddress(quic)).isEqualTo(addressOf(both, 1)).startsWith("quic://");
    }

    /** It is told of both addresses by the hub, and that it cannot use the first does not keep it from the second. */
    @Test
    void aPeerOfTcpAloneDialsTheAddressThatItCan() {
        MeshServer hub = start(config("hub").withListen(TCP, List.of()));
        MeshServer both =
                start(config("both").withListen(List.of(QUIC, TCP), List.of()).withSeeds(List.of(addressOf(hub, 0))));
        MeshServer tcp = start(config("tcp").withSeeds(List.of(addressOf(hub, 0))));

        TopologyView view = await(
                tcp,
                seen -> seen.links().stream()
                        .anyMatch(link -> link.up() && link.peer().equals(both.self())));

        assertThat(view.links())
                .filteredOn(link -> link.peer().equals(both.self()))
                .allMatch(link -> link.address().equals(addressOf(both, 1)));
    }

    @Test
    void aPeerThatStopsOverQuicSaysFarewell() {
        MeshServer b = start(config("b").withListen(QUIC, List.of()));
        MeshServer c = start(config("c").withSeeds(List.of(addressOf(b, 0))));
        await(b, view -> view.reachable(c.self()));

        c.stop();

        await(b, view -> !view.reachable(c.self()));
        await(b, view -> view.links().stream().noneMatch(TopologyView.LinkView::up));
    }

    @Test
    void twoAddressesOfOneKindAreOneTooMany() {
        assertThatThrownBy(() -> MeshServer.bind(
                        config("a").withListen(List.of(QUIC, QUIC), List.of()),
                        PeerIdentity.fresh(),
                        Security.of(Peer.KEY)))
                .isInstanceOf(MeshStartFailure.class)
                .hasMessageContaining("--listen-peer-urls");
    }

    private void assertTalk(MeshServer from, MeshServer to) throws InterruptedException {
        BlockingQueue<Bytes> came = new LinkedBlockingQueue<>();
        to.channel("t").onMessage((source, payload) -> came.add(payload));
        await(from, view -> view.reachable(to.self()));
        await(to, view -> view.reachable(from.self()));
        Bytes large = Bytes.copyOf(new byte[1 << 20]);
        for (Bytes payload : List.of(Bytes.utf8("hello"), large)) {
            assertThat(from.channel("t").send(to.self(), Priority.DATA, payload, Channel.NEVER_SUPERSEDED))
                    .isEqualTo(SendOutcome.SENT);
            assertThat(came.poll(PATIENCE_SECONDS, TimeUnit.SECONDS)).isEqualTo(payload);
        }
    }

    private static String addressOf(MeshServer server, int index) {
        return server.config().listenAddresses().get(index);
    }

    private static String linkAddress(MeshServer server) {
        return server.topology().links().get(0).address();
    }

    private static MeshConfig config(String name) {
        return MeshConfig.of("cluster", name, 1).withProfile(Profile.WAN);
    }

    private MeshServer start(MeshConfig config) {
        MeshServer server = MeshServer.bind(config, PeerIdentity.fresh(), Security.of(Peer.KEY));
        servers.add(server);
        server.start();
        return server;
    }

    private static TopologyView await(MeshServer server, Predicate<TopologyView> condition) {
        BlockingQueue<TopologyView> views = new LinkedBlockingQueue<>();
        server.onTopology(views::add);
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        try {
            while (System.nanoTime() < end) {
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
