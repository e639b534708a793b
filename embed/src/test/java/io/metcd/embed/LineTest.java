package io.metcd.embed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.metcd.base.Bytes;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The whole API through members that cannot all reach each other. */
class LineTest {
    private static final Line LINE = new Line();

    @BeforeAll
    static void awaitReady() {
        LINE.awaitReady();
    }

    @AfterAll
    static void close() {
        LINE.close();
    }

    @Test
    void aReadsWhatCWroteThoughTheyHaveNoLink() {
        long revision = LINE.c().kv().put("greeting", "hello");

        Optional<Pair> read = LINE.a().kv().get("greeting");

        assertThat(read).hasValueSatisfying(pair -> {
            assertThat(pair.text()).isEqualTo("hello");
            assertThat(pair.modRevision()).isEqualTo(revision);
        });
        assertThat(LINE.a().mesh().topology().links()).hasSize(1);
    }

    @Test
    void queriesSelectSortAndCount() {
        for (String key : List.of("q/1", "q/3", "q/2")) {
            LINE.a().kv().put(key, "v" + key);
        }

        Page newest = LINE.b()
                .kv()
                .get(Query.prefix("q/").descendingBy(Query.SortBy.MOD_REVISION).limit(1));
        Page count = LINE.b().kv().get(Query.prefix("q/").countOnly());

        assertThat(newest.pairs()).extracting(Pair::keyText).containsExactly("q/2");
        assertThat(newest.more()).isTrue();
        assertThat(count.count()).isEqualTo(3);
        assertThat(LINE.c().kv().delete(Query.prefix("q/"))).isEqualTo(3);
    }

    @Test
    void aTransactionTakesTheBranchThatItsConditionsSay() {
        TxnResult first = create("t", "1");
        TxnResult second = create("t", "2");

        assertThat(first.succeeded()).isTrue();
        assertThat(second.succeeded()).isFalse();
        assertThat(second.steps())
                .singleElement()
                .isInstanceOfSatisfying(
                        StepResult.Got.class,
                        got -> assertThat(got.page().pairs())
                                .extracting(Pair::text)
                                .containsExactly("1"));
    }

    private static TxnResult create(String key, String value) {
        return LINE.c()
                .kv()
                .txn()
                .when(Condition.missing(key))
                .then(Step.put(key, value))
                .otherwise(Step.get(key))
                .commit();
    }

    @Test
    void aWatchHearsEveryChangeInOrderAlsoWhenItsListenerIsSlow() throws Exception {
        CountDownLatch blocked = new CountDownLatch(1);
        BlockingQueue<String> heard = new LinkedBlockingQueue<>();
        long start = LINE.a().kv().put("w/first", "1");

        try (Watcher watcher = LINE.c().watch(Watch.prefix("w/").fromRevision(start), event -> {
            awaitQuietly(blocked);
            heard.add(event.kind() + " " + event.key());
        })) {
            assertThat(watcher).isNotNull();
            for (int i = 0; i < 50; i++) {
                LINE.b().kv().put("w/" + i, "v");
            }
            LINE.b().kv().delete("w/0");
            blocked.countDown();

            assertThat(heard.poll(10, TimeUnit.SECONDS)).isEqualTo("PUT w/first");
            for (int i = 0; i < 50; i++) {
                assertThat(heard.poll(10, TimeUnit.SECONDS)).isEqualTo("PUT w/" + i);
            }
            assertThat(heard.poll(10, TimeUnit.SECONDS)).isEqualTo("DELETE w/0");
        }
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void aWatchFromACompactedRevisionEndsAndSaysSo() throws Exception {
        long old = LINE.a().kv().put("compact", "1");
        long now = LINE.a().kv().put("compact", "2");
        LINE.a().kv().compact(now);
        CompletableFuture<MetcdException> ended = new CompletableFuture<>();

        LINE.b().kv().get("compact");
        LINE.b().watch(Watch.key("compact").fromRevision(old - 1), new WatchListener() {
            @Override
            public void changed(WatchEvent event) {}

            @Override
            public void ended(MetcdException why) {
                ended.complete(why);
            }
        });

        assertThat(ended.get(10, TimeUnit.SECONDS).reason()).isEqualTo(MetcdException.Reason.COMPACTED);
    }

    @Test
    void aLeaseIsRenewedByItsMemberAndItsKeysGoWithIt() throws Exception { // contract: lease.alive.1
        Lease lease = LINE.c().lease().grant(Duration.ofSeconds(1));
        LINE.c().kv().put(Bytes.utf8("leased"), Bytes.utf8("v"), lease.id());

        new CountDownLatch(1).await(4, TimeUnit.SECONDS);
        boolean keptAlive = LINE.a().kv().get("leased").isPresent();
        Optional<Duration> left = LINE.b().lease().timeToLive(lease.id());
        lease.close();

        assertThat(keptAlive).isTrue();
        assertThat(left).isPresent();
        assertThat(LINE.a().kv().get("leased")).isEmpty();
        assertThat(LINE.a().lease().timeToLive(lease.id())).isEmpty();
    }

    @Test
    void aLockIsHeldByOneAndItsTokensGrow() { // contract: lock.8
        Lock first = LINE.a().lock("nightly").acquire(Duration.ofSeconds(10));

        assertThat(LINE.c().lock("nightly").tryAcquire()).isEmpty();
        assertThatThrownBy(() -> LINE.c().lock("nightly").acquire(Duration.ofMillis(200)))
                .isInstanceOfSatisfying(
                        MetcdException.class, e -> assertThat(e.reason()).isEqualTo(MetcdException.Reason.TIMED_OUT))
                .hasMessageContaining("'nightly' is taken");
        CompletableFuture<Lock> next =
                CompletableFuture.supplyAsync(() -> LINE.c().lock("nightly").acquire(Duration.ofSeconds(10)));
        first.close();
        try (Lock second = next.join()) {
            assertThat(second.fencingToken()).isGreaterThan(first.fencingToken());
            assertThat(first.isHeld()).isFalse();
        }
        assertThat(LINE.b().kv().get(Query.prefix("nightly/").countOnly()).count())
                .isZero();
    }

    @Test
    void anElectionHasOneLeaderAndObserversHearOfTheNext() throws Exception {
        BlockingQueue<String> heard = new LinkedBlockingQueue<>();
        Leadership one = LINE.a().election("boss").campaign("one");
        Watcher observer = LINE.b().election("boss").observe(heard::add);
        CompletableFuture<Leadership> waiting =
                CompletableFuture.supplyAsync(() -> LINE.c().election("boss").campaign("two"));

        assertThat(heard.poll(10, TimeUnit.SECONDS)).isEqualTo("one");
        one.proclaim("one, still");
        assertThat(heard.poll(10, TimeUnit.SECONDS)).isEqualTo("one, still");
        one.close();
        try (Leadership two = waiting.get(10, TimeUnit.SECONDS)) {
            assertThat(heard.poll(10, TimeUnit.SECONDS)).isEqualTo("two");
            assertThat(LINE.a().election("boss").leader()).hasValue("two");
            assertThat(two.fencingToken()).isGreaterThan(one.fencingToken());
        }
        observer.close();
    }

    @Test
    void aRefusalSaysWhy() {
        assertThatThrownBy(() -> LINE.a().kv().put(Bytes.EMPTY, Bytes.EMPTY))
                .isInstanceOf(MetcdException.class)
                .hasMessage("a key is needed");
        assertThatThrownBy(() -> LINE.a().kv().put(Bytes.utf8("k"), Bytes.EMPTY, 4711))
                .hasMessage("there is no such lease, or it has ended");
    }
}
