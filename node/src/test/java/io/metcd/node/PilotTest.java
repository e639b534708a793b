package io.metcd.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.metcd.base.RandomSource;
import io.metcd.mesh.PeerId;
import io.metcd.node.ReplicaStatus.Phase;
import io.metcd.node.autopilot.Mode;
import io.metcd.node.autopilot.Rules;
import io.metcd.store.MemberState;
import io.metcd.store.MemberState.Standing;
import io.metcd.store.PilotSwitch;
import io.metcd.store.command.MemberCommand;
import io.metcd.testkit.disk.SimDisk;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** A cluster that keeps the right members voting by itself (contract: diff.5). */
class PilotTest {
    private final Cluster cluster = new Cluster(61, "a", "b", "c");
    private final TreeMap<String, SimDisk> disks = new TreeMap<>();

    private void piloted(Rules rules) {
        cluster.configure = config -> config.withAutopilot(rules);
    }

    private void start() {
        cluster.names.forEach(cluster::start);
        cluster.await(30 * Cluster.SECOND, () -> voters().equals(List.of("a", "b", "c")));
    }

    /** Names of those who vote, as the leader knows them. */
    private List<String> voters() {
        return named(Standing.VOTER);
    }

    private List<String> named(Standing standing) {
        Optional<Cluster.Host> leader = cluster.hosts.values().stream()
                .filter(host -> host.replica.status().isLeader())
                .findFirst();
        return leader.map(host -> host.replica.status().members().stream()
                        .filter(member -> member.standing() == standing && member.started())
                        .map(MemberState::name)
                        .sorted()
                        .toList())
                .orElse(List.of());
    }

    private void crash(String name) {
        cluster.crash(name);
    }

    @Test
    void aStandbyTakesThePlaceOfAVoterThatIsGoneAndTheVoterComesBackAsAStandby() {
        piloted(Rules.FORGETTING.with(Mode.ON));
        start();
        cluster.guest("d");
        cluster.await(20 * Cluster.SECOND, () -> named(Standing.STANDBY).equals(List.of("d")));
        cluster.await(
                5 * Cluster.SECOND, () -> cluster.host("d").replica.status().hasLeader());
        assertThat(cluster.put(cluster.host("d"), "k", "v")).isInstanceOf(Outcome.Done.class);
        cluster.world.play(12 * Cluster.SECOND);
        long gone = cluster.host("c").replica.status().memberId();

        crash("c");
        cluster.await(15 * Cluster.SECOND, () -> voters().equals(List.of("a", "b", "d")));
        cluster.start("c");
        cluster.await(15 * Cluster.SECOND, () -> named(Standing.STANDBY).equals(List.of("c")));

        cluster.await(
                5 * Cluster.SECOND, () -> cluster.host("c").replica.status().hasLeader());
        assertThat(cluster.host("a").replica.root().isRemoved(gone)).isTrue();
        assertThat(cluster.get(cluster.host("c"), "k")).isEqualTo("v");
        assertThat(cluster.leader().replica.status().voters()).hasSize(3);
    }

    @Test
    void aStandbyThatWasRemovedBeforeItHeardOfItsPlaceIsGivenAnother() {
        piloted(Rules.FORGETTING.with(Mode.ON));
        start();
        cluster.names.forEach(name -> cluster.world.cut("d", name));
        Cluster.Host late = cluster.guest("d");
        PeerId peer = late.mesh.self();
        long incarnation = late.replica.config().incarnation();
        long first = FoundingSet.substituteId("orders", cluster.names, "d", peer, incarnation);
        MemberState place =
                new MemberState(first, "d", List.of(), List.of(), peer.id16(), incarnation, Standing.STANDBY);
        assertThat(cluster.submit(cluster.leader(), new MemberCommand.Add(place)))
                .isInstanceOf(Outcome.Done.class);
        cluster.submit(cluster.leader(), new MemberCommand.Remove(first));
        assertThat(cluster.leader().replica.root().isRemoved(first)).isTrue();

        cluster.world.heal();

        cluster.await(20 * Cluster.SECOND, () -> named(Standing.STANDBY).equals(List.of("d")));
        cluster.await(5 * Cluster.SECOND, () -> late.replica.status().hasLeader());
        assertThat(late.replica.status().memberId()).isNotEqualTo(first);
    }

    @Test
    void theLeaderItselfIsReplacedAsWell() {
        piloted(Rules.FORGETTING.with(Mode.ON));
        start();
        cluster.guest("d");
        cluster.guest("e");
        cluster.await(20 * Cluster.SECOND, () -> named(Standing.STANDBY).equals(List.of("d", "e")));
        cluster.world.play(12 * Cluster.SECOND);
        String leader = cluster.leader().name;

        crash(leader);

        cluster.await(30 * Cluster.SECOND, () -> voters().size() == 3 && !voters().contains(leader));
    }

    @Test
    void whoRestartsSoonTakesItsOwnPlace() {
        piloted(Rules.FORGETTING.with(Mode.ON));
        start();
        cluster.guest("d");
        cluster.await(20 * Cluster.SECOND, () -> named(Standing.STANDBY).equals(List.of("d")));
        cluster.world.play(12 * Cluster.SECOND);

        crash("c");
        cluster.world.play(2 * Cluster.SECOND);
        cluster.start("c");
        cluster.world.play(20 * Cluster.SECOND);

        assertThat(voters()).containsExactly("a", "b", "c");
        assertThat(named(Standing.STANDBY)).containsExactly("d");
    }

    @Test
    void aClusterThatWasBegunAnewGrowsToThreeVotersAgain() {
        piloted(Rules.FORGETTING.with(Mode.ON));
        start();
        cluster.put(cluster.host("c"), "k", "v");
        crash("a");
        crash("b");
        cluster.world.play(10 * Cluster.SECOND);

        cluster.host("c").replica.refound(done -> {});
        cluster.await(10 * Cluster.SECOND, () -> voters().equals(List.of("c")));
        cluster.start("a");
        cluster.world.play(20 * Cluster.SECOND);
        assertThat(voters()).containsExactly("c");
        cluster.start("b");

        cluster.await(30 * Cluster.SECOND, () -> voters().equals(List.of("a", "b", "c")));
        assertThat(cluster.get(cluster.host("a"), "k")).isEqualTo("v");
    }

    @Test
    void voterAfterVoterDiesAndThereIsAlwaysAQuorum() {
        piloted(Rules.FORGETTING.with(Mode.ON));
        start();
        for (String guest : List.of("d", "e", "f", "g")) {
            cluster.guest(guest);
        }
        cluster.await(30 * Cluster.SECOND, () -> named(Standing.STANDBY).size() == 4);
        cluster.world.play(12 * Cluster.SECOND);

        String dies = "a";
        for (int deaths = 0; deaths < 4; deaths++) {
            assertThat(cluster.put(cluster.host("c"), "key" + deaths, "v")).isInstanceOf(Outcome.Done.class);
            crash(dies);
            String dead = dies;
            cluster.await(40 * Cluster.SECOND, () -> voters().size() == 3 && !voters().contains(dead));
            dies = voters().stream()
                    .filter(name -> !List.of("b", "c").contains(name))
                    .findFirst()
                    .orElseThrow();
        }

        for (int deaths = 0; deaths < 4; deaths++) {
            assertThat(cluster.get(cluster.host("c"), "key" + deaths)).isEqualTo("v");
        }
    }

    @Test
    void foundersThatForgetKeepAPlaceInEveryMajority() {
        piloted(Rules.FORGETTING.with(Mode.ON));
        start();
        cluster.guest("d");
        cluster.guest("e");
        cluster.await(30 * Cluster.SECOND, () -> named(Standing.STANDBY).size() == 2);
        cluster.world.play(12 * Cluster.SECOND);
        crash("a");
        cluster.await(40 * Cluster.SECOND, () -> voters().size() == 3 && !voters().contains("a"));

        crash("b");
        cluster.world.play(40 * Cluster.SECOND);
        assertThat(voters()).contains("b", "c");

        cluster.start("a");
        cluster.await(40 * Cluster.SECOND, () -> voters().size() == 3 && voters().containsAll(List.of("a", "c")));
    }

    @Test
    void withoutAStandbyNobodyIsRemovedAndTheLeaderSaysWhatItMisses() {
        piloted(Rules.FORGETTING.with(Mode.ON));
        start();

        crash("c");
        cluster.world.play(30 * Cluster.SECOND);

        assertThat(voters()).containsExactly("a", "b", "c");
        assertThat(cluster.leader().replica.status().autopilot().reasons())
                .contains("no standby is ready to replace 'c'");
        assertThat(cluster.follower().replica.status().autopilot().reasons())
                .containsExactly("member '" + cluster.leader().name + "' leads: ask it");
    }

    @Test
    void pausedItDoesNothingUntilItIsToldToGoOnWhoeverLeads() { // contract: http.autopilot.1
        piloted(Rules.FORGETTING.with(Mode.ON));
        start();
        cluster.guest("d");
        cluster.guest("e");
        cluster.await(20 * Cluster.SECOND, () -> named(Standing.STANDBY).equals(List.of("d", "e")));
        cluster.awaitLeader();
        cluster.submit(cluster.host("e"), new MemberCommand.Steer(PilotSwitch.PAUSED));
        cluster.world.play(12 * Cluster.SECOND);
        String leader = cluster.leader().name;

        crash(leader);
        cluster.world.play(30 * Cluster.SECOND);
        assertThat(voters()).contains(leader);
        assertThat(cluster.leader().replica.status().autopilot().mode()).isEqualTo(Mode.PAUSED);
        cluster.submit(cluster.host("e"), new MemberCommand.Steer(PilotSwitch.DRY_RUN));
        cluster.world.play(2 * Cluster.SECOND);
        assertThat(cluster.leader().replica.status().autopilot().reasons())
                .anyMatch(reason -> reason.startsWith("would now promote standby"));
        assertThat(voters()).contains(leader);
        cluster.submit(cluster.host("e"), new MemberCommand.Steer(PilotSwitch.AS_STARTED));

        cluster.await(5 * Cluster.SECOND, () -> !voters().contains(leader));
    }

    @Test
    void whereItIsOffAStrangerIsNotTakenIn() {
        start();

        cluster.guest("d");
        cluster.world.play(30 * Cluster.SECOND);

        assertThat(cluster.host("d").replica.status().phase()).isEqualTo(Phase.FOUNDING);
        assertThat(cluster.host("d").replica.status().waitsFor()).contains("has no member 'd'");
    }

    @Test
    void aDurableMemberThatWasReplacedIsToldSoWhenItComesBack() {
        piloted(Rules.KEEPING.with(Mode.ON));
        for (String name : cluster.names) {
            durable(name);
        }
        cluster.await(30 * Cluster.SECOND, () -> voters().equals(List.of("a", "b", "c")));
        cluster.join("d", disk("d"), "key of d");
        cluster.await(20 * Cluster.SECOND, () -> named(Standing.STANDBY).equals(List.of("d")));
        crash("c");
        cluster.world.play(14 * 60 * Cluster.SECOND);
        assertThat(voters()).containsExactly("a", "b", "c");
        cluster.await(120 * Cluster.SECOND, () -> voters().equals(List.of("a", "b", "d")));

        durable("c");
        cluster.await(
                20 * Cluster.SECOND, () -> cluster.host("c").replica.status().phase() == Phase.REPLACED);
        assertThat(cluster.host("c").replica.status().waitsFor()).contains("goes on without this member");
        crash("c");
        disks.remove("c");
        cluster.join("c", disk("c"), "key of c");

        cluster.await(20 * Cluster.SECOND, () -> named(Standing.STANDBY).equals(List.of("c")));
    }

    private void durable(String name) {
        cluster.start(name, disk(name), "key of " + name);
    }

    private SimDisk disk(String name) {
        return disks.computeIfAbsent(name, each -> new SimDisk(RandomSource.seeded(1)));
    }
}
