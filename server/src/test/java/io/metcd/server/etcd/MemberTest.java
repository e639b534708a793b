package io.metcd.server.etcd;

import static io.metcd.server.testing.Etcd.rangeRequest;
import static org.assertj.core.api.Assertions.assertThat;

import io.metcd.api.etcdserverpb.AlarmRequest;
import io.metcd.api.etcdserverpb.AlarmResponse;
import io.metcd.api.etcdserverpb.AuthStatusRequest;
import io.metcd.api.etcdserverpb.AuthStatusResponse;
import io.metcd.api.etcdserverpb.AuthenticateRequest;
import io.metcd.api.etcdserverpb.MemberListRequest;
import io.metcd.api.etcdserverpb.MemberListResponse;
import io.metcd.api.etcdserverpb.RangeResponse;
import io.metcd.api.etcdserverpb.StatusRequest;
import io.metcd.api.etcdserverpb.StatusResponse;
import io.metcd.api.health.HealthCheckRequest;
import io.metcd.api.health.HealthCheckResponse;
import io.metcd.server.rpc.Code;
import io.metcd.server.rpc.Status;
import io.metcd.server.testing.Etcd;
import io.metcd.server.testing.Watcher;
import java.net.http.HttpResponse;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What a member says of itself: Cluster, Maintenance, Auth, Health and the pages. */
class MemberTest {
    private static Etcd etcd;

    @BeforeAll
    static void start() {
        etcd = Etcd.start();
    }

    @AfterAll
    static void stop() {
        etcd.close();
    }

    /** contract: cluster.list.1, wire.header.3 */
    @Test
    void theMemberListNamesThisMemberAndItsHeaderHasNoRevision() {
        for (boolean linearizable : new boolean[] {false, true}) {
            MemberListRequest request =
                    MemberListRequest.newBuilder().setLinearizable(linearizable).build();

            MemberListResponse list =
                    etcd.client().call("etcdserverpb.Cluster/MemberList", request, MemberListResponse.parser());

            assertThat(list.getHeader().getRevision()).isZero();
            assertThat(list.getMembersList()).hasSize(1);
            assertThat(list.getMembers(0).getName()).isEqualTo("a");
            assertThat(list.getMembers(0).getID()).isEqualTo(list.getHeader().getMemberId());
        }
    }

    /** contract: maint.status.1, maint.status.2, wire.version.1 */
    @Test
    void theStatusSaysWhoLeadsAndHowFarThisMemberIs() {
        StatusResponse status = etcd.client()
                .call("etcdserverpb.Maintenance/Status", StatusRequest.getDefaultInstance(), StatusResponse.parser());

        assertThat(status.getVersion()).matches("3\\.6\\.\\d+");
        assertThat(status.getStorageVersion()).matches("\\d+\\.\\d+\\.\\d+");
        assertThat(status.getLeader()).isEqualTo(status.getHeader().getMemberId());
        assertThat(status.getRaftTerm()).isPositive();
        assertThat(status.getRaftAppliedIndex()).isPositive().isLessThanOrEqualTo(status.getRaftIndex());
        assertThat(status.getDbSizeQuota())
                .isEqualTo(etcd.replica().config().limits().quotaBytes());
        assertThat(status.hasDowngradeInfo()).isTrue();
        assertThat(status.getErrorsList()).isEmpty();
    }

    /** contract: maint.alarm.1 */
    @Test
    void thereAreNoAlarms() {
        AlarmResponse alarms = etcd.client()
                .call("etcdserverpb.Maintenance/Alarm", AlarmRequest.getDefaultInstance(), AlarmResponse.parser());

        assertThat(alarms.getAlarmsCount()).isZero();
        assertThat(alarms.getHeader().getMemberId()).isNotZero();
    }

    /** contract: auth.token.1 */
    @Test
    void authenticationIsOff() {
        assertThat(etcd.failure("etcdserverpb.Auth/Authenticate", AuthenticateRequest.getDefaultInstance()))
                .isEqualTo(new Status(Code.FAILED_PRECONDITION, "etcdserver: authentication is not enabled"));
        assertThat(etcd.client()
                        .call(
                                "etcdserverpb.Auth/AuthStatus",
                                AuthStatusRequest.getDefaultInstance(),
                                AuthStatusResponse.parser())
                        .getEnabled())
                .isFalse();
        RangeResponse withToken = etcd.client()
                .call(
                        "etcdserverpb.KV/Range",
                        rangeRequest("x").build(),
                        RangeResponse.parser(),
                        Map.of("token", "nonsense"));
        assertThat(withToken.hasHeader()).isTrue();
    }

    /** contract: wire.services.2, wire.services.3 */
    @Test
    void theServerServesAndUnknownMethodsAreUnimplemented() {
        HealthCheckResponse health = etcd.client()
                .call(
                        "grpc.health.v1.Health/Check",
                        HealthCheckRequest.getDefaultInstance(),
                        HealthCheckResponse.parser());

        assertThat(health.getStatus()).isEqualTo(HealthCheckResponse.ServingStatus.SERVING);
        assertThat(etcd.failure(
                        "etcdserverpb.KV/RangeBackwards", rangeRequest("x").build()))
                .isEqualTo(new Status(Code.UNIMPLEMENTED, "unknown method RangeBackwards for service etcdserverpb.KV"));
    }

    /** contract: wire.meta.1, wire.meta.2 */
    @Test
    void metadataThatAsksForALeaderIsFulfilledAndABadVersionRefused() {
        RangeResponse response = etcd.client()
                .call(
                        "etcdserverpb.KV/Range",
                        rangeRequest("x").build(),
                        RangeResponse.parser(),
                        Map.of("hasleader", "true", "client-api-version", "3.5.9"));

        assertThat(response.hasHeader()).isTrue();
        assertThat(etcd.client()
                        .failure(
                                "etcdserverpb.KV/Range",
                                rangeRequest("x").build(),
                                Map.of("client-api-version", "\u00ff\u00fe")))
                .isEqualTo(new Status(Code.INVALID_ARGUMENT, "etcdserver: invalid client api version"));
    }

    /** contract: http.health.1, http.health.2, http.version.1, wire.port.4 */
    @Test
    void thePagesForProbes() {
        HttpResponse<String> health = Metric.get(etcd, "/health");
        HttpResponse<String> version = Metric.get(etcd, "/version");

        assertThat(health.statusCode()).isEqualTo(200);
        assertThat(health.body()).isEqualTo("{\"health\":\"true\",\"reason\":\"\"}");
        assertThat(Metric.get(etcd, "/health?serializable=true&exclude=NOSPACE").statusCode())
                .isEqualTo(200);
        assertThat(Metric.post(etcd, "/health").statusCode()).isEqualTo(405);
        assertThat(version.body())
                .matches("\\{\"etcdserver\":\"3\\.6\\.\\d+\",\"etcdcluster\":\"3\\.6\\.0\",\"storage\":\"3\\.6\\.0\"}");
        assertThat(Metric.get(etcd, "/nothing").statusCode()).isEqualTo(404);
    }

    /** contract: http.metrics.1 */
    @Test
    void theMetricsHaveEtcdsNames() {
        etcd.put("metric", "x");

        String page = Metric.get(etcd, "/metrics").body();

        assertThat(page.lines())
                .contains("etcd_server_has_leader 1", "# TYPE etcd_server_proposals_committed_total gauge")
                .anyMatch(line -> line.startsWith("etcd_mvcc_db_total_size_in_bytes "))
                .anyMatch(line -> line.startsWith("grpc_server_handled_total{grpc_code=\"OK\",grpc_method=\"Put\","
                                + "grpc_service=\"etcdserverpb.KV\",grpc_type=\"unary\"} ")
                        && !line.endsWith(" 0"));
    }

    /** contract: error.7 */
    @Test
    void aServerThatClosesEndsItsWatches() {
        Etcd closing = Etcd.start();
        Watcher watcher = closing.watcher();
        watcher.created(Watcher.key("x"));

        closing.server().close();

        assertThat(watcher.stream().status()).isEqualTo(new Status(Code.UNAVAILABLE, "etcdserver: server stopped"));
        closing.close();
    }
}
