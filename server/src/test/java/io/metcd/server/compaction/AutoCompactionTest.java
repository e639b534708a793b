package io.metcd.server.compaction;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.metcd.server.compaction.Retention.ByPeriod;
import io.metcd.server.compaction.Retention.ByRevisions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** When and where history is compacted, in virtual time (contract: kv.compact.6). */
class AutoCompactionTest {
    private static final Duration MINUTE = Duration.ofMinutes(1);

    private final VirtualLoop loop = new VirtualLoop();
    private final Cluster cluster = new Cluster();

    /** What a real etcd 3.6.14 does with --auto-compaction-retention 20s and a put each 5 s from the second second on. */
    @Test
    void aPeriodIsKeptAsARealEtcdKeepsIt() {
        Seat only = cluster.member(new ByPeriod(Duration.ofSeconds(20)));
        cluster.leader = Optional.of(only);
        loop.pass(Duration.ofSeconds(2));

        for (int put = 0; put < 8; put++) {
            cluster.revision++;
            loop.pass(Duration.ofSeconds(5));
        }

        assertThat(cluster.compactions).containsExactly("20s at 1 by 0", "40s at 5 by 0");
    }

    @Test
    void aLongPeriodIsCompactedEachHourAtWhatIsAPeriodOld() {
        cluster.leader = Optional.of(cluster.member(new ByPeriod(Duration.ofHours(24))));

        for (int minute = 0; minute < 27 * 60; minute++) {
            loop.pass(MINUTE);
            cluster.revision++;
        }

        // Of the hour that ended a day ago, as of the note taken six minutes before that.
        assertThat(cluster.compactions)
                .containsExactly("86400s at 1 by 0", "90000s at 54 by 0", "93600s at 114 by 0", "97200s at 174 by 0");
    }

    @Test
    void nothingIsCompactedTwiceWhereNothingIsWritten() {
        cluster.leader = Optional.of(cluster.member(new ByPeriod(Duration.ofMinutes(10))));

        loop.pass(Duration.ofHours(5));
        assertThat(cluster.compactions).hasSize(1);

        cluster.revision += 7;
        loop.pass(Duration.ofHours(5));
        assertThat(cluster.compactions).hasSize(2).last().asString().contains(" at 8 by 0");
    }

    @Test
    void onlyTheLeaderCompactsAndANewOneKnowsThePastAlready() {
        Seat first = cluster.member(new ByPeriod(Duration.ofHours(1)));
        Seat second = cluster.member(new ByPeriod(Duration.ofHours(1)));
        cluster.member(new ByPeriod(Duration.ofHours(1)));
        cluster.leader = Optional.of(first);
        cluster.revision = 100;
        loop.pass(Duration.ofMinutes(30));
        cluster.revision = 200;
        loop.pass(Duration.ofMinutes(45));
        assertThat(cluster.compactions).containsExactly("3600s at 1 by 0");

        cluster.leader = Optional.of(second);
        loop.pass(Duration.ofMinutes(15));

        // The time of the last compaction was the old leader's: the new one begins with its oldest note.
        assertThat(cluster.compactions).containsExactly("3600s at 1 by 0", "4680s at 100 by 1");
        cluster.leader = Optional.empty();
        loop.pass(Duration.ofHours(3));
        assertThat(cluster.compactions).hasSize(2);
    }

    @Test
    void aFailureIsTriedAgainAtTheNextLook() {
        Seat only = cluster.member(new ByPeriod(Duration.ofMinutes(10)));
        cluster.leader = Optional.of(only);
        cluster.failure = Optional.of("etcdserver: request timed out");
        loop.pass(Duration.ofMinutes(11));
        assertThat(cluster.compactions).isEmpty();
        assertThat(cluster.asked).isEqualTo(2);

        cluster.failure = Optional.empty();
        loop.pass(MINUTE);

        assertThat(cluster.compactions).containsExactly("720s at 1 by 0");
    }

    @Test
    void byRevisionsAllButTheNewestAreForgottenEachFiveMinutes() {
        cluster.leader = Optional.of(cluster.member(new ByRevisions(100)));
        cluster.revision = 100;
        loop.pass(Duration.ofMinutes(5));
        assertThat(cluster.compactions).isEmpty();

        cluster.revision = 130;
        loop.pass(Duration.ofMinutes(4));
        assertThat(cluster.compactions).isEmpty();
        loop.pass(MINUTE);
        loop.pass(Duration.ofMinutes(5));
        cluster.revision = 131;
        loop.pass(Duration.ofMinutes(5));

        assertThat(cluster.compactions).containsExactly("600s at 30 by 0", "1200s at 31 by 0");
    }

    @Test
    void whatCannotBeKeptIsRefused() {
        assertThatThrownBy(() -> new ByPeriod(Duration.ofMillis(999))).hasMessageContaining("from 1s to 8784h");
        assertThatThrownBy(() -> new ByPeriod(Duration.ofDays(367))).hasMessageContaining("from 1s to 8784h");
        assertThatThrownBy(() -> new ByRevisions(0)).hasMessageContaining("at least one revision");
    }

    /** Members that share a revision, and of which one may lead. */
    private final class Cluster {
        private final List<String> compactions = new ArrayList<>();
        private final long begun = loop.nanos();
        private Optional<String> failure = Optional.empty();
        private Optional<Seat> leader = Optional.empty();
        private long revision = 1;
        private int members;
        private int asked;

        Seat member(Retention retention) {
            Seat seat = new Seat(this, members++);
            AutoCompaction.start(retention, loop, loop, seat);
            return seat;
        }

        void compact(int member, long at, Consumer<Optional<String>> done) {
            asked++;
            if (failure.isEmpty()) {
                compactions.add((loop.nanos() - begun) / 1_000_000_000 + "s at " + at + " by " + member);
            }
            loop.execute(() -> done.accept(failure));
        }
    }

    private record Seat(Cluster cluster, int number) implements AutoCompaction.Member {
        @Override
        public long revision() {
            return cluster.revision;
        }

        @Override
        public boolean leads() {
            return cluster.leader.equals(Optional.of(this));
        }

        @Override
        public void compact(long revision, Consumer<Optional<String>> done) {
            cluster.compact(number, revision, done);
        }
    }
}
