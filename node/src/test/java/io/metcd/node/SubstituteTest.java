package io.metcd.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.metcd.node.ReplicaStatus.Phase;
import io.metcd.store.MemberState;
import io.metcd.store.MemberState.Standing;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** Members that keep nothing come back as new members (contract: diff.5). */
class SubstituteTest {
    private final Cluster cluster = Cluster.ofThree(52);

    private boolean allVote() {
        return cluster.hosts.values().stream().allMatch(host -> {
            ReplicaStatus status = host.replica.status();
            return status.phase() == Phase.RUNNING
                    && status.hasLeader()
                    && status.voters().size() == 3
                    && status.voters().contains(status.memberId())
                    && status.members().size() == 3
                    && status.members().stream().allMatch(MemberState::votes);
        });
    }

    @Test
    void allThreeAreRestartedOneByOneAndNothingIsLost() {
        cluster.await(20 * Cluster.SECOND, this::allVote);
        TreeMap<String, Long> before = new TreeMap<>();
        cluster.hosts.forEach(
                (name, host) -> before.put(name, host.replica.status().memberId()));
        for (int round = 0; round < 2; round++) {
            for (String name : cluster.names) {
                String other = name.equals("a") ? "b" : "a";
                assertThat(cluster.put(cluster.host(other), name + round, "v")).isInstanceOf(Outcome.Done.class);
                cluster.crash(name);
                cluster.world.play(Cluster.SECOND);

                cluster.start(name);
                cluster.await(30 * Cluster.SECOND, this::allVote);
            }
        }

        for (String name : cluster.names) {
            assertThat(cluster.host(name).replica.status().memberId()).isNotEqualTo(before.get(name));
            for (String key : cluster.names) {
                assertThat(cluster.get(cluster.host(name), key + "0")).isEqualTo("v");
                assertThat(cluster.get(cluster.host(name), key + "1")).isEqualTo("v");
            }
        }
        before.values()
                .forEach(id -> assertThat(cluster.host("a").replica.root().isRemoved(id))
                        .isTrue());
    }

    @Test
    void aSubstituteIsFirstALearner() {
        cluster.await(20 * Cluster.SECOND, this::allVote);
        cluster.crash("c");
        cluster.world.play(Cluster.SECOND);
        boolean[] learned = new boolean[1];
        cluster.host("a")
                .replica
                .subscribe((root, events) ->
                        learned[0] |= root.members().stream().anyMatch(each -> each.standing() == Standing.SUBSTITUTE));

        cluster.start("c");
        cluster.await(30 * Cluster.SECOND, this::allVote);

        assertThat(learned[0]).isTrue();
    }

    @Test
    void aMemberThatDoesNotKnowItsPlaceYetServesNoMoreThanALearner() {
        cluster.await(20 * Cluster.SECOND, this::allVote);
        cluster.crash("c");
        cluster.world.play(Cluster.SECOND);
        cluster.start("c");
        List<ReplicaStatus> early = new ArrayList<>();

        cluster.await(30 * Cluster.SECOND, () -> {
            ReplicaStatus status = cluster.host("c").replica.status();
            if (status.phase() == Phase.RUNNING && !status.voters().contains(status.memberId())) {
                early.add(status);
            }
            return allVote();
        });

        assertThat(early)
                .isNotEmpty()
                .allSatisfy(status -> assertThat(status.role()).isEqualTo(ReplicaStatus.Role.LEARNER));
    }

    @Test
    void anOperatorBeginsANewClusterWithWhatASurvivorHolds() {
        cluster.await(20 * Cluster.SECOND, this::allVote);
        cluster.put(cluster.host("c"), "k", "v");
        ReplicaStatus before = cluster.host("c").replica.status();
        assertThat(refound("c")).isEqualTo(Refounded.NOT_NEEDED);
        cluster.crash("a");
        cluster.crash("b");
        cluster.world.play(10 * Cluster.SECOND);

        assertThat(refound("c")).isEqualTo(Refounded.DONE);
        cluster.await(
                10 * Cluster.SECOND, () -> cluster.host("c").replica.status().hasLeader());
        cluster.start("a");
        cluster.start("b");
        cluster.await(30 * Cluster.SECOND, this::allVote);

        ReplicaStatus after = cluster.host("a").replica.status();
        assertThat(after.clusterId()).isNotEqualTo(before.clusterId());
        assertThat(after.epoch()).isGreaterThan(before.epoch());
        assertThat(cluster.get(cluster.host("b"), "k")).isEqualTo("v");
        assertThat(cluster.put(cluster.host("a"), "k", "w")).isInstanceOf(Outcome.Done.class);
    }

    private Refounded refound(String name) {
        List<Refounded> done = new ArrayList<>();
        cluster.host(name).replica.refound(done::add);
        cluster.await(Cluster.SECOND, () -> !done.isEmpty());
        return done.get(0);
    }

    @Test
    void withoutAMajorityAllWaitAndSayWhy() {
        cluster.await(20 * Cluster.SECOND, this::allVote);
        cluster.put(cluster.host("c"), "k", "v");
        cluster.crash("a");
        cluster.crash("b");
        cluster.start("a");
        cluster.start("b");
        cluster.world.play(30 * Cluster.SECOND);

        assertThat(cluster.host("c").replica.status().waitsFor())
                .contains("no way to the members 'a', 'b'", "has no majority", "./metcd refound");
        assertThat(cluster.host("a").replica.status().phase()).isEqualTo(Phase.FOUNDING);
        assertThat(cluster.host("a").replica.status().waitsFor()).contains("has no majority", "./metcd refound");
    }
}
