package io.metcd.server.json;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.google.protobuf.Message;
import io.metcd.api.etcdserverpb.AuthenticateRequest;
import io.metcd.api.etcdserverpb.Compare;
import io.metcd.api.etcdserverpb.LeaseGrantRequest;
import io.metcd.api.etcdserverpb.PutRequest;
import io.metcd.api.etcdserverpb.RequestOp;
import io.metcd.api.etcdserverpb.TxnRequest;
import io.metcd.base.Bytes;
import io.metcd.server.testing.Etcd;
import org.junit.jupiter.api.Test;

/** What a log tells of a request (contract: log.1). */
class RequestDigestTest {
    @Test
    void valuesAreTheirSizesAndPasswordsAreNotThere() {
        assertThat(of(Etcd.putRequest("some\nkey", "secret").setLease(7).build()))
                .isEqualTo("key:'some\\nkey' value_size:6 lease:7");
        assertThat(of(AuthenticateRequest.newBuilder()
                        .setName("jane")
                        .setPassword("secret")
                        .build()))
                .isEqualTo("name:'jane'");
        assertThat(of(LeaseGrantRequest.newBuilder().setTTL(20).setID(-7).build()))
                .isEqualTo("TTL:20 ID:-7");
    }

    @Test
    void transactionsShowTheirStepsButNoValue() {
        TxnRequest txn = TxnRequest.newBuilder()
                .addCompare(Etcd.value("a", Compare.CompareResult.GREATER, "secret"))
                .addSuccess(Etcd.put(Etcd.putRequest("b", "secret")))
                .addFailure(Etcd.delete(Etcd.deleteRequest("c", "d")))
                .build();

        assertThat(of(txn))
                .isEqualTo("compare:<result:GREATER target:VALUE key:'a' value_size:6>"
                        + " success:<request_put:<key:'b' value_size:6>>"
                        + " failure:<request_delete_range:<key:'c' range_end:'d'>>");
    }

    @Test
    void whatIsLongIsCutOff() {
        TxnRequest.Builder txn = TxnRequest.newBuilder();
        for (int i = 0; i < 128; i++) {
            txn.addSuccess(RequestOp.newBuilder()
                    .setRequestPut(PutRequest.newBuilder().setKey(ByteString.copyFromUtf8("k".repeat(10_000)))));
        }

        assertThat(of(txn.build())).hasSizeLessThan(520).endsWith("…");
        assertThat(RequestDigest.of(PutRequest.getDescriptor(), Bytes.of(0x0a, 0x7f)))
                .isEqualTo("(malformed)");
    }

    private static String of(Message message) {
        return RequestDigest.of(message.getDescriptorForType(), Bytes.wrap(message.toByteArray()));
    }
}
