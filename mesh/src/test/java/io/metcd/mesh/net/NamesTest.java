package io.metcd.mesh.net;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Names of peers, asked of a real name server on loopback. */
class NamesTest {
    private final NameServer server = new NameServer();
    private final MeshLoop loop = new MeshLoop("names-test", bug -> {});
    private final Names names = new Names(loop, server::provider);

    @AfterEach
    void close() {
        loop.execute(names::close);
        loop.shutdown();
        server.close();
    }

    @Test
    void aNameIsAllItsAddresses() {
        server.host("peers.example", "10.0.0.1", "10.0.0.2", "10.0.0.3");

        assertThat(addresses("peers.example")).containsExactlyInAnyOrder("10.0.0.1", "10.0.0.2", "10.0.0.3");
    }

    @Test
    void anAddressAndThisMachineAreAskedOfNobody() {
        server.silence(true);

        assertThat(addresses("10.0.0.7")).containsExactly("10.0.0.7");
        assertThat(addresses("2001:db8:0:0:0:0:0:1")).containsExactly("2001:db8:0:0:0:0:0:1");
        assertThat(addresses("localhost")).contains("127.0.0.1");
        assertThat(server.asked()).isZero();
    }

    @Test
    void aPeerThatMovesIsFoundAtItsNewPlaceAtOnce() {
        server.host("peer.example", "10.0.0.1");
        assertThat(addresses("peer.example")).containsExactly("10.0.0.1");

        server.host("peer.example", "10.0.0.9");

        assertThat(addresses("peer.example")).containsExactly("10.0.0.9");
    }

    @Test
    void aSilentServerLeavesTheLastGoodAnswer() {
        server.host("peer.example", "10.0.0.1");
        assertThat(addresses("peer.example")).containsExactly("10.0.0.1");

        server.silence(true);

        assertThat(addresses("peer.example")).containsExactly("10.0.0.1");
    }

    @Test
    void aSilentServerHoldsUpNoOtherName() {
        server.silence(true);
        CompletableFuture<List<String>> silent = ask("peer.example");

        assertThat(addresses("10.0.0.7")).containsExactly("10.0.0.7");

        assertThat(silent).isNotDone();
        assertThat(silent.orTimeout(20, TimeUnit.SECONDS)).succeedsWithin(20, TimeUnit.SECONDS);
        assertThat(silent.join()).containsExactly("failed: the name server does not answer");
    }

    @Test
    void aNameThatIsGoneIsGoneAlthoughItWasGood() {
        server.host("peer.example", "10.0.0.1");
        assertThat(addresses("peer.example")).containsExactly("10.0.0.1");

        server.forget("peer.example");

        assertThat(addresses("peer.example")).containsExactly("failed: unknown host name");
    }

    @Test
    void aServiceIsItsPlacesThePreferredFirst() {
        server.service("_metcd._tcp.example", "20 b.example 2381", "10 a.example 2380", "20 b.example 2381", "5 . 0");

        assertThat(services("_metcd._tcp.example")).containsExactly("a.example:2380", "b.example:2381");
        assertThat(services("_other._tcp.example")).containsExactly("failed: unknown host name");
    }

    private List<String> addresses(String host) {
        return ask(host).orTimeout(20, TimeUnit.SECONDS).join();
    }

    private CompletableFuture<List<String>> ask(String host) {
        return answer(found -> names.addresses(
                host,
                new Names.Asked<>(
                        list -> found.complete(
                                list.stream().map(InetAddress::getHostAddress).toList()),
                        reason -> found.complete(List.of("failed: " + reason)))));
    }

    private List<String> services(String name) {
        return answer(found -> names.services(
                        name,
                        new Names.Asked<>(
                                list -> found.complete(
                                        list.stream().map(HostPort::toString).toList()),
                                reason -> found.complete(List.of("failed: " + reason)))))
                .orTimeout(20, TimeUnit.SECONDS)
                .join();
    }

    private CompletableFuture<List<String>> answer(Consumer<CompletableFuture<List<String>>> question) {
        CompletableFuture<List<String>> found = new CompletableFuture<>();
        loop.execute(() -> question.accept(found));
        return found;
    }
}
