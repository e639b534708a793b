package io.metcd.server.etcd;

import static io.metcd.server.testing.Etcd.putRequest;
import static org.assertj.core.api.Assertions.assertThat;

import io.metcd.api.etcdserverpb.AlarmMember;
import io.metcd.api.etcdserverpb.AlarmRequest;
import io.metcd.api.etcdserverpb.AlarmRequest.AlarmAction;
import io.metcd.api.etcdserverpb.AlarmResponse;
import io.metcd.api.etcdserverpb.AlarmType;
import io.metcd.api.etcdserverpb.DefragmentRequest;
import io.metcd.api.etcdserverpb.DefragmentResponse;
import io.metcd.api.etcdserverpb.LeaseGrantRequest;
import io.metcd.api.etcdserverpb.PutRequest;
import io.metcd.api.etcdserverpb.RequestOp;
import io.metcd.api.etcdserverpb.StatusRequest;
import io.metcd.api.etcdserverpb.StatusResponse;
import io.metcd.api.etcdserverpb.TxnRequest;
import io.metcd.server.ServerOptions;
import io.metcd.server.rpc.Code;
import io.metcd.server.rpc.Status;
import io.metcd.server.testing.Etcd;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What the quota and the alarms forbid, as etcd's clients see it. */
class SpaceTest {
    private static final Status NO_SPACE =
            new Status(Code.RESOURCE_EXHAUSTED, "etcdserver: mvcc: database space exceeded");
    private static final int QUOTA = 2000;

    private final Etcd etcd = Etcd.start(ServerOptions.port(0), member -> member.quotaBytes(QUOTA));

    @BeforeEach
    void aMemberWithLittleRoomLeft() {
        etcd.put("a", "x".repeat(1000));
    }

    @AfterEach
    void close() {
        etcd.close();
    }

    /** contract: quota.1, quota.3 */
    @Test
    void aFullStoreRefusesWritesAndRaisesAnAlarmThatStaysUntilItIsDisarmed() {
        assertThat(failureOfPut("b", 1000)).isEqualTo(NO_SPACE);
        assertThat(alarms(AlarmAction.GET, 0, AlarmType.NONE)).containsExactly(alarm(memberId(), AlarmType.NOSPACE));
        assertThat(failureOfPut("b", 1)).isEqualTo(NO_SPACE);

        assertThat(etcd.get("a").getCount()).isEqualTo(1);
        long deleted = etcd.delete("a").getHeader().getRevision();
        etcd.compact(deleted);
        etcd.client()
                .call(
                        "etcdserverpb.Maintenance/Defragment",
                        DefragmentRequest.getDefaultInstance(),
                        DefragmentResponse.parser());
        assertThat(failureOfPut("b", 1000)).isEqualTo(NO_SPACE);

        assertThat(alarms(AlarmAction.DEACTIVATE, memberId(), AlarmType.NOSPACE))
                .containsExactly(alarm(memberId(), AlarmType.NOSPACE));
        etcd.put("b", "x".repeat(1000));
        assertThat(alarms(AlarmAction.GET, 0, AlarmType.NONE)).isEmpty();
    }

    /** contract: quota.1, wire.checks.1 */
    @Test
    void whatDoesNotFitIsRefusedBeforeItsFormIsLookedAt() {
        assertThat(failureOfPut("", 1000)).isEqualTo(NO_SPACE);
        assertThat(etcd.failure(
                        "etcdserverpb.KV/Txn",
                        nested(nested(putRequest("b", "x".repeat(1000)).build()))))
                .isEqualTo(NO_SPACE);
    }

    /** contract: quota.2 */
    @Test
    void anAlarmOfAnyMemberForbidsWhatTakesRoom() {
        assertThat(alarms(AlarmAction.ACTIVATE, 123, AlarmType.NOSPACE)).containsExactly(alarm(123, AlarmType.NOSPACE));

        assertThat(failureOfPut("b", 1)).isEqualTo(NO_SPACE);
        assertThat(etcd.failure(
                        "etcdserverpb.Lease/LeaseGrant",
                        LeaseGrantRequest.newBuilder().setTTL(60).build()))
                .isEqualTo(NO_SPACE);
        assertThat(etcd.failure("etcdserverpb.KV/Put", PutRequest.getDefaultInstance()))
                .isEqualTo(new Status(Code.INVALID_ARGUMENT, "etcdserver: key is not provided"));

        alarms(AlarmAction.DEACTIVATE, 123, AlarmType.NOSPACE);
        etcd.put("b", "x");
    }

    /** contract: quota.4 */
    @Test
    void whatNamesNoKindOrClearsWhatDoesNotStandHasNoEffect() {
        assertThat(alarms(AlarmAction.ACTIVATE, 5, AlarmType.NONE)).isEmpty();
        assertThat(alarms(AlarmAction.DEACTIVATE, 5, AlarmType.NOSPACE)).isEmpty();
        assertThat(alarms(AlarmAction.GET, 0, AlarmType.NONE)).isEmpty();
    }

    /** contract: quota.5 */
    @Test
    void whenStatesMayHavePartedWritesAreDataLoss() {
        alarms(AlarmAction.ACTIVATE, 5, AlarmType.CORRUPT);

        Status corrupt = new Status(Code.DATA_LOSS, "etcdserver: corrupt cluster");
        assertThat(failureOfPut("b", 1)).isEqualTo(corrupt);
        assertThat(etcd.get("a").getCount()).isEqualTo(1);
        assertThat(alarms(AlarmAction.GET, 0, AlarmType.NOSPACE)).isEmpty();
        assertThat(alarms(AlarmAction.GET, 0, AlarmType.CORRUPT)).hasSize(1);

        alarms(AlarmAction.ACTIVATE, 5, AlarmType.NOSPACE);
        assertThat(failureOfPut("b", 1)).as("also without room").isEqualTo(corrupt);
    }

    /** contract: maint.status.3, http.health.1, http.metrics.1 */
    @Test
    void everyoneWhoLooksIsTold() {
        alarms(AlarmAction.ACTIVATE, -2, AlarmType.NOSPACE);

        assertThat(errors()).containsExactly("memberID:18446744073709551614 alarm:NOSPACE ");
        assertThat(Metric.get(etcd, "/health").body()).isEqualTo("{\"health\":\"false\",\"reason\":\"ALARM NOSPACE\"}");
        assertThat(Metric.get(etcd, "/health").statusCode()).isEqualTo(503);
        assertThat(Metric.get(etcd, "/health?exclude=NOSPACE").statusCode()).isEqualTo(200);
        assertThat(Metric.get(etcd, "/metrics").body())
                .contains("etcd_debugging_server_alarms{alarm_type=\"NOSPACE\",server_id=\"fffffffffffffffe\"} 1");
        assertThat(etcd.replica().status().alarms()).hasSize(1);
    }

    /** contract: maint.status.3 */
    @Test
    void anAlarmOfNobodyIsToldWithoutAMember() {
        alarms(AlarmAction.ACTIVATE, 0, AlarmType.NOSPACE);

        assertThat(errors()).containsExactly("alarm:NOSPACE ");
    }

    private List<String> errors() {
        return etcd.client()
                .call("etcdserverpb.Maintenance/Status", StatusRequest.getDefaultInstance(), StatusResponse.parser())
                .getErrorsList();
    }

    private Status failureOfPut(String key, int size) {
        return etcd.failure(
                "etcdserverpb.KV/Put", putRequest(key, "x".repeat(size)).build());
    }

    private long memberId() {
        return etcd.replica().status().memberId();
    }

    private List<AlarmMember> alarms(AlarmAction action, long member, AlarmType type) {
        AlarmRequest request = AlarmRequest.newBuilder()
                .setAction(action)
                .setMemberID(member)
                .setAlarm(type)
                .build();
        return etcd.client()
                .call("etcdserverpb.Maintenance/Alarm", request, AlarmResponse.parser())
                .getAlarmsList();
    }

    private static AlarmMember alarm(long member, AlarmType type) {
        return AlarmMember.newBuilder().setMemberID(member).setAlarm(type).build();
    }

    private static TxnRequest nested(PutRequest put) {
        return TxnRequest.newBuilder()
                .addFailure(RequestOp.newBuilder().setRequestPut(put))
                .build();
    }

    private static TxnRequest nested(TxnRequest txn) {
        return TxnRequest.newBuilder()
                .addSuccess(RequestOp.newBuilder().setRequestTxn(txn))
                .build();
    }
}
