package io.metcd.node;

import static io.metcd.node.Cluster.MILLI;
import static io.metcd.node.Cluster.SECOND;
import static org.assertj.core.api.Assertions.assertThat;

import io.metcd.base.Bytes;
import io.metcd.node.Cluster.Host;
import io.metcd.store.command.Command;
import io.metcd.store.command.Op;
import io.metcd.store.kv.RangeQuery;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A leader that is cut off from its majority, and clients who still ask it. */
class LeaderCutOffTest {
    private static final long LEASE = 5;
    private static final long TTL_SECONDS = 10;

    private final Cluster cluster = Cluster.ofThree(60);

    @BeforeEach
    void threeWithALeader() {
        cluster.awaitLeader();
    }

    @Test
    void itAnswersNoReadWithOldData() { // contract: kv.range.20
        cluster.put(cluster.leader(), "k", "old");
        Host old = cluster.leader();
        cutOff(old);
        List<String> answers = new ArrayList<>();
        cluster.await(20 * SECOND, () -> {
            read(old, new ArrayList<>()); // whatever it answers while nobody else leads is the newest that there is
            return leaderBeside(old).isPresent();
        });
        assertThat(cluster.put(leaderBeside(old).orElseThrow(), "k", "new")).isInstanceOf(Outcome.Done.class);

        for (int i = 0; i < 100; i++) {
            read(old, answers);
            cluster.world.play(10 * MILLI);
        }
        cluster.world.heal();
        cluster.await(10 * SECOND, () -> answers.size() == 100);

        assertThat(answers).doesNotContain("old").contains("new");
    }

    @Test
    void theSecondThatItBelievesToLeadIsNoRiskEither() { // contract: kv.range.20
        cluster.put(cluster.leader(), "k", "old");
        Host old = cluster.leader();
        old.paused = true; // it hears nothing, and so goes on to believe
        cutOff(old);
        cluster.await(20 * SECOND, () -> leaderBeside(old).isPresent());
        cluster.put(leaderBeside(old).orElseThrow(), "k", "new");
        List<String> answers = new ArrayList<>();

        read(old, answers);
        old.paused = false;
        old.wake();
        cluster.world.play(8 * SECOND);

        assertThat(answers).hasSize(1).doesNotContain("old");
    }

    @Test
    void itRenewsNoLeaseAndTheNextLeaderKeepsWhatWasPromised() { // contract: lease.expire.2
        Host old = cluster.leader();
        cluster.submit(old, new Command.LeaseGrant(LEASE, TTL_SECONDS));
        cluster.submit(old, Op.Put.of(Bytes.utf8("k"), Bytes.EMPTY).withLease(LEASE));
        cluster.world.play(6 * SECOND);
        assertThat(renewed(keepAlive(old))).isEqualTo(TTL_SECONDS);
        cutOff(old);
        long promised = cluster.world.nanos();
        while (keepAlive(old) instanceof LeaseOutcome.Renewed) {
            promised = cluster.world.nanos();
        }
        cluster.await(20 * SECOND, () -> leaderBeside(old).isPresent());
        Host next = leaderBeside(old).orElseThrow();

        cluster.world.play(promised + TTL_SECONDS * SECOND - MILLI - cluster.world.nanos());
        assertThat(keyspaceHas(next)).as("until the end of the last promise").isTrue();
        assertThat(old.replica.root().lease(LEASE)).as("it ends nothing").isPresent();
        cluster.world.play(5 * SECOND);
        assertThat(keyspaceHas(next)).isFalse();
        assertThat(old.replica.root().lease(LEASE)).as("it ends nothing").isPresent();
    }

    private static boolean keyspaceHas(Host host) {
        return !Cluster.value(host.replica.root().range(RangeQuery.key(Bytes.utf8("k"))))
                .equals("none");
    }

    @Test
    void aLeaseThatChangesItsLeaderShortlyBeforeItsEndLivesOnAndEnds() { // contract: lease.expire.1, lease.expire.2
        Host old = cluster.leader();
        cluster.submit(old, new Command.LeaseGrant(LEASE, TTL_SECONDS));
        cluster.submit(old, Op.Put.of(Bytes.utf8("k"), Bytes.EMPTY).withLease(LEASE));
        cluster.world.play((TTL_SECONDS - 1) * SECOND);

        cluster.crash(old.name);
        cluster.await(20 * SECOND, () -> leaderBeside(old).isPresent());
        Host next = leaderBeside(old).orElseThrow();

        cluster.world.play((TTL_SECONDS - 1) * SECOND);
        assertThat(cluster.get(next, "k")).isEmpty();
        cluster.world.play(6 * SECOND);
        assertThat(cluster.get(next, "k")).isEqualTo("none");
    }

    @Test
    void whileTheLeaderChangesWhatIsLeftOfALeaseIsToldOrItFails() { // contract: lease.ttl.3
        Host old = cluster.leader();
        for (String through : cluster.names) {
            long lease = 100L + through.charAt(0);
            cluster.submit(cluster.host(through), new Command.LeaseGrant(lease, TTL_SECONDS));
            for (String asked : cluster.names) {
                assertThat(left(cluster.host(asked), lease))
                        .as("granted through %s, asked through %s", through, asked)
                        .isBetween(TTL_SECONDS - 1, TTL_SECONDS);
            }
        }
        long lease = 100L + old.name.charAt(0);
        List<LeaseOutcome> outcomes = new ArrayList<>();

        cluster.crash(old.name);
        for (int i = 0; i < 30; i++) {
            cluster.hosts.firstEntry().getValue().replica.timeToLive(lease, false, 7 * SECOND, outcomes::add);
            cluster.world.play(100 * MILLI);
        }
        cluster.await(10 * SECOND, () -> outcomes.size() == 30);

        assertThat(outcomes).allMatch(outcome -> outcome instanceof LeaseOutcome.Failed || seconds(outcome) > 0);
        assertThat(outcomes.get(29)).isInstanceOf(LeaseOutcome.TimeToLive.class);
    }

    private void cutOff(Host host) {
        cluster.names.stream()
                .filter(name -> !name.equals(host.name))
                .forEach(name -> cluster.world.cut(host.name, name));
    }

    private Optional<Host> leaderBeside(Host old) {
        return cluster.hosts.values().stream()
                .filter(host -> host != old && host.replica.status().isLeader())
                .findFirst();
    }

    private static void read(Host host, List<String> answers) {
        host.replica.read(
                7 * SECOND,
                outcome -> answers.add(
                        outcome instanceof ReadOutcome.At at
                                ? Cluster.value(at.root().range(RangeQuery.key(Bytes.utf8("k"))))
                                : outcome.toString()));
    }

    private LeaseOutcome keepAlive(Host host) {
        List<LeaseOutcome> outcomes = new ArrayList<>();
        host.replica.keepAlive(LEASE, 2 * SECOND, outcomes::add);
        cluster.await(3 * SECOND, () -> !outcomes.isEmpty());
        return outcomes.get(0);
    }

    private static long renewed(LeaseOutcome outcome) {
        return ((LeaseOutcome.Renewed) outcome).ttlSeconds();
    }

    private long left(Host host, long lease) {
        List<LeaseOutcome> outcomes = new ArrayList<>();
        host.replica.timeToLive(lease, false, 7 * SECOND, outcomes::add);
        cluster.await(8 * SECOND, () -> !outcomes.isEmpty());
        return seconds(outcomes.get(0));
    }

    private static long seconds(LeaseOutcome outcome) {
        return outcome instanceof LeaseOutcome.TimeToLive left ? left.remainingSeconds() : -1;
    }
}
