package io.metcd.server.etcd;

import static io.metcd.server.testing.Etcd.bytes;
import static io.metcd.server.testing.Etcd.delete;
import static io.metcd.server.testing.Etcd.deleteRequest;
import static io.metcd.server.testing.Etcd.put;
import static io.metcd.server.testing.Etcd.putRequest;
import static io.metcd.server.testing.Etcd.range;
import static io.metcd.server.testing.Etcd.rangeRequest;
import static io.metcd.server.testing.Etcd.txn;
import static io.metcd.server.testing.Etcd.value;
import static io.metcd.server.testing.Etcd.version;
import static org.assertj.core.api.Assertions.assertThat;

import io.metcd.api.etcdserverpb.Compare;
import io.metcd.api.etcdserverpb.Compare.CompareResult;
import io.metcd.api.etcdserverpb.RequestOp;
import io.metcd.api.etcdserverpb.ResponseHeader;
import io.metcd.api.etcdserverpb.TxnRequest;
import io.metcd.api.etcdserverpb.TxnResponse;
import io.metcd.server.rpc.Code;
import io.metcd.server.rpc.Status;
import io.metcd.server.testing.Etcd;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class TxnTest {
    private static final String TXN = "etcdserverpb.KV/Txn";

    private static Etcd etcd;

    @BeforeAll
    static void start() {
        etcd = Etcd.start();
    }

    @AfterAll
    static void stop() {
        etcd.close();
    }

    /** contract: kv.txn.2, kv.txn.3, kv.txn.4, kv.txn.5, wire.header.2 */
    @Test
    void operationsSeeEachOtherAndEachHasAHeaderWithItsRevision() {
        long before = etcd.put("seq/old", "x").getHeader().getRevision();
        TxnRequest request = TxnRequest.newBuilder()
                .addSuccess(range(rangeRequest("seq/new")))
                .addSuccess(put(putRequest("seq/new", "1")))
                .addSuccess(range(rangeRequest("seq/new")))
                .addSuccess(delete(deleteRequest("seq/old", "")))
                .build();

        TxnResponse response = etcd.txn(request);

        assertThat(response.getSucceeded()).isTrue();
        assertThat(response.getHeader().getRevision()).isEqualTo(before + 1);
        assertThat(response.getHeader().getMemberId()).isNotZero();
        assertThat(response.getResponses(0).getResponseRange().getCount()).isZero();
        assertThat(response.getResponses(0).getResponseRange().getHeader())
                .isEqualTo(ResponseHeader.newBuilder().setRevision(before).build());
        assertThat(response.getResponses(1).getResponsePut().getHeader())
                .isEqualTo(ResponseHeader.newBuilder().setRevision(before + 1).build());
        assertThat(response.getResponses(2).getResponseRange().getKvs(0).getModRevision())
                .isEqualTo(before + 1);
        assertThat(response.getResponses(3).getResponseDeleteRange().getDeleted())
                .isEqualTo(1);
        assertThat(response.getResponses(3).getResponseDeleteRange().getHeader().getRevision())
                .isEqualTo(before + 1);
    }

    /** contract: kv.txn.1, kv.txn.14, kv.txn.15 */
    @Test
    void comparesChooseTheBranch() {
        etcd.put("cmp", "b");
        RequestOp any = range(rangeRequest("cmp"));

        assertThat(etcd.txn(when(version("cmp", CompareResult.EQUAL, 1), any)).getSucceeded())
                .isTrue();
        assertThat(etcd.txn(when(version("cmp", CompareResult.GREATER, 1), any)).getSucceeded())
                .isFalse();
        assertThat(etcd.txn(when(value("cmp", CompareResult.LESS, "c"), any)).getSucceeded())
                .isTrue();
        assertThat(etcd.txn(when(version("cmp/none", CompareResult.EQUAL, 0), any))
                        .getSucceeded())
                .isTrue();
        assertThat(etcd.txn(when(value("cmp/none", CompareResult.NOT_EQUAL, "x"), any))
                        .getSucceeded())
                .isFalse();
    }

    /** contract: kv.txn.21, kv.txn.22 */
    @Test
    void aTransactionWithoutOperationsSucceedsWithoutAnswers() {
        long before = etcd.revision();

        TxnResponse response = etcd.txn(TxnRequest.getDefaultInstance());

        assertThat(response.getSucceeded()).isTrue();
        assertThat(response.getResponsesCount()).isZero();
        assertThat(response.getHeader().getRevision()).isEqualTo(before);
    }

    /** contract: kv.txn.7, kv.txn.8 */
    @Test
    void tooManyOperationsAreRefused() {
        TxnRequest.Builder full = TxnRequest.newBuilder();
        for (int i = 0; i < 128; i++) {
            full.addSuccess(range(rangeRequest("k" + i))).addFailure(range(rangeRequest("k" + i)));
        }
        assertThat(etcd.txn(full.build()).getResponsesCount()).isEqualTo(128);

        Status status = etcd.failure(
                TXN, full.addSuccess(range(rangeRequest("one more"))).build());

        assertThat(status)
                .isEqualTo(new Status(Code.INVALID_ARGUMENT, "etcdserver: too many operations in txn request"));
    }

    /** contract: kv.txn.9, kv.txn.11 */
    @Test
    void aKeyIsPutOnceInABranch() {
        TxnRequest twice = TxnRequest.newBuilder()
                .addSuccess(put(putRequest("dup", "1")))
                .addSuccess(delete(deleteRequest("du", "dv")))
                .build();
        TxnRequest apart = TxnRequest.newBuilder()
                .addSuccess(put(putRequest("dup", "1")))
                .addFailure(put(putRequest("dup", "2")))
                .build();

        assertThat(etcd.failure(TXN, twice))
                .isEqualTo(new Status(Code.INVALID_ARGUMENT, "etcdserver: duplicate key given in txn request"));
        assertThat(etcd.txn(apart).getSucceeded()).isTrue();
    }

    /** contract: kv.txn.13 */
    @Test
    void anOperationThatSaysNothingAndACompareWithoutKeyAreRefused() {
        TxnRequest unset = TxnRequest.newBuilder()
                .addSuccess(RequestOp.getDefaultInstance())
                .build();
        TxnRequest noKey =
                TxnRequest.newBuilder().addCompare(Compare.getDefaultInstance()).build();

        assertThat(etcd.failure(TXN, unset)).isEqualTo(new Status(Code.INVALID_ARGUMENT, "etcdserver: key not found"));
        assertThat(etcd.failure(TXN, noKey))
                .isEqualTo(new Status(Code.INVALID_ARGUMENT, "etcdserver: key is not provided"));
    }

    /** contract: kv.txn.19, kv.txn.20 */
    @Test
    void aFailureUndoesAllAndTheBranchNotTakenIsNotChecked() {
        long before = etcd.revision();
        TxnRequest future = TxnRequest.newBuilder()
                .addSuccess(put(putRequest("undone", "1")))
                .addSuccess(range(rangeRequest("x").setRevision(before + 1000)))
                .build();
        TxnRequest untaken = TxnRequest.newBuilder()
                .addSuccess(range(rangeRequest("x")))
                .addFailure(put(putRequest("untaken", "1").setLease(404)))
                .build();

        assertThat(etcd.failure(TXN, future).code()).isEqualTo(Code.OUT_OF_RANGE);
        assertThat(etcd.get("undone").getCount()).isZero();
        assertThat(etcd.txn(untaken).getSucceeded()).isTrue();
    }

    /** contract: kv.txn.17, kv.txn.18 */
    @Test
    void nestedTransactionsTakeTheirOwnBranches() {
        TxnRequest.Builder inner = TxnRequest.newBuilder()
                .addCompare(version("nest/a", CompareResult.EQUAL, 0))
                .addSuccess(put(putRequest("nest/b", "inner")))
                .addFailure(put(putRequest("nest/b", "wrong")));
        TxnRequest outer = TxnRequest.newBuilder()
                .addSuccess(put(putRequest("nest/a", "outer")))
                .addSuccess(txn(inner))
                .build();

        TxnResponse response = etcd.txn(outer);

        TxnResponse nested = response.getResponses(1).getResponseTxn();
        assertThat(nested.getSucceeded())
                .as("decided before the outer one wrote")
                .isTrue();
        assertThat(nested.hasHeader()).isTrue();
        assertThat(nested.getHeader()).isEqualTo(ResponseHeader.getDefaultInstance());
        assertThat(etcd.get("nest/b").getKvs(0).getValue()).isEqualTo(bytes("inner"));
    }

    /** contract: kv.txn.8 */
    @Test
    void nestingMayBeAsDeepAsATransactionMayBeLong() {
        assertThat(etcd.txn(nested(100)).getSucceeded()).isTrue();
        assertThat(etcd.failure(TXN, nested(140)))
                .isEqualTo(new Status(Code.INVALID_ARGUMENT, "etcdserver: too many operations in txn request"));
    }

    /** contract: client.3 */
    @Test
    void createAndUpdateByModRevisionAsKubernetesDoes() {
        TxnRequest create = TxnRequest.newBuilder()
                .addCompare(modRevision("k8s", 0))
                .addSuccess(put(putRequest("k8s", "1")))
                .build();
        TxnResponse created = etcd.txn(create);
        long seen = created.getResponses(0).getResponsePut().getHeader().getRevision();
        TxnRequest update = TxnRequest.newBuilder()
                .addCompare(modRevision("k8s", seen))
                .addSuccess(put(putRequest("k8s", "2")))
                .addFailure(range(rangeRequest("k8s")))
                .build();

        TxnResponse updated = etcd.txn(update);
        TxnResponse stale = etcd.txn(update);

        assertThat(seen).isEqualTo(created.getHeader().getRevision());
        assertThat(updated.getSucceeded()).isTrue();
        assertThat(stale.getSucceeded()).isFalse();
        assertThat(stale.getResponses(0).getResponseRange().getKvs(0).getValue())
                .isEqualTo(bytes("2"));
        assertThat(etcd.txn(create).getResponsesCount()).isZero();
    }

    private static Compare modRevision(String key, long revision) {
        return Compare.newBuilder()
                .setKey(bytes(key))
                .setTarget(Compare.CompareTarget.MOD)
                .setResult(CompareResult.EQUAL)
                .setModRevision(revision)
                .build();
    }

    private static TxnRequest nested(int depth) {
        TxnRequest.Builder inner = TxnRequest.newBuilder().addSuccess(put(putRequest("deep" + depth, "x")));
        for (int i = 1; i < depth; i++) {
            inner = TxnRequest.newBuilder().addSuccess(txn(inner));
        }
        return inner.build();
    }

    private static TxnRequest when(Compare compare, RequestOp then) {
        return TxnRequest.newBuilder().addCompare(compare).addSuccess(then).build();
    }
}
