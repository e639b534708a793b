package io.metcd.server.vertx;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.UnixOperatingSystemMXBean;
import io.metcd.server.testing.TestAuthority;
import io.metcd.server.tls.ServerTls;
import io.metcd.server.tls.TlsSettings;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Hundreds of clients that connect, in the clear and with TLS, and say nothing to the point (contract: wire.port.5). */
class SlowClientsTest {
    private static final int MAX = 400;
    private static final ConnectionRules IMPATIENT =
            ConnectionRules.DEFAULT.withConnections(MAX, Duration.ofMillis(700), Duration.ofMinutes(1));

    /** Nothing, one byte, half a preface of HTTP/2, a request without an end, and the beginning of a handshake. */
    private static final List<String> BEGINNINGS =
            List.of("", "P", "PRI * HTTP/2.0\r\n", "POST /v3/kv/put HTTP/1.1\r\nx: ", "\u0016\u0003\u0001\u0002");

    private final ConnectionCount connections = new ConnectionCount();
    private final List<Socket> slow = new ArrayList<>();
    private Rig plain;
    private Rig encrypted;

    @BeforeEach
    void open() throws Exception {
        TlsSettings settings = new TlsSettings(
                new TlsSettings.InMemory(new TestAuthority("authority").server()),
                Optional.empty(),
                List.of("TLSv1.3"),
                List.of());
        plain = new Rig(options());
        encrypted = new Rig(options().withTls(Optional.of(ServerTls.load(settings))));
    }

    private PortOptions options() {
        return Rig.options().withRules(IMPATIENT).withConnections(connections);
    }

    @AfterEach
    void close() throws IOException {
        for (Socket socket : slow) {
            socket.close();
        }
        plain.close();
        encrypted.close();
    }

    @Test
    void areAllClosedInTimeAndLeaveNothing() throws IOException {
        assertThat(plain.echo("before")).isEqualTo("before");
        long before = descriptors();

        for (int i = 0; i < MAX + 100; i++) {
            Socket socket = new Socket("127.0.0.1", (i % 2 == 0 ? plain : encrypted).port());
            socket.setSoTimeout(20_000);
            slow.add(socket);
            String beginning = BEGINNINGS.get(i / 2 % BEGINNINGS.size());
            try {
                socket.getOutputStream().write(beginning.getBytes(StandardCharsets.ISO_8859_1));
            } catch (IOException oneTooMany) {
                assertThat(i).isGreaterThanOrEqualTo(MAX - 1);
            }
        }
        assertThat(connections.open()).isLessThanOrEqualTo(MAX);
        assertThat(plain.echo("meanwhile")).isEqualTo("meanwhile");

        for (Socket socket : slow) {
            assertThat(isClosed(socket)).isTrue();
            socket.close();
        }
        assertThat(plain.echo("after")).isEqualTo("after");
        Rig.await(() -> connections.open() == 1 && descriptors() <= before, this::left);
    }

    private String left() {
        return connections.open() + " connections, " + descriptors() + " descriptors";
    }

    /** Whether the server ends the connection, whatever it says before. */
    private static boolean isClosed(Socket socket) throws IOException {
        try {
            socket.getInputStream().readAllBytes();
            return true;
        } catch (java.net.SocketTimeoutException open) {
            return false;
        } catch (IOException reset) {
            return true;
        }
    }

    private static long descriptors() {
        return ((UnixOperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean()).getOpenFileDescriptorCount();
    }
}
