package io.metcd.server.etcd;

import static io.metcd.server.testing.Etcd.bytes;
import static io.metcd.server.testing.Etcd.deleteRequest;
import static io.metcd.server.testing.Etcd.putRequest;
import static io.metcd.server.testing.Etcd.rangeRequest;
import static org.assertj.core.api.Assertions.assertThat;

import io.metcd.api.etcdserverpb.CompactionRequest;
import io.metcd.api.etcdserverpb.DeleteRangeResponse;
import io.metcd.api.etcdserverpb.PutRequest;
import io.metcd.api.etcdserverpb.PutResponse;
import io.metcd.api.etcdserverpb.RangeRequest;
import io.metcd.api.etcdserverpb.RangeRequest.SortOrder;
import io.metcd.api.etcdserverpb.RangeRequest.SortTarget;
import io.metcd.api.etcdserverpb.RangeResponse;
import io.metcd.api.mvccpb.KeyValue;
import io.metcd.server.rpc.Code;
import io.metcd.server.rpc.Status;
import io.metcd.server.testing.Etcd;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class KvTest {
    private static final String RANGE = "etcdserverpb.KV/Range";
    private static final String PUT = "etcdserverpb.KV/Put";

    private static Etcd etcd;

    @BeforeAll
    static void start() {
        etcd = Etcd.start();
    }

    @AfterAll
    static void stop() {
        etcd.close();
    }

    /** contract: kv.range.1, mvcc.revision.1 */
    @Test
    void aFreshStoreIsAtRevisionOneAndTheFirstPutMakesTwo() {
        try (Etcd fresh = Etcd.start()) {
            assertThat(fresh.get("a").getHeader().getRevision()).isEqualTo(1);
            assertThat(fresh.put("a", "1").getHeader().getRevision()).isEqualTo(2);
        }
    }

    /** contract: wire.header.1 */
    @Test
    void theHeaderNamesClusterMemberTermAndRevision() {
        PutResponse put = etcd.put("header", "1");

        assertThat(put.getHeader().getClusterId()).isNotZero();
        assertThat(put.getHeader().getMemberId())
                .isEqualTo(etcd.replica().status().memberId());
        assertThat(put.getHeader().getRaftTerm()).isPositive();
        assertThat(etcd.get("header").getHeader()).isEqualTo(put.getHeader());
    }

    /** contract: kv.range.2, kv.put.1, kv.put.2 */
    @Test
    void aPairShowsItsRevisionsAndItsVersion() {
        long first = etcd.put("pair", "one").getHeader().getRevision();
        long second = etcd.put("pair", "two").getHeader().getRevision();

        KeyValue kv = etcd.get("pair").getKvs(0);

        assertThat(second).isEqualTo(first + 1);
        assertThat(kv)
                .isEqualTo(KeyValue.newBuilder()
                        .setKey(bytes("pair"))
                        .setValue(bytes("two"))
                        .setCreateRevision(first)
                        .setModRevision(second)
                        .setVersion(2)
                        .build());
    }

    /** contract: kv.put.3 */
    @Test
    void putAnswersThePairBeforeOnlyIfAsked() {
        PutRequest asked = putRequest("previous", "new").setPrevKv(true).build();
        assertThat(etcd.put(asked).hasPrevKv()).isFalse();

        assertThat(etcd.put(asked).getPrevKv().getValue()).isEqualTo(bytes("new"));
        assertThat(etcd.put("previous", "newer").hasPrevKv()).isFalse();
    }

    /** contract: span.5 */
    @Test
    void anEmptyKeyIsRefused() {
        Status expected = new Status(Code.INVALID_ARGUMENT, "etcdserver: key is not provided");

        assertThat(etcd.failure(PUT, putRequest("", "x").build())).isEqualTo(expected);
        assertThat(etcd.failure(RANGE, rangeRequest("").build())).isEqualTo(expected);
        assertThat(etcd.failure(
                        "etcdserverpb.KV/DeleteRange", deleteRequest("", "").build()))
                .isEqualTo(expected);
    }

    /** contract: kv.put.5, kv.put.6, kv.put.7 */
    @Test
    void keepingWhatIsNotThereOrIsGivenIsRefused() {
        assertThat(etcd.failure(
                        PUT, putRequest("no such", "").setIgnoreValue(true).build()))
                .isEqualTo(new Status(Code.INVALID_ARGUMENT, "etcdserver: key not found"));
        assertThat(etcd.failure(
                        PUT, putRequest("no such", "x").setIgnoreLease(true).build()))
                .isEqualTo(new Status(Code.INVALID_ARGUMENT, "etcdserver: key not found"));
        assertThat(etcd.failure(PUT, putRequest("any", "x").setIgnoreValue(true).build()))
                .isEqualTo(new Status(Code.INVALID_ARGUMENT, "etcdserver: value is provided"));
        assertThat(etcd.failure(
                        PUT,
                        putRequest("any", "x").setIgnoreLease(true).setLease(5).build()))
                .isEqualTo(new Status(Code.INVALID_ARGUMENT, "etcdserver: lease is provided"));
        assertThat(etcd.get("no such").getCount()).isZero();
    }

    /** contract: kv.put.8 */
    @Test
    void aPutWithAnUnknownLeaseWritesNothing() {
        long before = etcd.revision();

        Status status =
                etcd.failure(PUT, putRequest("leased", "x").setLease(404).build());

        assertThat(status).isEqualTo(new Status(Code.NOT_FOUND, "etcdserver: requested lease not found"));
        assertThat(etcd.get("leased").getCount()).isZero();
        assertThat(etcd.revision()).isEqualTo(before);
    }

    /** contract: kv.delete.1, kv.delete.2, kv.delete.3, kv.delete.4 */
    @Test
    void deletingAnswersHowManyAndWhich() {
        etcd.put("del/a", "1");
        long before = etcd.put("del/b", "2").getHeader().getRevision();

        DeleteRangeResponse deleted =
                etcd.delete(deleteRequest("del/", "del0").setPrevKv(true).build());
        DeleteRangeResponse again = etcd.delete(deleteRequest("del/", "del0").build());

        assertThat(deleted.getDeleted()).isEqualTo(2);
        assertThat(deleted.getPrevKvsList())
                .extracting(kv -> kv.getValue().toStringUtf8())
                .containsExactly("1", "2");
        assertThat(deleted.getHeader().getRevision()).isEqualTo(before + 1);
        assertThat(again.getDeleted()).isZero();
        assertThat(again.getHeader().getRevision()).isEqualTo(before + 1);
    }

    /** contract: kv.range.3, kv.range.9, kv.range.10, kv.range.11, kv.range.13, kv.range.14 */
    @Test
    void limitsCountsAndKeysOnly() {
        for (String key : List.of("lim/a", "lim/b", "lim/c")) {
            etcd.put(key, "value of " + key);
        }
        RangeRequest.Builder all = rangeRequest("lim/", "lim0");

        RangeResponse one = etcd.range(all.clone().setLimit(1).build());
        RangeResponse three = etcd.range(all.clone().setLimit(3).build());
        RangeResponse count =
                etcd.range(all.clone().setCountOnly(true).setKeysOnly(true).build());
        RangeResponse keys = etcd.range(all.clone().setKeysOnly(true).build());

        assertThat(one.getKvsCount()).isEqualTo(1);
        assertThat(one.getMore()).isTrue();
        assertThat(one.getCount()).isEqualTo(3);
        assertThat(three.getMore()).isFalse();
        assertThat(count.getKvsCount()).isZero();
        assertThat(count.getCount()).isEqualTo(3);
        assertThat(count.getMore()).isFalse();
        assertThat(keys.getKvsList())
                .extracting(kv -> kv.getKey().toStringUtf8())
                .containsExactly("lim/a", "lim/b", "lim/c");
        assertThat(keys.getKvsList()).allMatch(kv -> kv.getValue().isEmpty() && kv.getVersion() == 1);
        assertThat(etcd.range(rangeRequest("lim/c", "lim/b").build()).getCount())
                .isZero();
    }

    /** contract: kv.range.15, kv.range.17, kv.range.18 */
    @Test
    void sortingAndFilters() {
        long first = etcd.put("sort/a", "3").getHeader().getRevision();
        etcd.put("sort/b", "1");
        etcd.put("sort/c", "2");
        RangeRequest.Builder all = rangeRequest("sort/", "sort0");

        RangeResponse byValue = etcd.range(all.clone()
                .setSortTarget(SortTarget.VALUE)
                .setSortOrder(SortOrder.DESCEND)
                .build());
        RangeResponse newer =
                etcd.range(all.clone().setMinModRevision(first + 1).build());
        Status unknown = etcd.failure(RANGE, all.clone().setSortOrderValue(77).build());

        assertThat(byValue.getKvsList())
                .extracting(kv -> kv.getValue().toStringUtf8())
                .containsExactly("3", "2", "1");
        assertThat(newer.getKvsCount()).isEqualTo(2);
        assertThat(newer.getCount()).isEqualTo(3);
        assertThat(unknown).isEqualTo(new Status(Code.INVALID_ARGUMENT, "etcdserver: invalid sort option"));
    }

    /** contract: kv.range.5, kv.range.6, kv.range.7, kv.range.8, kv.compact.2, kv.compact.3 */
    @Test
    void historyIsReadableUntilItIsCompacted() {
        long first = etcd.put("old", "one").getHeader().getRevision();
        long second = etcd.put("old", "two").getHeader().getRevision();
        RangeRequest.Builder then = rangeRequest("old").setRevision(first);

        RangeResponse old = etcd.range(then.build());
        assertThat(old.getKvs(0).getValue()).isEqualTo(bytes("one"));
        assertThat(old.getHeader().getRevision()).isEqualTo(second);

        assertThat(etcd.compact(second).getHeader().getRevision()).isEqualTo(second);

        Status compacted = new Status(Code.OUT_OF_RANGE, "etcdserver: mvcc: required revision has been compacted");
        assertThat(etcd.failure(RANGE, then.build())).isEqualTo(compacted);
        assertThat(etcd.range(then.setRevision(second).build()).getCount()).isEqualTo(1);
        CompactionRequest again =
                CompactionRequest.newBuilder().setRevision(second).build();
        assertThat(etcd.failure("etcdserverpb.KV/Compact", again)).isEqualTo(compacted);
        Status future = new Status(Code.OUT_OF_RANGE, "etcdserver: mvcc: required revision is a future revision");
        assertThat(etcd.failure(RANGE, then.setRevision(second + 100).build())).isEqualTo(future);
        assertThat(etcd.failure(
                        "etcdserverpb.KV/Compact",
                        CompactionRequest.newBuilder().setRevision(second + 100).build()))
                .isEqualTo(future);
    }

    /** contract: kv.compact.4 */
    @Test
    void aPhysicalCompactionAnswersToo() {
        long revision = etcd.put("physical", "one").getHeader().getRevision();
        CompactionRequest request = CompactionRequest.newBuilder()
                .setRevision(revision)
                .setPhysical(true)
                .build();

        etcd.client().call("etcdserverpb.KV/Compact", request, io.metcd.api.etcdserverpb.CompactionResponse.parser());

        assertThat(etcd.replica().root().isScrubbed()).isTrue();
    }

    /** contract: kv.range.21 */
    @Test
    void aSerializableReadIsAnsweredToo() {
        etcd.put("serial", "x");

        assertThat(etcd.range(rangeRequest("serial").setSerializable(true).build())
                        .getCount())
                .isEqualTo(1);
    }

    /** contract: wire.size.1, wire.size.2 */
    @Test
    void aRequestMayBeTooLargeForTheLogOrForTheWire() {
        String limit = "x".repeat(1_572_864);
        String beyond = "x".repeat(1_572_864 + 600_000);

        assertThat(etcd.failure(PUT, putRequest("large", limit).build()))
                .isEqualTo(new Status(Code.INVALID_ARGUMENT, "etcdserver: request is too large"));
        assertThat(etcd.failure(PUT, putRequest("larger", beyond).build()).code())
                .isEqualTo(Code.RESOURCE_EXHAUSTED);
        assertThat(etcd.put("fits", "x".repeat(1_500_000)).getHeader().getRevision())
                .isPositive();
    }
}
