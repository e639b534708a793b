package io.metcd.server.etcd;

import static io.metcd.server.testing.Etcd.put;
import static io.metcd.server.testing.Etcd.putRequest;
import static io.metcd.server.testing.Etcd.range;
import static io.metcd.server.testing.Etcd.rangeRequest;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.MessageLite;
import io.metcd.api.etcdserverpb.HashKVRequest;
import io.metcd.api.etcdserverpb.HashKVResponse;
import io.metcd.api.etcdserverpb.LeaseGrantRequest;
import io.metcd.api.etcdserverpb.LeaseGrantResponse;
import io.metcd.api.etcdserverpb.LeaseKeepAliveRequest;
import io.metcd.api.etcdserverpb.LeaseKeepAliveResponse;
import io.metcd.api.etcdserverpb.LeaseLeasesRequest;
import io.metcd.api.etcdserverpb.LeaseLeasesResponse;
import io.metcd.api.etcdserverpb.LeaseTimeToLiveRequest;
import io.metcd.api.etcdserverpb.MemberListRequest;
import io.metcd.api.etcdserverpb.MemberListResponse;
import io.metcd.api.etcdserverpb.RangeResponse;
import io.metcd.api.etcdserverpb.TxnRequest;
import io.metcd.server.rpc.Code;
import io.metcd.server.rpc.Status;
import io.metcd.server.testing.GrpcClient;
import io.metcd.server.testing.GrpcStream;
import io.metcd.server.testing.Trio;
import io.metcd.server.testing.Watcher;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The last of three members while the other two are away, and when one of them has come back. */
class QuorumReturnsTest {
    private static final Status NO_LEADER = new Status(Code.UNAVAILABLE, "etcdserver: no leader");
    private static final Map<String, String> HAS_LEADER = Map.of("hasleader", "true");
    private static final Map<String, String> SHORTLY = Map.of("grpc-timeout", "300m");
    private static final String RANGE = "etcdserverpb.KV/Range";
    private static final String KEEP_ALIVE = "etcdserverpb.Lease/LeaseKeepAlive";
    private static final String WATCH = "etcdserverpb.Watch/Watch";
    private static final long LEASE = 7;

    @TempDir
    private Path folder = Path.of("");

    private Trio trio;
    private GrpcClient last;

    @BeforeEach
    void start() {
        trio = new Trio(folder);
        last = trio.client("c");
        LeaseGrantRequest grant =
                LeaseGrantRequest.newBuilder().setID(LEASE).setTTL(600).build();
        last.call("etcdserverpb.Lease/LeaseGrant", grant, LeaseGrantResponse.parser());
    }

    @AfterEach
    void stop() {
        trio.close();
    }

    private void leaveAlone() {
        trio.stop("a");
        trio.stop("b");
        while (trio.node("c").replica().status().hasLeader()) {
            last.failure(RANGE, rangeRequest("k").build(), SHORTLY);
        }
    }

    private void comeBack() {
        trio.start("a");
        trio.awaitReady();
    }

    /** contract: lease.alive.4, watch.end.3, watch.end.4 */
    @Test
    void streamsThatAskForALeaderEndAndNewOnesWorkWhenThereIsOneAgain() {
        GrpcStream demanding = last.open(KEEP_ALIVE, HAS_LEADER);
        GrpcStream content = last.open(KEEP_ALIVE);
        assertThat(renewed(demanding)).isEqualTo(600);
        assertThat(renewed(content)).isEqualTo(600);

        leaveAlone();

        assertThat(demanding.status()).isEqualTo(NO_LEADER);
        try (GrpcStream refused = last.open(KEEP_ALIVE, HAS_LEADER)) {
            refused.send(request());
            assertThat(refused.status()).isEqualTo(NO_LEADER);
        }
        try (Watcher refused = new Watcher(last.open(WATCH, HAS_LEADER))) {
            refused.create(Watcher.key("k"));
            assertThat(refused.stream().status()).isEqualTo(NO_LEADER);
        }
        assertThat(content.isOpen()).isTrue();

        comeBack();

        assertThat(renewed(content)).as("on the stream that it had before").isEqualTo(600);
        try (GrpcStream again = last.open(KEEP_ALIVE, HAS_LEADER);
                Watcher watcher = new Watcher(last.open(WATCH, HAS_LEADER))) {
            assertThat(renewed(again)).isEqualTo(600);
            assertThat(watcher.created(Watcher.key("k")).getCreated()).isTrue();
        }
        content.close();
    }

    /** contract: kv.txn.23, wire.timeout.3, wire.retry.1 */
    @Test
    void aTransactionFailsMeanwhileAndHappenedAtMostOnceInTheEnd() {
        leaveAlone();
        TxnRequest txn =
                TxnRequest.newBuilder().addSuccess(put(putRequest("once", "x"))).build();

        assertThat(last.failure("etcdserverpb.KV/Txn", txn, SHORTLY).code())
                .isIn(Code.UNAVAILABLE, Code.DEADLINE_EXCEEDED);

        comeBack();
        RangeResponse after = last.call(RANGE, rangeRequest("once").build(), RangeResponse.parser());
        assertThat(after.getKvsList()).allMatch(pair -> pair.getVersion() == 1);
    }

    /** contract: read.1, read.3, kv.range.21 */
    @Test
    void whatAMemberAnswersAloneItStillAnswersAndTheRestItDoesNot() {
        leaveAlone();

        assertThat(last.call(RANGE, rangeRequest("k").setSerializable(true).build(), RangeResponse.parser())
                        .hasHeader())
                .isTrue();
        assertThat(last.call(
                                "etcdserverpb.Lease/LeaseLeases",
                                LeaseLeasesRequest.getDefaultInstance(),
                                LeaseLeasesResponse.parser())
                        .getLeasesCount())
                .isEqualTo(1);
        assertThat(last.call(
                                "etcdserverpb.Maintenance/HashKV",
                                HashKVRequest.getDefaultInstance(),
                                HashKVResponse.parser())
                        .getHash())
                .isNotZero();
        assertThat(last.call("etcdserverpb.Cluster/MemberList", list(false), MemberListResponse.parser())
                        .getMembersCount())
                .isEqualTo(3);

        assertUnanswered("etcdserverpb.Cluster/MemberList", list(true));
        assertUnanswered(RANGE, rangeRequest("k").build());
        assertUnanswered(
                "etcdserverpb.KV/Txn",
                TxnRequest.newBuilder().addSuccess(range(rangeRequest("k"))).build());
        assertUnanswered(
                "etcdserverpb.Lease/LeaseTimeToLive",
                LeaseTimeToLiveRequest.newBuilder().setID(LEASE).build());
    }

    /** contract: wire.checks.1 */
    @Test
    void theVersionOfTheClientIsLookedAtBeforeTheLeaderAndThatBeforeTheRequest() {
        leaveAlone();
        MessageLite shapeless = putRequest("", "x").build();

        assertThat(last.failure(
                        "etcdserverpb.KV/Put",
                        shapeless,
                        Map.of("hasleader", "true", "client-api-version", "\u00ff\u00fe")))
                .isEqualTo(new Status(Code.INVALID_ARGUMENT, "etcdserver: invalid client api version"));
        assertThat(last.failure("etcdserverpb.KV/Put", shapeless, HAS_LEADER)).isEqualTo(NO_LEADER);
        assertThat(last.failure("etcdserverpb.KV/Put", shapeless, Map.of()))
                .isEqualTo(new Status(Code.INVALID_ARGUMENT, "etcdserver: key is not provided"));
    }

    private void assertUnanswered(String method, MessageLite request) {
        assertThat(last.failure(method, request, SHORTLY).code())
                .as(method)
                .isIn(Code.UNAVAILABLE, Code.DEADLINE_EXCEEDED);
    }

    private static MemberListRequest list(boolean linearizable) {
        return MemberListRequest.newBuilder().setLinearizable(linearizable).build();
    }

    private static LeaseKeepAliveRequest request() {
        return LeaseKeepAliveRequest.newBuilder().setID(LEASE).build();
    }

    private static long renewed(GrpcStream stream) {
        stream.send(request());
        return stream.next(LeaseKeepAliveResponse.parser()).getTTL();
    }
}
