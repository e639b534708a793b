package io.metcd.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import org.junit.jupiter.api.Test;

/** {@code serve --role relay}: a peer that only carries (contract: flag.26, flag.27). */
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
        }
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
