package io.metcd.embed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.metcd.mesh.net.MeshStartFailure;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class MetcdTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private static Metcd solo() {
        Metcd member = Metcd.builder().name("solo").ephemeral().start();
        assertThat(member.awaitReady(PATIENCE)).isTrue();
        return member;
    }

    @Test
    void aMemberAloneIsAClusterOfOne() {
        try (Metcd member = solo()) {
            member.kv().put("k", "v");

            assertThat(member.kv().get("k"))
                    .hasValueSatisfying(pair -> assertThat(pair.text()).isEqualTo("v"));
            assertThat(member.waitsFor()).isEmpty();
        }
    }

    @Test
    void aMemberWithoutItsPeersSaysWhatItWaitsFor() {
        try (Metcd member =
                Metcd.builder().name("a").founders("a", "b", "c").ephemeral().start()) {
            assertThat(member.awaitReady(Duration.ofMillis(300))).isFalse();

            assertThat(member.waitsFor()).isEqualTo("waiting for the founders 'b', 'c' of cluster 'metcd'");
            assertThatThrownBy(() -> member.kv().put("k", "v"))
                    .isInstanceOfSatisfying(MetcdException.class, e -> {
                        assertThat(e.reason()).isEqualTo(MetcdException.Reason.NOT_READY);
                        assertThat(e.mayHaveHappened()).isFalse();
                    })
                    .hasMessageContaining("waiting for the founders 'b', 'c'");
        }
    }

    @Test
    void settingsThatDoNotFitAreRefusedWithTheFix() {
        assertThatThrownBy(() -> Metcd.builder().name("a").start())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("say either durable(directory)");
        assertThatThrownBy(() ->
                        Metcd.builder().name("x").founders("a", "b").ephemeral().start())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("member 'x' is not one of the founders a, b");
        assertThatThrownBy(() ->
                        Metcd.builder().name("a").password("secret").ephemeral().start())
                .isInstanceOf(MeshStartFailure.class)
                .hasMessageContaining("password gen");
        assertThatThrownBy(() -> Metcd.builder()
                        .name("a")
                        .timing(Duration.ofMillis(500), Duration.ofMillis(600))
                        .ephemeral()
                        .start())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("at least two heartbeat intervals");
    }

    @Test
    void aClosedMemberAnswersEverythingAndRefusesWhatComes() throws Exception {
        Metcd member = solo();
        CompletableFuture<MetcdException> watchEnded = new CompletableFuture<>();
        CountDownLatch began = new CountDownLatch(1);
        Watcher watcher = member.watch(Watch.prefix(""), new WatchListener() {
            @Override
            public void changed(WatchEvent event) {
                began.countDown();
            }

            @Override
            public void ended(MetcdException why) {
                watchEnded.complete(why);
            }
        });
        Lock held = member.lock("l").acquire(PATIENCE);
        assertThat(began.await(30, TimeUnit.SECONDS)).isTrue();

        member.close();
        member.close();

        assertThat(watchEnded.get(30, TimeUnit.SECONDS).reason()).isEqualTo(MetcdException.Reason.STOPPED);
        assertThat(held.isHeld()).isFalse();
        assertThatThrownBy(() -> member.kv().put("k", "v"))
                .isInstanceOfSatisfying(
                        MetcdException.class, e -> assertThat(e.reason()).isEqualTo(MetcdException.Reason.STOPPED));
        assertThatThrownBy(() -> member.watch("", event -> {}))
                .isInstanceOf(MetcdException.class)
                .hasMessage("this member has stopped");
        watcher.close();
    }

    @Test
    void whoeverWaitsForALockOfAMemberThatLeavesGetsItAtOnce() throws Exception {
        try (Line line = new Line()) {
            line.awaitReady();
            Lock held = line.a().lock("l").acquire(PATIENCE);
            CompletableFuture<Lock> waiting =
                    CompletableFuture.supplyAsync(() -> line.c().lock("l").acquire(PATIENCE));

            line.a().close();

            // Well before the hold time of 10 s is over.
            assertThat(waiting.get(8, TimeUnit.SECONDS).fencingToken()).isGreaterThan(held.fencingToken());
        }
    }

    @Test
    void aLockIsLostWhenItsMemberFindsNoLeaderForItsTime() throws Exception {
        Line line = new Line(Duration.ofSeconds(2));
        try (line) {
            line.awaitReady();
            Lock lock = line.a().lock("l").acquire(PATIENCE);
            CountDownLatch lost = new CountDownLatch(1);
            lock.onLost(lost::countDown);

            line.b().close();
            line.c().close();

            assertThat(lost.await(30, TimeUnit.SECONDS)).isTrue();
            assertThat(lock.isHeld()).isFalse();
        }
    }

    @Test
    void tokensSortByEpochThenByRevisionAlsoAsText() {
        FencingToken old = new FencingToken(1, 900);
        FencingToken young = new FencingToken(2, 5);

        assertThat(young).isGreaterThan(old);
        assertThat(new FencingToken(2, 16)).isGreaterThan(young);
        assertThat(young.toString()).isGreaterThan(old.toString());
        assertThat(new FencingToken(2, 16).toString()).isGreaterThan(young.toString());
    }
}
