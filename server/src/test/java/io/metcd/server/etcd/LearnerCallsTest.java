package io.metcd.server.etcd;

import static io.metcd.server.testing.Etcd.rangeRequest;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Descriptors.FileDescriptor;
import com.google.protobuf.Descriptors.MethodDescriptor;
import com.google.protobuf.DynamicMessage;
import io.metcd.api.etcdserverpb.ClusterProto;
import io.metcd.api.etcdserverpb.KvProto;
import io.metcd.api.etcdserverpb.LeaseProto;
import io.metcd.api.etcdserverpb.MaintenanceProto;
import io.metcd.api.etcdserverpb.RangeResponse;
import io.metcd.api.etcdserverpb.StatusRequest;
import io.metcd.api.etcdserverpb.StatusResponse;
import io.metcd.api.etcdserverpb.UserProto;
import io.metcd.api.etcdserverpb.WatchProto;
import io.metcd.api.v3electionpb.ElectionProto;
import io.metcd.api.v3lockpb.LockProto;
import io.metcd.embed.Metcd;
import io.metcd.node.autopilot.Mode;
import io.metcd.server.EtcdServer;
import io.metcd.server.rpc.Code;
import io.metcd.server.rpc.Status;
import io.metcd.server.testing.GrpcClient;
import io.metcd.server.testing.GrpcStream;
import io.metcd.server.testing.Http;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every method of the API, asked of a learner. */
class LearnerCallsTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final Status REFUSED =
            new Status(Code.FAILED_PRECONDITION, "etcdserver: rpc not supported for learner");

    /** What a learner answers as others do, beside a read that is serializable. */
    private static final Set<String> ANSWERED = Set.of("Status", "Snapshot", "Hash");

    private static final List<FileDescriptor> FILES = List.of(
            KvProto.getDescriptor(),
            WatchProto.getDescriptor(),
            LeaseProto.getDescriptor(),
            ClusterProto.getDescriptor(),
            MaintenanceProto.getDescriptor(),
            UserProto.getDescriptor(),
            LockProto.getDescriptor(),
            ElectionProto.getDescriptor());

    @TempDir
    private Path folder = Path.of("");

    /** contract: wire.member.1, wire.checks.1 */
    @Test
    void itAnswersSerializableReadsAndItsStatusAndNothingElse() throws IOException {
        try (Metcd founder = builder("a").founders("a").listen("127.0.0.1:0").start();
                EtcdServer server = EtcdServer.open(founder, 0)) {
            assertThat(founder.awaitReady(PATIENCE)).isTrue();
            assertThat(Http.post(
                                    server.port(),
                                    "/v3/cluster/member/add",
                                    "{\"peerURLs\":[\"http://127.0.0.1:1\"],\"isLearner\":true}")
                            .status())
                    .isEqualTo(200);
            String seed = founder.replica().config().peerUrls().get(0).substring("http://".length());
            try (Metcd learner = builder("b")
                            .peerUrls(List.of("http://127.0.0.1:1"))
                            .existing()
                            .listen("127.0.0.1:0")
                            .join(seed)
                            .start();
                    EtcdServer door = EtcdServer.open(learner, 0);
                    GrpcClient client = new GrpcClient(door.port())) {
                assertThat(learner.awaitReady(PATIENCE)).as(learner::waitsFor).isTrue();
                askEverything(client);
            }
        }
    }

    private static void askEverything(GrpcClient client) {
        for (FileDescriptor file : FILES) {
            file.getServices().stream()
                    .flatMap(service -> service.getMethods().stream())
                    .filter(method -> !ANSWERED.contains(method.getName()))
                    .forEach(method -> assertThat(ask(client, method))
                            .as(method.getFullName())
                            .isEqualTo(REFUSED));
        }
        assertThat(client.call(
                                "etcdserverpb.KV/Range",
                                rangeRequest("k").setSerializable(true).build(),
                                RangeResponse.parser())
                        .getHeader()
                        .getRevision())
                .isPositive();
        assertThat(client.call(
                                "etcdserverpb.Maintenance/Status",
                                StatusRequest.getDefaultInstance(),
                                StatusResponse.parser())
                        .getIsLearner())
                .isTrue();
        assertThat(client.failure(
                        "etcdserverpb.KV/Range",
                        rangeRequest("k").build(),
                        Map.of("client-api-version", "\u00ff\u00fe")))
                .as("that it is a learner comes first")
                .isEqualTo(REFUSED);
    }

    private static Status ask(GrpcClient client, MethodDescriptor method) {
        String path = method.getService().getFullName() + "/" + method.getName();
        try (GrpcStream stream = client.open(path)) {
            stream.send(DynamicMessage.getDefaultInstance(method.getInputType()));
            stream.halfClose();
            return stream.status();
        }
    }

    private Metcd.Builder builder(String name) {
        return Metcd.builder()
                .name(name)
                .cluster("learner")
                .durable(folder.resolve(name))
                .autopilot(Mode.OFF);
    }
}
