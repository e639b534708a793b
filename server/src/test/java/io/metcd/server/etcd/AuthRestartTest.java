package io.metcd.server.etcd;

import static io.metcd.server.testing.Etcd.rangeRequest;
import static org.assertj.core.api.Assertions.assertThat;

import io.metcd.embed.Metcd;
import io.metcd.server.EtcdServer;
import io.metcd.server.ServerOptions;
import io.metcd.server.auth.AuthOptions;
import io.metcd.server.rpc.Code;
import io.metcd.server.rpc.Status;
import io.metcd.server.testing.Accounts;
import io.metcd.server.testing.GrpcClient;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What becomes of users when their member starts again. */
class AuthRestartTest {
    @TempDir
    private Path folder = Path.of("");

    /** contract: auth.token.3, auth.manage.3 */
    @Test
    void aTokenEndsWithTheMemberAndItsUserDoesNot() throws IOException {
        Map<String, String> before;
        try (Metcd node = start();
                EtcdServer server = open(node);
                GrpcClient client = new GrpcClient(server.port())) {
            assertThat(node.awaitReady(Duration.ofSeconds(30))).isTrue();
            Accounts accounts = new Accounts(client);
            accounts.enable();
            before = accounts.root();
            assertThat(read(client, before)).isEqualTo(Status.OK);
        }

        try (Metcd node = start();
                EtcdServer server = open(node);
                GrpcClient client = new GrpcClient(server.port())) {
            assertThat(node.awaitReady(Duration.ofSeconds(30))).isTrue();

            assertThat(read(client, before))
                    .isEqualTo(new Status(Code.UNAUTHENTICATED, "etcdserver: invalid auth token"));
            assertThat(read(client, new Accounts(client).login("root"))).isEqualTo(Status.OK);
        }
    }

    private Metcd start() {
        return Metcd.builder()
                .name("a")
                .cluster("restart")
                .founders("a")
                .noListen()
                .durable(folder.resolve("a"))
                .start();
    }

    private static EtcdServer open(Metcd node) throws IOException {
        AuthOptions auth = AuthOptions.simple(4, Duration.ofMinutes(5));
        return EtcdServer.open(node, ServerOptions.port(0).withAuth(auth));
    }

    private static Status read(GrpcClient client, Map<String, String> headers) {
        return client.failure("etcdserverpb.KV/Range", rangeRequest("a").build(), headers);
    }
}
