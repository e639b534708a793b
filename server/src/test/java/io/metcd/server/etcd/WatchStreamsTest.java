package io.metcd.server.etcd;

import static io.metcd.server.testing.Etcd.bytes;
import static io.metcd.server.testing.Etcd.put;
import static io.metcd.server.testing.Etcd.putRequest;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.metcd.api.etcdserverpb.TxnRequest;
import io.metcd.api.etcdserverpb.WatchCreateRequest;
import io.metcd.api.etcdserverpb.WatchResponse;
import io.metcd.server.ServerOptions;
import io.metcd.server.testing.Etcd;
import io.metcd.server.testing.GrpcClient;
import io.metcd.server.testing.Watcher;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Watches over the wire: how they are asked for, how they end, and what they leave. */
class WatchStreamsTest {
    private static final String NO_WATCHES = "etcd_debugging_mvcc_watcher_total 0";
    private static final String ENDED =
            "grpc_server_handled_total{grpc_code=\"%s\",grpc_method=\"Watch\",grpc_service=\"etcdserverpb.Watch\","
                    + "grpc_type=\"bidi_stream\"} %d";

    private final Etcd etcd = Etcd.start();

    @AfterEach
    void stop() {
        etcd.close();
    }

    /** contract: watch.create.5, span.5 */
    @Test
    void anEmptyKeyToAZeroByteIsEverything() {
        try (Watcher watcher = etcd.watcher()) {
            watcher.created(WatchCreateRequest.newBuilder().setRangeEnd(ByteString.copyFrom(new byte[1])));

            etcd.put("\0", "first");
            etcd.put("\u00ff", "last");

            assertThat(watcher.next().getEvents(0).getKv().getKey()).isEqualTo(bytes("\0"));
            assertThat(watcher.next().getEvents(0).getKv().getKey()).isEqualTo(bytes("\u00ff"));
        }
    }

    /** contract: watch.end.5 */
    @Test
    void aThousandWatchesThatWereCancelledLeaveNone() {
        try (Watcher watcher = etcd.watcher()) {
            for (int i = 0; i < 1000; i++) {
                watcher.cancel(watcher.created(Watcher.key("k")).getWatchId());
                assertThat(watcher.next().getCanceled()).isTrue();
            }

            Metric.await(etcd, NO_WATCHES);
        }
    }

    /** contract: watch.end.5 */
    @Test
    void aConnectionThatIsDroppedTakesItsWatchesWithIt() {
        GrpcClient client = new GrpcClient(etcd.server().port());
        for (int i = 0; i < 100; i++) {
            new Watcher(client.open("etcdserverpb.Watch/Watch")).created(Watcher.key("k"));
        }
        Metric.await(etcd, "etcd_debugging_mvcc_watcher_total 100");

        client.close();

        Metric.await(etcd, NO_WATCHES);
    }

    /** contract: watch.end.2 */
    @Test
    void aStreamThatItsClientCancelsEndsAsCancelled() {
        Metric.await(etcd, ENDED.formatted("Canceled", 0));
        Watcher watcher = etcd.watcher();
        watcher.created(Watcher.key("k"));

        watcher.stream().cancel();

        Metric.await(etcd, ENDED.formatted("Canceled", 1));
    }

    /** contract: watch.progress.1 */
    @Test
    void progressIsToldTenTimesASecondAtMost() {
        Limits often = Limits.DEFAULT.withProgressIntervalNanos(1);
        assertThat(often.progressIntervalNanos()).isEqualTo(TimeUnit.MILLISECONDS.toNanos(100));
        try (Etcd eager = Etcd.start(ServerOptions.port(0).withLimits(often));
                Watcher watcher = eager.watcher()) {
            watcher.created(Watcher.key("k").setProgressNotify(true));
            watcher.next();
            long first = System.nanoTime();

            for (int i = 0; i < 10; i++) {
                watcher.next();
            }

            assertThat(System.nanoTime() - first).isGreaterThan(TimeUnit.MILLISECONDS.toNanos(900));
        }
    }

    /** contract: watch.progress.3, watch.progress.5 */
    @Test
    void progressThatIsAskedForAgainAndAgainIsToldAlsoWhereNothingHappens() {
        long revision = etcd.put("k", "x").getHeader().getRevision();
        try (Watcher watcher = etcd.watcher()) {
            watcher.created(Watcher.key("k").setStartRevision(revision));
            watcher.requestProgress();
            WatchResponse answer = watcher.next();
            assertThat(answer.getEventsCount())
                    .as("what it replays comes first")
                    .isEqualTo(1);

            watcher.requestProgress();
            answer = watcher.next();

            assertThat(answer.getWatchId()).isEqualTo(-1);
            assertThat(answer.getHeader().getRevision()).isEqualTo(revision);
        }
    }

    /** contract: watch.event.9 */
    @Test
    void whoTakesNoFragmentsGetsAllOfARevisionInOne() {
        putBothLarge();
        long revision = putBothLarge();
        try (Watcher watcher = etcd.watcher()) {
            WatchCreateRequest.Builder all =
                    Watcher.range("k1", "k3").setStartRevision(revision).setPrevKv(true);
            watcher.created(all.clone());
            WatchResponse whole = watcher.next();
            watcher.created(all.clone().setFragment(true));
            WatchResponse part = watcher.next();

            assertThat(whole.getEventsCount()).isEqualTo(2);
            assertThat(whole.getFragment()).isFalse();
            assertThat(whole.getSerializedSize()).isGreaterThan(Limits.DEFAULT.maxMessageBytes());
            assertThat(part.getEventsCount()).isEqualTo(1);
            assertThat(part.getFragment()).isTrue();
        }
    }

    /** Two keys in one revision; with the pairs before, more than a message that the server takes. */
    private long putBothLarge() {
        String large = "x".repeat(700_000);
        return etcd.txn(TxnRequest.newBuilder()
                        .addSuccess(put(putRequest("k1", large)))
                        .addSuccess(put(putRequest("k2", large)))
                        .build())
                .getHeader()
                .getRevision();
    }
}
