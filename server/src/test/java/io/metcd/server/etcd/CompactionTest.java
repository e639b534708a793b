package io.metcd.server.etcd;

import static org.assertj.core.api.Assertions.assertThat;

import io.metcd.server.compaction.Retention;
import io.metcd.server.rpc.Code;
import io.metcd.server.testing.Etcd;
import org.junit.jupiter.api.Test;

/** History that a member forgets by itself (contract: kv.compact.6); when, is told by the tests of the schedules. */
class CompactionTest {
    @Test
    void whatIsOlderThanThePeriodIsForgottenWithoutBeingAsked() {
        try (Etcd etcd = Etcd.start()) {
            etcd.put("k", "1");
            etcd.put("k", "2");
            long last = etcd.put("k", "3").getHeader().getRevision();

            etcd.server().compactBy(new Retention.ByPeriod(Retention.ByPeriod.MIN));

            Metric.await(etcd, "etcd_debugging_mvcc_compact_revision " + last);
            assertThat(etcd.failure(
                                    "etcdserverpb.KV/Range",
                                    Etcd.rangeRequest("k").setRevision(last - 1).build())
                            .code())
                    .isEqualTo(Code.OUT_OF_RANGE);
            assertThat(etcd.get("k").getKvs(0).getValue().toStringUtf8()).isEqualTo("3");
        }
    }
}
