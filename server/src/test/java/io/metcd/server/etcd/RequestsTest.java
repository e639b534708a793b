package io.metcd.server.etcd;

import static io.metcd.server.testing.Etcd.bytes;
import static io.metcd.server.testing.Etcd.put;
import static io.metcd.server.testing.Etcd.putRequest;
import static io.metcd.server.testing.Etcd.rangeRequest;
import static io.metcd.server.testing.Etcd.version;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.metcd.api.etcdserverpb.Compare.CompareResult;
import io.metcd.api.etcdserverpb.DeleteRangeRequest;
import io.metcd.api.etcdserverpb.RangeRequest;
import io.metcd.api.etcdserverpb.RangeResponse;
import io.metcd.api.etcdserverpb.TxnRequest;
import io.metcd.api.mvccpb.KeyValue;
import io.metcd.server.ServerOptions;
import io.metcd.server.rpc.Code;
import io.metcd.server.rpc.Status;
import io.metcd.server.testing.Etcd;
import io.metcd.server.testing.GrpcClient;
import io.metcd.server.testing.GrpcStream;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What the fields of a request come to on their way over the wire. */
class RequestsTest {
    private static final String PUT = "etcdserverpb.KV/Put";
    private static final int MIB = 1 << 20;

    private static Etcd etcd;

    @BeforeAll
    static void start() {
        etcd = Etcd.start();
    }

    @AfterAll
    static void stop() {
        etcd.close();
    }

    /** contract: wire.size.3 */
    @Test
    void withALimitOfTenMebibytesNineAreTakenAndTenAreNot() {
        try (Etcd large = Etcd.start(
                ServerOptions.port(0).withLimits(Limits.DEFAULT.withMaxRequestBytes(10 * MIB)),
                member -> member.requestBytesMax(10 * MIB))) {
            String nine = "x".repeat(9 * MIB);

            large.put("nine", nine);

            assertThat(large.get("nine").getKvs(0).getValue()).isEqualTo(bytes(nine));
            assertThat(large.failure(
                            PUT, putRequest("ten", "x".repeat(10 * MIB)).build()))
                    .isEqualTo(new Status(Code.INVALID_ARGUMENT, "etcdserver: request is too large"));
            assertThat(large.get("ten").getCount()).isZero();
        }
    }

    /** contract: kv.range.18, kv.range.6 */
    @Test
    void eachBoundOfRevisionsIsItsOwn() {
        long first = etcd.put("bound/a", "1").getHeader().getRevision();
        etcd.put("bound/b", "1");
        etcd.put("bound/c", "1");
        long last = etcd.put("bound/a", "2").getHeader().getRevision();

        assertThat(bounded(range -> range.setMinModRevision(first + 2))).containsExactly("bound/a", "bound/c");
        assertThat(bounded(range -> range.setMaxModRevision(first + 2))).containsExactly("bound/b", "bound/c");
        assertThat(bounded(range -> range.setMinCreateRevision(first + 1))).containsExactly("bound/b", "bound/c");
        assertThat(bounded(range -> range.setMaxCreateRevision(first + 1))).containsExactly("bound/a", "bound/b");
        RangeResponse none = etcd.range(
                rangeRequest("bound/", "bound0").setMinCreateRevision(last + 1).build());
        assertThat(none.getKvsCount()).isZero();
        assertThat(none.getCount()).isEqualTo(3);
        assertThat(none.getHeader().getRevision()).isEqualTo(last);
    }

    private static List<String> bounded(UnaryOperator<RangeRequest.Builder> bounds) {
        return etcd.range(bounds.apply(rangeRequest("bound/", "bound0")).build()).getKvsList().stream()
                .map(kv -> kv.getKey().toStringUtf8())
                .toList();
    }

    /** contract: kv.range.17 */
    @Test
    void aTargetOrAnOrderThatNobodyKnowsIsRefused() {
        Status expected = new Status(Code.INVALID_ARGUMENT, "etcdserver: invalid sort option");

        assertThat(etcd.failure(
                        "etcdserverpb.KV/Range",
                        rangeRequest("a").setSortTargetValue(9).build()))
                .isEqualTo(expected);
        assertThat(etcd.failure(
                        "etcdserverpb.KV/Range",
                        rangeRequest("a").setSortOrderValue(-1).build()))
                .isEqualTo(expected);
    }

    /** contract: span.1, span.2, kv.delete.6 */
    @Test
    void aZeroByteAtTheEndIsNoEndAndAtBothEndsIsEverything() {
        try (Etcd fresh = Etcd.start()) {
            ByteString zero = ByteString.copyFrom(new byte[1]);
            for (String key : List.of("a", "foo", "foo/1", "z")) {
                fresh.put(key, "x");
            }

            assertThat(fresh.range(rangeRequest("foo").setRangeEnd(zero).build())
                            .getKvsList())
                    .extracting(KeyValue::getKey)
                    .containsExactly(bytes("foo"), bytes("foo/1"), bytes("z"));
            assertThat(fresh.range(RangeRequest.newBuilder()
                                    .setKey(zero)
                                    .setRangeEnd(zero)
                                    .build())
                            .getCount())
                    .isEqualTo(4);
            assertThat(fresh.delete(DeleteRangeRequest.newBuilder()
                                    .setKey(zero)
                                    .setRangeEnd(zero)
                                    .build())
                            .getDeleted())
                    .isEqualTo(4);
        }
    }

    /** contract: kv.txn.12 */
    @Test
    void aKeyThatIsPutTwiceIsRefusedThoughItsBranchWouldNotBeTaken() {
        TxnRequest txn = TxnRequest.newBuilder()
                .addCompare(version("never there", CompareResult.EQUAL, 0))
                .addFailure(put(putRequest("twice", "1")))
                .addFailure(put(putRequest("twice", "2")))
                .build();

        assertThat(etcd.failure("etcdserverpb.KV/Txn", txn))
                .isEqualTo(new Status(Code.INVALID_ARGUMENT, "etcdserver: duplicate key given in txn request"));
    }

    /** contract: wire.retry.2 */
    @Test
    void aPutWhoseConnectionWasDroppedAndThatIsTriedAgainMakesOneVersionMoreAtMost() {
        for (int dropped = 0; dropped < 10; dropped++) {
            String key = "retried/" + dropped;
            for (int i = 0; i < 10; i++) {
                if (i == dropped) {
                    putAndDrop(key);
                }
                etcd.put(key, "v" + i);
            }
            assertThat(etcd.get(key).getKvs(0).getVersion()).isBetween(10L, 11L);
        }
    }

    private static void putAndDrop(String key) {
        try (GrpcClient client = new GrpcClient(etcd.server().port())) {
            GrpcStream stream = client.open(PUT);
            stream.send(putRequest(key, "dropped").build());
            stream.halfClose();
        }
    }
}
