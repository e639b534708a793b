package io.metcd.server.etcd;

import static io.metcd.server.testing.Etcd.putRequest;
import static io.metcd.server.testing.Etcd.rangeRequest;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.MessageLite;
import io.metcd.api.authpb.UserAddOptions;
import io.metcd.api.etcdserverpb.AuthUserAddRequest;
import io.metcd.api.etcdserverpb.AuthUserChangePasswordRequest;
import io.metcd.api.etcdserverpb.AuthUserChangePasswordResponse;
import io.metcd.api.etcdserverpb.AuthUserDeleteRequest;
import io.metcd.api.etcdserverpb.AuthUserRevokeRoleRequest;
import io.metcd.api.etcdserverpb.AuthUserRevokeRoleResponse;
import io.metcd.api.etcdserverpb.MemberAddRequest;
import io.metcd.api.etcdserverpb.MemberPromoteRequest;
import io.metcd.api.etcdserverpb.MemberRemoveRequest;
import io.metcd.api.etcdserverpb.MemberUpdateRequest;
import io.metcd.api.etcdserverpb.RangeResponse;
import io.metcd.embed.Metcd;
import io.metcd.node.Replica;
import io.metcd.node.TurnListener;
import io.metcd.server.EtcdServer;
import io.metcd.server.ServerOptions;
import io.metcd.server.auth.AuthOptions;
import io.metcd.server.rpc.Code;
import io.metcd.server.rpc.Status;
import io.metcd.server.testing.Accounts;
import io.metcd.server.testing.GrpcClient;
import io.metcd.server.testing.GrpcStream;
import io.metcd.server.testing.Http;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A member that has not heard yet of what was taken from a user lets it do nothing that is root's. */
class LaggingMemberTest {
    private static final Status DENIED = new Status(Code.PERMISSION_DENIED, "etcdserver: permission denied");
    private static final Status NO_TOKEN = new Status(Code.UNAUTHENTICATED, "etcdserver: invalid auth token");

    private final List<Metcd> nodes = new ArrayList<>();
    private final List<AutoCloseable> open = new ArrayList<>();
    private Accounts accounts;
    private GrpcClient behind;
    private int behindPort;
    private Replica lagging;

    /** A second root, who has used its token at the member that will be behind. */
    private Map<String, String> operator;

    @BeforeEach
    void start() throws IOException {
        startThree();
        Metcd follower = nodes.stream()
                .filter(node -> !node.replica().status().isLeader())
                .findFirst()
                .orElseThrow();
        Metcd other =
                nodes.stream().filter(node -> node != follower).findFirst().orElseThrow();
        lagging = follower.replica();
        EtcdServer server = server(follower);
        behindPort = server.port();
        behind = client(server);
        accounts = new Accounts(client(server(other)));
        accounts.enable();
        accounts.addUser("operator");
        accounts.grantRole("operator", "root");
        operator = accounts.login("operator");
        behind.call("etcdserverpb.KV/Range", rangeRequest("a").build(), RangeResponse.parser(), operator);
    }

    @AfterEach
    void stop() throws Exception {
        for (AutoCloseable each : open) {
            each.close();
        }
        nodes.forEach(Metcd::close);
    }

    /** contract: auth.manage.4, auth.check.4 */
    @Test
    void whoIsRootNoMoreChangesNoMembers() {
        List<GrpcStream> calls = new ArrayList<>();
        whileItHearsNothing(() -> {
            revokeRoot();

            calls.add(ask(
                    "Cluster/MemberAdd",
                    MemberAddRequest.newBuilder()
                            .addPeerURLs("http://127.0.0.1:1")
                            .setIsLearner(true)
                            .build()));
            calls.add(ask(
                    "Cluster/MemberRemove",
                    MemberRemoveRequest.newBuilder().setID(5).build()));
            calls.add(ask(
                    "Cluster/MemberUpdate",
                    MemberUpdateRequest.newBuilder().setID(5).build()));
            calls.add(ask(
                    "Cluster/MemberPromote",
                    MemberPromoteRequest.newBuilder().setID(5).build()));
            everythingSoFarWasJudged();
        });

        assertThat(calls).extracting(GrpcStream::status).containsOnly(DENIED);
        assertThat(lagging.root().members()).hasSize(3);
    }

    /** contract: auth.token.3 */
    @Test
    void aTokenOfAnOldPasswordMakesNoUsers() {
        List<GrpcStream> calls = new ArrayList<>();
        whileItHearsNothing(() -> {
            AuthUserChangePasswordRequest change = AuthUserChangePasswordRequest.newBuilder()
                    .setName("operator")
                    .setPassword("another")
                    .build();
            accounts.call("UserChangePassword", change, AuthUserChangePasswordResponse.parser());

            calls.add(ask(
                    "Auth/UserAdd",
                    AuthUserAddRequest.newBuilder()
                            .setName("own")
                            .setOptions(UserAddOptions.newBuilder().setNoPassword(true))
                            .build()));
            everythingSoFarWasJudged();
        });

        assertThat(calls).extracting(GrpcStream::status).containsOnly(NO_TOKEN);
        assertThat(lagging.root().auth().user("own")).isEmpty();
    }

    /** contract: http.metcd.3 */
    @Test
    void whoIsRootNoMoreTakesNothingFromThePagesForOperators() {
        String authorization = "Authorization: " + operator.get("token") + "\r\n";
        try (Http autopilot = new Http(behindPort);
                Http snapshot = new Http(behindPort);
                Http local = new Http(behindPort)) {
            whileItHearsNothing(() -> {
                revokeRoot();

                autopilot.begin("POST", "/metcd/v1/autopilot?switch=pause", authorization);
                snapshot.begin("GET", "/metcd/v1/snapshot", authorization);
                local.begin("GET", "/metcd/v1/snapshot?local=true", authorization);
                assertThat(Http.get(behindPort, "/version").status()).isEqualTo(200);
            });

            assertThat(autopilot.head().status()).isEqualTo(403);
            assertThat(snapshot.head().status()).isEqualTo(403);
            assertThat(local.head().status()).isEqualTo(403);
        }
    }

    /** contract: http.metcd.2, http.metcd.3; it still takes the others for there when it is asked. */
    @Test
    void theLastMemberGivesItsStateByWhatItKnows() {
        try (Http snapshot = new Http(behindPort)) {
            whileItHearsNothing(() -> {
                nodes.stream().filter(node -> node.replica() != lagging).forEach(Metcd::close);

                snapshot.begin(
                        "GET", "/metcd/v1/snapshot?local=true", "Authorization: " + operator.get("token") + "\r\n");
                assertThat(Http.get(behindPort, "/version").status()).isEqualTo(200);
            });

            assertThat(snapshot.head().status()).isEqualTo(200);
        }
    }

    /** contract: auth.manage.4 */
    @Test
    void whoHasNoNameIsLetInOnceNoneIsAskedFor() {
        List<GrpcStream> calls = new ArrayList<>();
        AuthUserDeleteRequest delete =
                AuthUserDeleteRequest.newBuilder().setName("operator").build();
        whileItHearsNothing(() -> {
            accounts.disable();

            calls.add(ask("Auth/UserDelete", delete, Map.of()));
            calls.add(ask("KV/Put", putRequest("a", "b").build(), Map.of()));
            everythingSoFarWasJudged();
        });

        assertThat(calls).extracting(GrpcStream::status).containsOnly(Status.OK);
    }

    /** The thread that would hear of anything is kept busy meanwhile. */
    private void whileItHearsNothing(Runnable story) {
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch over = new CountDownLatch(1);
        TurnListener busy = (root, events) -> {
            begun.countDown();
            await(over);
        };
        lagging.subscribe(busy);
        await(begun);
        try {
            story.run();
        } finally {
            over.countDown();
            lagging.unsubscribe(busy);
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException interrupted) {
            throw new AssertionError(interrupted);
        }
    }

    private void revokeRoot() {
        AuthUserRevokeRoleRequest revoke = AuthUserRevokeRoleRequest.newBuilder()
                .setName("operator")
                .setRole("root")
                .build();
        accounts.call("UserRevokeRole", revoke, AuthUserRevokeRoleResponse.parser());
    }

    /** Asks the member that is behind, as the operator. */
    private GrpcStream ask(String method, MessageLite request) {
        return ask(method, request, operator);
    }

    private GrpcStream ask(String method, MessageLite request, Map<String, String> caller) {
        GrpcStream call = behind.open("etcdserverpb." + method, caller);
        call.send(request);
        call.halfClose();
        return call;
    }

    /** What the member can answer by itself is answered behind what was asked before on the same connection. */
    private void everythingSoFarWasJudged() {
        behind.call(
                "etcdserverpb.KV/Range",
                rangeRequest("a").setSerializable(true).build(),
                RangeResponse.parser(),
                operator);
    }

    private void startThree() {
        Metcd first = builder("a").listen("127.0.0.1:0").start();
        nodes.add(first);
        String seed = first.replica().config().peerUrls().get(0).substring("http://".length());
        for (String name : List.of("b", "c")) {
            nodes.add(builder(name).noListen().join(seed).start());
        }
        for (Metcd node : nodes) {
            assertThat(node.awaitReady(Duration.ofSeconds(30)))
                    .as(node::waitsFor)
                    .isTrue();
        }
    }

    private static Metcd.Builder builder(String name) {
        return Metcd.builder()
                .name(name)
                .cluster("lagging")
                .founders("a", "b", "c")
                .ephemeral();
    }

    private EtcdServer server(Metcd node) throws IOException {
        AuthOptions auth = AuthOptions.simple(4, Duration.ofMinutes(5));
        EtcdServer server =
                EtcdServer.open(node, ServerOptions.port(0).withEventLoops(1).withAuth(auth));
        open.add(server);
        return server;
    }

    private GrpcClient client(EtcdServer server) {
        GrpcClient client = new GrpcClient(server.port());
        open.add(0, client);
        return client;
    }
}
