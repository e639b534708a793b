package io.metcd.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The world is in the way: who can go on goes on, who cannot ends with 1, and each says the cure (contract: flag.10). */
class BadWorldTest {
    @Test
    void aBusyClientPortEndsWithOneAndNamesPortAndFlag() throws IOException {
        try (ServerSocket busy = busyPort()) {
            Run run = Run.of("serve", "--ephemeral", "--listen-client-urls", "http://127.0.0.1:" + busy.getLocalPort());

            assertThat(run.exit()).isEqualTo(1);
            assertThat(lastLine(run)).contains("127.0.0.1:" + busy.getLocalPort(), "--listen-client-urls");
            assertThat(run.err()).doesNotContain("\tat ");
        }
    }

    @Test
    void aBusyPortForMetricsEndsWithOneAndNamesItsOwnFlag() throws IOException {
        try (ServerSocket busy = busyPort()) {
            Run run = Run.of(
                    "serve",
                    "--ephemeral",
                    "--listen-client-urls",
                    "http://127.0.0.1:" + Served.freePort(),
                    "--listen-metrics-urls",
                    "http://127.0.0.1:" + busy.getLocalPort());

            assertThat(run.exit()).isEqualTo(1);
            assertThat(lastLine(run)).contains("127.0.0.1:" + busy.getLocalPort(), "(--listen-metrics-urls)");
        }
    }

    @Test
    void aBusyMeshPortEndsWithOneAndNamesPortAndFlag() throws IOException {
        try (ServerSocket busy = busyPort()) {
            Run run = Run.of(
                    "serve",
                    "--ephemeral",
                    "--name",
                    "a",
                    "--founders",
                    "a,b",
                    "--listen-peer-urls",
                    "http://127.0.0.1:" + busy.getLocalPort(),
                    "--listen-client-urls",
                    "http://127.0.0.1:" + Served.freePort());

            assertThat(run.exit()).isEqualTo(1);
            assertThat(lastLine(run)).contains("127.0.0.1:" + busy.getLocalPort(), "--listen-peer-urls");
            assertThat(run.err()).doesNotContain("\tat ");
        }
    }

    @Test
    void aMemberWithoutPeersSaysWhomItWaitsFor() {
        try (Served a =
                Served.with("--name", "a", "--founders", "a,b,c", "--no-mesh-listen", "--join", "127.0.0.1:1")) {
            a.awaitStatus("status", "'b', 'c'");

            assertThat(a.ask("status").exit()).isEqualTo(1);
            assertThat(a.ask("peers").out()).contains("dials 127.0.0.1:1");
            assertThat(a.ask("why", "b").out()).contains("no peer named b");
            assertThat(a.ask("put", "k", "v", "--command-timeout", "20s").complaint())
                    .contains("etcdserver: no leader");
            assertThat(a.isRunning()).isTrue();
        }
    }

    @Test
    void twoPeersWithOneNameAreBothToldAndNeitherServes() {
        int mesh = Served.freePort();
        try (Served one = Served.with(
                        "--name", "a", "--founders", "a,b", "--listen-peer-urls", "http://127.0.0.1:" + mesh);
                Served other = Served.with(
                        "--name", "a", "--founders", "a,b", "--no-mesh-listen", "--join", "127.0.0.1:" + mesh)) {
            one.awaitStatus("peers", "more than one peer is named a");
            other.awaitStatus("peers", "give each a name of its own");

            assertThat(one.ask("status").exit()).isEqualTo(1);
            assertThat(other.ask("status").exit()).isEqualTo(1);
        }
    }

    @Test
    void anotherPasswordIsRefusedAndTheMemberGoesOn(@TempDir Path folder) throws IOException {
        Path right = Files.writeString(
                folder.resolve("right"), Run.of("password", "gen").out());
        Path wrong = Files.writeString(
                folder.resolve("wrong"), Run.of("password", "gen").out());
        int mesh = Served.freePort();
        try (Served a = Served.with(
                        "--name",
                        "a",
                        "--founders",
                        "a,b",
                        "--password-file",
                        right.toString(),
                        "--listen-peer-urls",
                        "http://127.0.0.1:" + mesh);
                Served stranger = Served.with(
                        "--name",
                        "b",
                        "--founders",
                        "a,b",
                        "--password-file",
                        wrong.toString(),
                        "--no-mesh-listen",
                        "--join",
                        "127.0.0.1:" + mesh)) {
            stranger.awaitStatus("peers", "password");
            assertThat(a.ask("peers").out()).doesNotContain("\nb ");

            try (Served b = Served.with(
                    "--name",
                    "b",
                    "--founders",
                    "a,b",
                    "--password-file",
                    right.toString(),
                    "--no-mesh-listen",
                    "--join",
                    "127.0.0.1:" + mesh)) {
                b.awaitReady();
                assertThat(b.ask("put", "k", "v").out()).isEqualTo("OK\n");
            }
        }
    }

    @Test
    void anotherClusterIsRefusedByName() {
        int mesh = Served.freePort();
        try (Served a = Served.with(
                        "--name",
                        "a",
                        "--founders",
                        "a,b",
                        "--cluster",
                        "orders",
                        "--listen-peer-urls",
                        "http://127.0.0.1:" + mesh);
                Served stranger = Served.with(
                        "--name",
                        "b",
                        "--founders",
                        "a,b",
                        "--cluster",
                        "invoices",
                        "--no-mesh-listen",
                        "--join",
                        "127.0.0.1:" + mesh)) {
            stranger.awaitStatus("peers", "cluster");

            assertThat(a.ask("peers").out()).doesNotContain("\nb ");
            assertThat(a.isRunning()).isTrue();
        }
    }

    @Test
    void anOversizeRequestIsRefusedAndTheMemberGoesOn() {
        try (Served lone = Served.with("--name", "lone")) {
            lone.awaitReady();

            Run tooLarge =
                    Run.with(java.util.Map.of(), "x".repeat(1_600_000), "put", "k", "--endpoints", lone.endpoint());

            assertThat(tooLarge.exit()).isEqualTo(1);
            assertThat(tooLarge.complaint()).isEqualTo("metcd: etcdserver: request is too large");
            assertThat(lone.ask("put", "k", "v").out()).isEqualTo("OK\n");
        }
    }

    @Test
    void garbageOnEitherPortIsRefusedAndTheMemberGoesOn() throws IOException {
        int mesh = Served.freePort();
        try (Served lone = Served.with("--name", "lone", "--listen-peer-urls", "http://127.0.0.1:" + mesh)) {
            lone.awaitReady();

            shout(mesh);
            shout(Integer.parseInt(lone.endpoint().split(":", -1)[1]));

            assertThat(lone.ask("put", "k", "v").out()).isEqualTo("OK\n");
        }
    }

    /** Sends what no protocol begins with, and waits until the other end hangs up. */
    private static void shout(int port) throws IOException {
        byte[] garbage = new byte[4096];
        new Random(1).nextBytes(garbage);
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setSoTimeout(30_000);
            socket.getOutputStream().write(garbage);
            socket.shutdownOutput();
            socket.getInputStream().readAllBytes();
        } catch (SocketException reset) {
            // Hanging up rudely is fine too.
        }
    }

    private static ServerSocket busyPort() throws IOException {
        return new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
    }

    private static String lastLine(Run run) {
        String[] lines = run.err().strip().split("\n", -1);
        return lines[lines.length - 1];
    }
}
