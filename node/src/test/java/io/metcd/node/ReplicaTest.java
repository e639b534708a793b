package io.metcd.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.metcd.node.Cluster.Host;
import io.metcd.store.command.Command;
import io.metcd.store.command.CommandResult;
import io.metcd.store.kv.Event;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ReplicaTest {
    private static void assertDone(Outcome outcome) {
        assertThat(outcome).isInstanceOf(Outcome.Done.class);
    }

    @Test
    void aClusterOfOneServesAtOnce() {
        Cluster cluster = new Cluster(1, "solo");
        Host solo = cluster.start("solo");
        cluster.awaitLeader();

        Outcome put = cluster.put(solo, "k", "v");

        assertDone(put);
        assertThat(cluster.get(solo, "k")).isEqualTo("v");
    }

    @Test
    void whatOneMemberWritesEveryOtherReads() { // contract: mvcc.agree.1, kv.range.20
        Cluster cluster = Cluster.ofThree(2);
        cluster.awaitLeader();

        for (String name : cluster.names) {
            assertDone(cluster.put(cluster.host(name), "from-" + name, name));
        }

        for (String name : cluster.names) {
            for (String writer : cluster.names) {
                assertThat(cluster.get(cluster.host(name), "from-" + writer)).isEqualTo(writer);
            }
        }
    }

    @Test
    void theMemberListIsTheSameEverywhereAndComplete() {
        Cluster cluster = Cluster.ofThree(3);
        cluster.awaitLeader();

        cluster.world.play(2 * Cluster.SECOND);

        for (String name : cluster.names) {
            assertThat(cluster.host(name).replica.status().members())
                    .isEqualTo(cluster.host("a").replica.status().members())
                    .hasSize(3)
                    .allSatisfy(member -> assertThat(member.peer().size()).isEqualTo(16));
        }
    }

    @Test
    void requestsBeforeTheFoundingAreRefusedAndTheStatusSaysWhatIsMissing() {
        Cluster cluster = new Cluster(4, "a", "b", "c");
        Host alone = cluster.start("a");

        Outcome put = cluster.put(alone, "k", "v");

        assertThat(put).isEqualTo(new Outcome.Failed(Failure.NOT_READY));
        assertThat(alone.replica.status().waitsFor()).contains("'b', 'c'");
    }

    @Test
    void serviceGoesOnThroughTheTwoThatRemain() {
        Cluster cluster = Cluster.ofThree(5);
        cluster.awaitLeader();
        assertDone(cluster.put(cluster.follower(), "k", "1"));

        cluster.crash(cluster.leader().name);
        cluster.world.play(4 * Cluster.SECOND);

        assertDone(cluster.put(cluster.hosts.firstEntry().getValue(), "k", "2"));
        assertThat(cluster.get(cluster.hosts.lastEntry().getValue(), "k")).isEqualTo("2");
    }

    @Test
    void withoutAQuorumWritesTimeOutAndLaterOnesSucceed() {
        Cluster cluster = Cluster.ofThree(6);
        cluster.awaitLeader();
        cluster.world.cut("a", "b");
        cluster.world.cut("b", "c");
        cluster.world.cut("a", "c");
        cluster.world.play(Cluster.SECOND);

        Outcome lost = cluster.put(cluster.host("b"), "k", "lost");
        cluster.world.heal();
        cluster.awaitLeader();
        Outcome kept = cluster.put(cluster.host("b"), "k", "kept");

        assertThat(lost).isInstanceOf(Outcome.Failed.class);
        assertDone(kept);
        assertThat(cluster.get(cluster.host("a"), "k")).isEqualTo("kept");
    }

    @Test
    void everyListenerHearsEveryChangeOnceAndInOrder() {
        Cluster cluster = Cluster.ofThree(8);
        cluster.awaitLeader();

        for (int i = 0; i < 20; i++) {
            assertDone(cluster.put(cluster.host(cluster.names.get(i % 3)), "k" + i, "v"));
        }
        cluster.world.play(Cluster.SECOND);

        for (Host host : cluster.hosts.values()) {
            List<String> keys = host.events.stream()
                    .map(Event::kv)
                    .map(kv -> kv.key().toUtf8())
                    .toList();
            assertThat(keys)
                    .hasSize(20)
                    .doesNotHaveDuplicates()
                    .startsWith("k0", "k1")
                    .endsWith("k19");
        }
    }

    @Test
    void aStoppedReplicaAnswersWhatWaitsAndRefusesWhatComes() {
        Cluster cluster = Cluster.ofThree(9);
        cluster.awaitLeader();
        Host follower = cluster.follower();
        List<Outcome> waiting = new ArrayList<>();
        cluster.world.cut("a", "b");
        cluster.world.cut("b", "c");
        cluster.world.cut("a", "c");
        follower.replica.submit(new Command.Noop(), 5 * Cluster.SECOND, waiting::add);
        cluster.world.play(100 * Cluster.MILLI);

        follower.replica.stop();
        cluster.world.play(100 * Cluster.MILLI);

        assertThat(waiting).containsExactly(new Outcome.Failed(Failure.STOPPED));
        assertThat(cluster.put(follower, "k", "v")).isEqualTo(new Outcome.Failed(Failure.STOPPED));
        assertThat(follower.replica.status().phase()).isEqualTo(ReplicaStatus.Phase.STOPPED);
    }

    @Test
    void aRefusalOfTheStoreIsAResultAndNoFailure() {
        Cluster cluster = Cluster.ofThree(10);
        cluster.awaitLeader();

        Outcome outcome = cluster.submit(cluster.follower(), new Command.LeaseRevoke(99));

        assertThat(outcome).isInstanceOf(Outcome.Done.class);
        assertThat(((Outcome.Done) outcome).result()).isInstanceOf(CommandResult.Refused.class);
    }
}
