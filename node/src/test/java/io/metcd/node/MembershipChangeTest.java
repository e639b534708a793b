package io.metcd.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.metcd.base.RandomSource;
import io.metcd.node.ReplicaStatus.Phase;
import io.metcd.node.ReplicaStatus.Role;
import io.metcd.store.MemberState;
import io.metcd.store.MemberState.Standing;
import io.metcd.store.command.CommandResult;
import io.metcd.store.command.CommandResult.MembershipResult;
import io.metcd.store.command.MemberCommand;
import io.metcd.store.kv.Refusal;
import io.metcd.testkit.disk.SimDisk;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** contract: cluster.add, cluster.promote, cluster.remove. */
class MembershipChangeTest {
    private static final long D = 0x7777;
    private static final List<String> D_URLS = List.of("http://d.mesh:2380");

    private final Cluster cluster = new Cluster(51, "a", "b", "c");
    private final TreeMap<String, SimDisk> disks = new TreeMap<>();

    @BeforeEach
    void threeThatHaveKnownEachOtherForAWhile() {
        cluster.names.forEach(this::start);
        cluster.awaitLeader();
        cluster.world.play(6 * Cluster.SECOND);
    }

    private SimDisk disk(String name) {
        return disks.computeIfAbsent(name, each -> new SimDisk(RandomSource.seeded(1)));
    }

    private void start(String name) {
        cluster.start(name, disk(name), name);
    }

    @Test
    void aClusterOfOneTakesASecondVoterAndAThird() { // contract: cluster.join.1
        Cluster one = new Cluster(53, "a");
        one.start("a", disk("alone"), "alone");
        one.awaitLeader();
        Cluster.Host a = one.host("a");
        for (String name : List.of("d", "e")) {
            MemberState place =
                    MemberState.added(name.charAt(0), List.of("http://" + name + ".mesh:2380"), Standing.VOTER);
            one.await(10 * Cluster.SECOND, () -> done(one.submit(a, new MemberCommand.Add(place))));
            assertThat(one.put(a, name, "v")).isInstanceOf(Outcome.Done.class); // nobody waits for who is not there yet
            one.join(name, disk(name), name);
            one.await(20 * Cluster.SECOND, () -> a.replica.status().voters().contains((long) name.charAt(0)));
        }

        one.crash("e");
        assertThat(one.put(one.host("d"), "k", "v")).isInstanceOf(Outcome.Done.class);
        assertThat(a.replica.status().voters()).hasSize(3);
    }

    private static boolean done(Outcome outcome) {
        return outcome instanceof Outcome.Done done && !(done.result() instanceof CommandResult.Refused);
    }

    private CommandResult change(String at, MemberCommand command) {
        Outcome outcome = cluster.submit(cluster.host(at), command);
        assertThat(outcome).isInstanceOf(Outcome.Done.class);
        return ((Outcome.Done) outcome).result();
    }

    private CommandResult add(Standing standing) {
        return change("a", new MemberCommand.Add(MemberState.added(D, D_URLS, standing)));
    }

    private void assertRefused(CommandResult result, Refusal refusal) {
        assertThat(result)
                .isInstanceOfSatisfying(
                        CommandResult.Refused.class,
                        refused -> assertThat(refused.refusal()).isEqualTo(refusal));
    }

    private ReplicaStatus status(String name) {
        return cluster.host(name).replica.status();
    }

    @Test
    void anAddedVoterLearnsWhoItIsCatchesUpAndIsListedByItsName() { // contract: cluster.add.2, cluster.join.1
        cluster.put(cluster.host("a"), "k", "v");

        MembershipResult added = (MembershipResult) add(Standing.VOTER);
        assertThat(added.id()).isEqualTo(D);
        assertThat(added.members()).hasSize(4);
        cluster.join("d", disk("d"), "d");
        cluster.awaitLeader();

        assertThat(status("d").memberId()).isEqualTo(D);
        assertThat(cluster.get(cluster.host("d"), "k")).isEqualTo("v");
        cluster.await(
                5 * Cluster.SECOND,
                () -> status("a").members().stream()
                        .anyMatch(member -> member.id() == D && member.name().equals("d")));
        assertThat(status("a").voters()).hasSize(4);
        cluster.crash("d");
        cluster.join("d", disk("d"), "d");
        cluster.awaitLeader();
        assertThat(status("d").memberId()).isEqualTo(D);
    }

    @Test
    void aLearnerIsPromotedThroughAnyMemberOnceItHasCaughtUp() { // contract: cluster.add.4, cluster.promote.1
        for (int i = 0; i < 30; i++) {
            cluster.put(cluster.host("a"), "k" + i, "v");
        }
        add(Standing.LEARNER);
        assertRefused(
                change("b", new MemberCommand.Add(MemberState.added(0x8888, List.of("http://e:1"), Standing.LEARNER))),
                Refusal.TOO_MANY_LEARNERS);
        assertRefused(change("b", new MemberCommand.Promote(D, List.of())), Refusal.LEARNER_NOT_READY);
        cluster.join("d", disk("d"), "d");
        cluster.await(10 * Cluster.SECOND, () -> status("d").role() == Role.LEARNER);
        assertThat(cluster.get(cluster.host("d"), "k7")).isEqualTo("v");

        assertThat(change(cluster.follower().name, new MemberCommand.Promote(D, List.of())))
                .isInstanceOf(MembershipResult.class);

        cluster.await(5 * Cluster.SECOND, () -> status("d").role() == Role.FOLLOWER);
        assertRefused(change("c", new MemberCommand.Promote(D, List.of())), Refusal.NOT_A_LEARNER);
        assertRefused(change("c", new MemberCommand.Promote(99, List.of())), Refusal.MEMBER_NOT_FOUND);
    }

    @Test
    void withAMemberDownNobodyIsAddedAndTheOneThatIsDownMayGo() { // contract: cluster.add.3
        cluster.crash("c");
        cluster.awaitLeader();
        cluster.world.play(6 * Cluster.SECOND);

        assertRefused(add(Standing.VOTER), Refusal.UNHEALTHY_CLUSTER);
        long a = status("a").memberId();
        long c = FoundingSet.ofSlots("orders", cluster.names).memberId("c");
        assertRefused(change("b", new MemberCommand.Remove(a)), Refusal.UNHEALTHY_CLUSTER);
        assertThat(change("b", new MemberCommand.Remove(c))).isInstanceOf(MembershipResult.class);
    }

    @Test
    void aRemovedMemberEndsAndNeverReturns() { // contract: cluster.remove.1
        String gone = cluster.follower().name;
        long id = status(gone).memberId();
        Cluster.Host host = cluster.host(gone);

        change(cluster.leader().name, new MemberCommand.Remove(id));
        cluster.await(10 * Cluster.SECOND, () -> host.replica.status().phase() == Phase.REMOVED);

        assertThat(host.replica.status().waitsFor()).contains("was removed from the cluster", "never returns");
        cluster.crash(gone);
        start(gone);
        cluster.await(20 * Cluster.SECOND, () -> status(gone).phase() == Phase.REMOVED);
        cluster.crash(gone);
        assertThat(cluster.leader().replica.status().voters()).hasSize(2);
        assertThat(cluster.put(cluster.leader(), "k", "v")).isInstanceOf(Outcome.Done.class);
    }

    @Test
    void aMemberThatWasRemovedWhileItWasAwayIsTold() {
        String gone = cluster.follower().name;
        long id = status(gone).memberId();
        cluster.crash(gone);
        cluster.world.play(Cluster.SECOND);
        change(cluster.leader().name, new MemberCommand.Remove(id));

        start(gone);

        cluster.await(20 * Cluster.SECOND, () -> status(gone).phase() == Phase.REMOVED);
    }

    @Test
    void theLeaderRemovesItselfAndTheOthersGoOn() {
        Cluster.Host leader = cluster.leader();

        assertThat(change(
                        leader.name,
                        new MemberCommand.Remove(leader.replica.status().memberId())))
                .isInstanceOf(MembershipResult.class);
        cluster.await(10 * Cluster.SECOND, () -> leader.replica.status().phase() == Phase.REMOVED);
        cluster.crash(leader.name);
        cluster.awaitLeader();

        assertThat(cluster.put(cluster.leader(), "k", "v")).isInstanceOf(Outcome.Done.class);
    }

    @Test
    void theLastMemberStays() { // contract: cluster.remove.1
        for (int left = 3; left > 1; left--) {
            Cluster.Host gone = cluster.follower();
            change(
                    cluster.leader().name,
                    new MemberCommand.Remove(gone.replica.status().memberId()));
            cluster.await(10 * Cluster.SECOND, () -> gone.replica.status().phase() == Phase.REMOVED);
            cluster.crash(gone.name);
        }
        Cluster.Host last = cluster.leader();

        assertRefused(
                change(last.name, new MemberCommand.Remove(last.replica.status().memberId())),
                Refusal.NOT_ENOUGH_STARTED);
    }

    @Test
    void aPeerWithoutTheDiskOfItsSlotIsToldSo() { // contract: cluster.bind.1
        cluster.crash("c");
        disks.remove("c");
        cluster.start("c", disk("c"), "another key");

        cluster.await(20 * Cluster.SECOND, () -> status("c").phase() == Phase.FAILED);

        assertThat(status("c").waitsFor())
                .contains("member 'c' of cluster 'orders' is bound to another peer", "etcdctl member remove");
    }

    @Test
    void aPeerForWhomThereIsNoPlaceWaitsAndSaysWhichOne() { // contract: cluster.join.1
        cluster.join("d", disk("d"), "d");
        cluster.world.play(5 * Cluster.SECOND);

        assertThat(status("d").waitsFor()).contains("no unused place", "http://d.mesh:2380", "etcdctl member add d");

        add(Standing.VOTER);
        cluster.awaitLeader();
        assertThat(status("d").memberId()).isEqualTo(D);
    }

    @Test
    void leadershipIsHandedToAVoterByTheLeaderAlone() { // contract: error.5, maint.move.1
        Cluster.Host leader = cluster.leader();
        Cluster.Host follower = cluster.follower();
        long target = follower.replica.status().memberId();

        assertThat(handOver(follower, target)).isEqualTo(Handover.NOT_LEADER);
        assertThat(handOver(leader, 99)).isEqualTo(Handover.BAD_TARGET);
        assertThat(handOver(leader, target)).isEqualTo(Handover.DONE);

        assertThat(cluster.leader().name).isEqualTo(follower.name);
    }

    private Handover handOver(Cluster.Host at, long target) {
        List<Handover> done = new ArrayList<>();
        at.replica.handOver(target, 5 * Cluster.SECOND, done::add);
        cluster.await(6 * Cluster.SECOND, () -> !done.isEmpty());
        return done.get(0);
    }
}
