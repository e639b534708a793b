package io.metcd.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code serve --role relay}: a peer that only carries (contract: flag.26, flag.27, flag.28). */
class RelayTest {
    @Test
    void membersThatOnlyDialMeetOverARelayThatHoldsNothing() {
        int mesh = Served.freePort();
        String address = "127.0.0.1:" + mesh;
        try (Served relay =
                        Served.with("--role", "relay", "--name", "bastion", "--listen-peer-urls", "http://" + address);
                Served a = Served.with("--name", "a", "--founders", "a,b", "--no-mesh-listen", "--join", address);
                Served b = Served.with("--name", "b", "--founders", "a,b", "--no-mesh-listen", "--join", address)) {
            a.awaitReady();
            b.awaitReady();

            assertThat(a.ask("put", "k", "v").exit()).isZero();
            assertThat(b.ask("get", "k").out()).contains("v");
            assertThat(a.ask("route", "b").out()).contains("a > bastion > b");
            assertThat(relay.ask("status").out()).contains("role        RELAY", "name        bastion");
            assertThat(relay.ask("status").exit()).isZero();
            assertThat(relay.ask("peers").out()).contains("bastion", "a", "b");
            assertThat(relay.ask("get", "k").exit()).isNotZero();
            assertThat(relay.stop().exit()).isZero();
            a.awaitStatus("status", "does not serve");
            a.awaitStatus("links", "no link to " + address + ": connection refused");
        }
    }

    /** contract: http.metcd.1 */
    @Test
    void whatTheMeshDoesIsSeenAtEachPeer(@TempDir Path folder) throws IOException {
        Path password = Files.writeString(
                folder.resolve("password"), Run.of("password", "gen").out());
        Path other = Files.writeString(
                folder.resolve("other"), Run.of("password", "gen").out());
        String address = "127.0.0.1:" + Served.freePort();
        try (Served relay = Served.with(
                        "--role",
                        "relay",
                        "--name",
                        "bastion",
                        "--listen-peer-urls",
                        "http://" + address,
                        "--password-file",
                        password.toString());
                Served a = member("a", address, password);
                Served b = member("b", address, password);
                Served stranger = member("a", address, other)) {
            a.awaitReady();
            relay.awaitStatus("links", "wrong password");

            assertThat(stranger.isRunning()).isTrue();
            assertThat(relay.ask("links").out())
                    .containsPattern("a +in +127.0.0.1:\\d+ +up ")
                    .contains("refused 127.0.0.1, ", "framesRelayed=");
            assertThat(a.ask("links").out()).containsPattern("bastion +out +" + address + " +up ");
            assertThat(a.ask("topology").out()).contains("bastion").doesNotContain("no way");
            assertThat(a.ask("topology", "--dot").out())
                    .startsWith("graph mesh {")
                    .contains("\" -- \"", "label=\"b\"");
            assertThat(a.ask("topology", "--json").out()).contains("\"edges\":[{\"a\":");
            assertThat(a.ask("topology", "--json", "--dot").complaint()).contains("give one of them");

            b.stop();
            relay.awaitStatus("topology", "no way to b: see './metcd why b'");
            assertThat(relay.ask("why", "b").out()).contains(" s ago: link down", " s ago: peer unreachable");
        }
    }

    private static Served member(String name, String address, Path password) {
        return Served.with(
                "--name",
                name,
                "--founders",
                "a,b",
                "--no-mesh-listen",
                "--join",
                address,
                "--password-file",
                password.toString());
    }

    @Test
    void aFileThatComesLaterLeadsToTheMesh(@TempDir Path folder) throws IOException {
        Path file = folder.resolve("peers");
        int mesh = Served.freePort();
        try (Served a = Served.with("--name", "a", "--founders", "a,b", "--no-mesh-listen", "--join", "file:" + file);
                Served b = Served.with(
                        "--name", "b", "--founders", "a,b", "--listen-peer-urls", "http://127.0.0.1:" + mesh)) {
            a.awaitStatus("status", "'b'");

            Files.writeString(file, "127.0.0.1:" + mesh + "   # where b is\n");

            a.awaitReady();
            b.awaitReady();
        }
    }

    @Test
    void seedsThatAreNoneAreRefusedWithTheFix() {
        assertThat(Run.of("serve", "--ephemeral", "--name", "a", "--founders", "a,b", "--join", "file:")
                        .complaint())
                .contains("write file:PATH", "--join");
        assertThat(Run.of(
                                "serve",
                                "--ephemeral",
                                "--name",
                                "a",
                                "--founders",
                                "a,b",
                                "--join",
                                "srv:x:1",
                                "--insecure-mesh")
                        .complaint())
                .contains("write srv:_metcd._tcp.example.com");
        assertThat(Run.of("serve", "--ephemeral", "--name", "a", "--founders", "a,b", "--join", "srv:x")
                        .complaint())
                .contains("a mesh beyond loopback needs a password");
        assertThat(Run.of(
                                "serve",
                                "--ephemeral",
                                "--founders",
                                "default,b",
                                "--join",
                                "file:x",
                                "--mesh-discovery",
                                "off")
                        .complaint())
                .contains("--mesh-discovery off forbids");
        assertThat(Run.of("serve", "--mesh-discovery", "maybe").complaint()).contains("on or off, not 'maybe'");
    }

    @Test
    void whatOnlyMembersHaveIsRefused() {
        assertThat(Run.of("serve", "--role", "relay", "--data-dir", "x").complaint())
                .contains("--data-dir", "a relay keeps nothing");
        assertThat(Run.of("serve", "--role", "relay", "--founders", "a,b").complaint())
                .contains("--founders", "--role");
        assertThat(Run.of("serve", "--role", "chief").complaint()).contains("voter or relay, not 'chief'");
        assertThat(Run.of("serve", "--role", "observer").complaint()).contains("there are no observers yet");
        assertThat(Run.of("serve", "--role", "relay", "--no-mesh-listen").complaint())
                .contains("add --join HOST:PORT");
        assertThat(Run.of("serve", "--mesh-profile", "moon").complaint()).contains("lan or wan, not 'moon'");
    }

    @Test
    void aBusyPortForOperatorsIsNamed() throws IOException {
        try (ServerSocket busy = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            String url = "http://127.0.0.1:" + busy.getLocalPort();
            Run run = Run.of(
                    "serve",
                    "--role",
                    "relay",
                    "--listen-peer-urls",
                    "http://127.0.0.1:" + Served.freePort(),
                    "--listen-client-urls",
                    url);

            assertThat(run.exit()).isEqualTo(1);
            assertThat(run.err()).contains("127.0.0.1:" + busy.getLocalPort(), "(--listen-client-urls)");
        }
    }
}
