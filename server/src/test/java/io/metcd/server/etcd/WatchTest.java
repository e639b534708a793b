package io.metcd.server.etcd;

import static io.metcd.server.testing.Etcd.bytes;
import static io.metcd.server.testing.Etcd.put;
import static io.metcd.server.testing.Etcd.putRequest;
import static org.assertj.core.api.Assertions.assertThat;

import io.metcd.api.etcdserverpb.TxnRequest;
import io.metcd.api.etcdserverpb.WatchCreateRequest.FilterType;
import io.metcd.api.etcdserverpb.WatchRequest;
import io.metcd.api.etcdserverpb.WatchResponse;
import io.metcd.api.mvccpb.Event;
import io.metcd.api.mvccpb.Event.EventType;
import io.metcd.api.mvccpb.KeyValue;
import io.metcd.base.Bytes;
import io.metcd.server.ServerOptions;
import io.metcd.server.rpc.Code;
import io.metcd.server.rpc.Status;
import io.metcd.server.testing.Etcd;
import io.metcd.server.testing.GrpcClient;
import io.metcd.server.testing.Watcher;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class WatchTest {
    private static final String EVERYTHING = "\0";

    private static Etcd etcd;

    @BeforeAll
    static void start() {
        etcd = Etcd.start();
    }

    @AfterAll
    static void stop() {
        etcd.close();
    }

    /** contract: watch.create.1, watch.create.2, wire.header.2 */
    @Test
    void creatingIsAnsweredWithTheIdAndTheRevision() {
        long revision = etcd.put("w/create", "x").getHeader().getRevision();
        try (Watcher watcher = etcd.watcher()) {
            WatchResponse first = watcher.created(Watcher.key("w/create"));
            WatchResponse second = watcher.created(Watcher.key("w/create"));

            assertThat(first.getCreated()).isTrue();
            assertThat(first.getCanceled()).isFalse();
            assertThat(first.getWatchId()).isZero();
            assertThat(first.getHeader().getRevision()).isEqualTo(revision);
            assertThat(first.getHeader().getClusterId()).isNotZero();
            assertThat(second.getWatchId()).isEqualTo(1);
        }
    }

    /** contract: watch.create.3, watch.create.4, watch.create.6, watch.cancel.3 */
    @Test
    void whatCannotBeWatchedIsCreatedAndCancelledAtOnce() {
        try (Watcher watcher = etcd.watcher()) {
            assertThat(watcher.created(Watcher.key("a").setWatchId(7)).getWatchId())
                    .isEqualTo(7);

            assertRefused(
                    watcher.created(Watcher.key("a").setWatchId(7)),
                    "mvcc: duplicate watch ID provided on the WatchStream");
            assertRefused(watcher.created(Watcher.range("b", "a")), "mvcc: watcher range is empty");
            assertRefused(
                    watcher.created(Watcher.key("a").setStartRevision(-1)),
                    "etcdserver: mvcc: required revision has been compacted");

            assertThat(watcher.created(Watcher.key("a")).getCanceled())
                    .as("the stream stays usable")
                    .isFalse();
        }
    }

    /** contract: watch.event.1, watch.event.3, watch.event.7, watch.create.7 */
    @Test
    void eachRevisionIsAResponseWithThatRevision() {
        try (Watcher watcher = etcd.watcher()) {
            long revision = watcher.created(Watcher.key("w/live")).getHeader().getRevision();

            for (int i = 1; i <= 3; i++) {
                etcd.put("w/other", "not watched");
                etcd.put("w/live", "v" + i);
            }

            for (int i = 1; i <= 3; i++) {
                WatchResponse response = watcher.next();
                assertThat(response.getHeader().getRevision()).isEqualTo(revision + 2L * i);
                assertThat(response.getEventsList()).hasSize(1);
                assertThat(response.getEvents(0).getKv().getValue()).isEqualTo(bytes("v" + i));
                assertThat(response.getEvents(0).getKv().getModRevision()).isEqualTo(revision + 2L * i);
            }
            assertThat(watcher.soon()).isEmpty();
        }
    }

    /** contract: watch.event.2 */
    @Test
    void allChangesOfATransactionComeInOneResponse() {
        try (Watcher watcher = etcd.watcher()) {
            watcher.created(Watcher.range("w/txn/", "w/txn0"));

            etcd.txn(TxnRequest.newBuilder()
                    .addSuccess(put(putRequest("w/txn/b", "1")))
                    .addSuccess(put(putRequest("w/txn/a", "2")))
                    .build());

            assertThat(watcher.next().getEventsList())
                    .extracting(event -> event.getKv().getKey().toStringUtf8())
                    .containsExactly("w/txn/b", "w/txn/a");
        }
    }

    /** contract: watch.event.5, watch.event.6, kv.put.4 */
    @Test
    void deletionsCarryKeyAndRevisionAndThePairBeforeIfAsked() {
        try (Watcher watcher = etcd.watcher()) {
            watcher.created(Watcher.key("w/del").setPrevKv(true));
            etcd.put("w/del", "");
            long deleted = etcd.delete("w/del").getHeader().getRevision();

            Event created = watcher.next().getEvents(0);
            Event gone = watcher.next().getEvents(0);

            assertThat(created.getType()).isEqualTo(EventType.PUT);
            assertThat(created.hasPrevKv()).isFalse();
            assertThat(gone.getType()).isEqualTo(EventType.DELETE);
            assertThat(gone.getKv())
                    .isEqualTo(KeyValue.newBuilder()
                            .setKey(bytes("w/del"))
                            .setModRevision(deleted)
                            .build());
            assertThat(gone.getPrevKv()).isEqualTo(created.getKv());
        }
    }

    /** contract: watch.event.7 */
    @Test
    void filtersDropTheirKind() {
        try (Watcher watcher = etcd.watcher()) {
            watcher.created(Watcher.key("w/filter").addFilters(FilterType.NOPUT));
            watcher.created(Watcher.key("w/filter").addFilters(FilterType.NODELETE));
            etcd.put("w/filter", "1");
            etcd.delete("w/filter");

            WatchResponse put = watcher.next();
            WatchResponse delete = watcher.next();

            assertThat(put.getWatchId()).isEqualTo(1);
            assertThat(put.getEvents(0).getType()).isEqualTo(EventType.PUT);
            assertThat(delete.getWatchId()).isZero();
            assertThat(delete.getEvents(0).getType()).isEqualTo(EventType.DELETE);
        }
    }

    /** contract: watch.create.8, watch.event.4 */
    @Test
    void historyIsReplayedAndGoesOnLive() {
        long first = etcd.put("w/history", "0").getHeader().getRevision();
        for (int i = 1; i < 1500; i++) {
            etcd.put("w/history", Integer.toString(i));
        }
        try (Watcher watcher = etcd.watcher()) {
            watcher.created(Watcher.key("w/history").setStartRevision(first));
            etcd.put("w/history", "1500");

            List<String> values = new ArrayList<>();
            int responses = 0;
            while (values.size() < 1501) {
                responses++;
                watcher.next()
                        .getEventsList()
                        .forEach(event -> values.add(event.getKv().getValue().toStringUtf8()));
            }

            assertThat(responses).isBetween(2, 100);
            for (int i = 0; i <= 1500; i++) {
                assertThat(values.get(i)).isEqualTo(Integer.toString(i));
            }
            assertThat(watcher.soon()).isEmpty();
        }
    }

    /** contract: watch.create.8 */
    @Test
    void aWatchOfTheFutureIsSilentUntilThen() {
        long now = etcd.revision();
        try (Watcher watcher = etcd.watcher()) {
            watcher.created(Watcher.range(EVERYTHING, EVERYTHING).setStartRevision(now + 3));

            for (int i = 0; i < 3; i++) {
                etcd.put("w/future", "x");
            }

            assertThat(watcher.next().getEvents(0).getKv().getModRevision()).isEqualTo(now + 3);
        }
    }

    /** contract: watch.create.9, watch.cancel.3 */
    @Test
    void aWatchFromACompactedRevisionIsToldWhereToBegin() {
        long old = etcd.put("w/compact", "1").getHeader().getRevision();
        long compacted = etcd.put("w/compact", "2").getHeader().getRevision();
        etcd.compact(compacted);
        try (Watcher watcher = etcd.watcher()) {
            WatchResponse created = watcher.created(Watcher.key("w/compact").setStartRevision(old));
            WatchResponse canceled = watcher.next();

            assertThat(created.getCreated()).isTrue();
            assertThat(created.getCanceled()).isFalse();
            assertThat(canceled.getCanceled()).isTrue();
            assertThat(canceled.getCompactRevision()).isEqualTo(compacted);
            assertThat(canceled.getCancelReason()).isEmpty();
            assertThat(canceled.hasHeader()).isTrue();

            watcher.created(Watcher.key("w/compact").setStartRevision(compacted));
            assertThat(watcher.next().getEvents(0).getKv().getValue()).isEqualTo(bytes("2"));
        }
    }

    /** contract: watch.cancel.1, watch.cancel.2 */
    @Test
    void aCancelledWatchIsSilentAndAnUnknownOneIsNotAnswered() {
        try (Watcher watcher = etcd.watcher()) {
            watcher.created(Watcher.key("w/cancel"));
            watcher.cancel(99);
            watcher.cancel(0);

            WatchResponse canceled = watcher.next();
            etcd.put("w/cancel", "x");

            assertThat(canceled.getCanceled()).isTrue();
            assertThat(canceled.getWatchId()).isZero();
            assertThat(canceled.getCancelReason()).isEmpty();
            assertThat(canceled.getCompactRevision()).isZero();
            assertThat(canceled.getHeader().getRevision()).isPositive();
            assertThat(watcher.soon()).isEmpty();
        }
    }

    /** contract: watch.progress.2, watch.progress.3 */
    @Test
    void progressIsAnsweredForTheStreamIfItHasWatches() {
        try (Watcher watcher = etcd.watcher()) {
            watcher.requestProgress();
            assertThat(watcher.soon()).isEmpty();

            watcher.created(Watcher.key("w/progress"));
            long revision = etcd.put("w/elsewhere", "x").getHeader().getRevision();
            watcher.requestProgress();

            WatchResponse progress = watcher.next();
            assertThat(progress.getWatchId()).isEqualTo(-1);
            assertThat(progress.getEventsCount()).isZero();
            assertThat(progress.getCreated() || progress.getCanceled()).isFalse();
            assertThat(progress.getHeader().getRevision()).isEqualTo(revision);
        }
    }

    /** contract: watch.create.7, watch.event.13 */
    @Test
    void aWatchMadeAmidWritesBeginsRightAfterItsHeader() throws InterruptedException {
        AtomicBoolean stop = new AtomicBoolean();
        Thread writer = new Thread(() -> {
            while (!stop.get()) {
                etcd.put("w/amid", "x");
            }
        });
        writer.start();
        List<Watcher> watchers = new ArrayList<>();
        try {
            for (int i = 0; i < 30; i++) {
                Watcher watcher = etcd.watcher();
                watchers.add(watcher);
                long revision = watcher.created(Watcher.range(EVERYTHING, EVERYTHING))
                        .getHeader()
                        .getRevision();

                assertThat(watcher.next().getEvents(0).getKv().getModRevision()).isEqualTo(revision + 1);
            }
        } finally {
            stop.set(true);
            writer.join();
            watchers.forEach(Watcher::close);
        }
    }

    /** contract: watch.create.7 */
    @Test
    void aWatchMadeAfterAWriteWasAcknowledgedDoesNotHearOfIt() {
        try (Watcher watcher = etcd.watcher()) {
            for (int i = 0; i < 200; i++) {
                long written = etcd.put("w/after", "x").getHeader().getRevision();

                WatchResponse created = watcher.created(Watcher.key("w/after"));

                assertThat(created.getHeader().getRevision()).isGreaterThanOrEqualTo(written);
                watcher.cancel(created.getWatchId());
                assertThat(watcher.next().getCanceled()).isTrue();
            }
        }
    }

    /** contract: watch.progress.1 */
    @Test
    void anIdleWatchIsToldOfProgressIfItAsked() {
        Limits often = Limits.DEFAULT.withProgressIntervalNanos(1);
        try (Etcd eager = Etcd.start(ServerOptions.port(0).withLimits(often));
                Watcher watcher = eager.watcher()) {
            watcher.created(Watcher.key("w/plain"));
            watcher.created(Watcher.key("w/idle").setProgressNotify(true));
            long revision = eager.put("w/elsewhere", "x").getHeader().getRevision();

            WatchResponse progress = watcher.next();
            while (progress.getHeader().getRevision() < revision) {
                progress = watcher.next();
            }

            assertThat(progress.getWatchId()).isEqualTo(1);
            assertThat(progress.getEventsCount()).isZero();
            assertThat(progress.getHeader().getRevision()).isEqualTo(revision);
        }
    }

    /** contract: watch.event.9 */
    @Test
    void aLargeAnswerComesInFragmentsIfThatIsAllowed() {
        String large = "x".repeat(1_000_000);
        long first = etcd.put("w/large", large).getHeader().getRevision();
        for (int i = 1; i < 4; i++) {
            etcd.put("w/large", large);
        }
        try (Watcher watcher = etcd.watcher()) {
            watcher.created(Watcher.key("w/large").setStartRevision(first).setFragment(true));

            List<WatchResponse> parts = new ArrayList<>();
            do {
                parts.add(watcher.next());
            } while (parts.get(parts.size() - 1).getFragment());

            assertThat(parts).hasSizeGreaterThan(1);
            assertThat(parts.stream().mapToInt(WatchResponse::getEventsCount).sum())
                    .isEqualTo(4);
            assertThat(parts)
                    .extracting(WatchResponse::getHeader)
                    .containsOnly(parts.get(0).getHeader());
        }
    }

    /** contract: watch.end.1 */
    @Test
    void eventsGoOnAfterTheClientHasClosedItsSide() {
        try (Watcher watcher = etcd.watcher()) {
            watcher.created(Watcher.key("w/half"));
            watcher.stream().halfClose();

            etcd.put("w/half", "x");

            assertThat(watcher.next().getEventsCount()).isEqualTo(1);
            assertThat(watcher.stream().isOpen()).isTrue();
        }
    }

    /** contract: watch.end.1 */
    @Test
    void aStreamWithoutWatchesEndsWhenTheClientClosesItsSide() {
        try (Watcher watcher = etcd.watcher()) {
            watcher.created(Watcher.key("w/done"));
            watcher.cancel(0);
            watcher.next();

            watcher.stream().halfClose();

            assertThat(watcher.stream().status()).isEqualTo(Status.OK);
        }
    }

    /** contract: watch.end.5 */
    @Test
    void clientsThatGoAwayLeaveNoWatchBehind() {
        List<Watcher> watchers = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            Watcher watcher = etcd.watcher();
            watcher.created(Watcher.key("w/gone"));
            watchers.add(watcher);
        }

        watchers.forEach(Watcher::close);

        Metric.await(etcd, "etcd_debugging_mvcc_watcher_total 0");
    }

    /** contract: watch.event.10 */
    @Test
    void aSlowClientLosesNothing() {
        String large = "x".repeat(100_000);
        // On a connection of its own: what it does not take would block that connection for others too.
        try (GrpcClient client = new GrpcClient(etcd.server().port());
                Watcher slow = new Watcher(client.open("etcdserverpb.Watch/Watch"))) {
            slow.created(Watcher.key("w/slow"));
            slow.stream().pause();
            for (int i = 0; i < 200; i++) {
                etcd.put("w/slow", i + large);
            }

            slow.stream().resume();

            int expected = 0;
            while (expected < 200) {
                for (Event event : slow.next().getEventsList()) {
                    assertThat(event.getKv().getValue().toStringUtf8()).startsWith(expected + "x");
                    expected++;
                }
            }
        }
    }

    @Test
    void aMessageThatIsNoRequestEndsTheStreamAndAnEmptyRequestIsIgnored() {
        try (Watcher watcher = etcd.watcher()) {
            watcher.stream().send(WatchRequest.getDefaultInstance());
            assertThat(watcher.created(Watcher.key("w/any")).getCreated()).isTrue();

            watcher.stream().sendRaw(Bytes.of(0, 0, 0, 0, 2, 0xff, 0xff));

            assertThat(watcher.stream().status().code()).isEqualTo(Code.INTERNAL);
        }
    }

    private static void assertRefused(WatchResponse response, String reason) {
        assertThat(response.getCreated()).isTrue();
        assertThat(response.getCanceled()).isTrue();
        assertThat(response.getWatchId()).isEqualTo(-1);
        assertThat(response.getCancelReason()).isEqualTo(reason);
        assertThat(response.getHeader().getRevision()).isPositive();
    }
}
