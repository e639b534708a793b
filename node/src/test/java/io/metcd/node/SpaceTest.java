package io.metcd.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.metcd.base.Bytes;
import io.metcd.base.RandomSource;
import io.metcd.store.alarm.Alarm;
import io.metcd.store.command.Command;
import io.metcd.store.command.CommandResult;
import io.metcd.store.command.Op;
import io.metcd.store.kv.KeyRange;
import io.metcd.store.kv.Refusal;
import io.metcd.testkit.disk.SimDisk;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** A member whose disk is full, or whose quota is reached, keeps the whole cluster from growing. */
class SpaceTest {
    private static final int VALUE_BYTES = 1000;
    private static final int WRITES_MAX = 500;

    private final Cluster cluster = new Cluster(50, "a", "b", "c");
    private final TreeMap<String, SimDisk> disks = new TreeMap<>();

    @Test
    void aFullDiskOfAFollowerKeepsAllFromWritingUntilThereIsRoomAndTheAlarmIsDisarmed() { // contract: quota.2, quota.6
        startAll();
        Cluster.Host full = cluster.follower();
        Cluster.Host other = cluster.leader();

        fillUp(full, other);

        assertThat(alarms(other)).containsExactly(ofMember(full));
        assertThat(refusal(put(full, "k"))).contains(Refusal.NO_SPACE);
        assertThat(cluster.get(full, "k0")).hasSize(VALUE_BYTES);
        assertThat(refusal(cluster.submit(full, delete("k0")))).isEmpty();
        assertThat(cluster.get(other, "k0")).isEqualTo("none");
        roomAgain(full);
        assertThat(refusal(put(other, "k"))).as("until an operator has looked").contains(Refusal.NO_SPACE);

        assertThat(refusal(cluster.submit(other, new Command.AlarmClear(ofMember(full)))))
                .isEmpty();

        assertThat(refusal(put(full, "k"))).isEmpty();
        cluster.world.play(5 * Cluster.SECOND);
        assertThat(alarms(other)).isEmpty();
    }

    @Test
    void aLeaderWhoseDiskIsFullLetsAnotherLeadAndThereIsRoomForWhatFrees() {
        startAll();
        Cluster.Host full = cluster.leader();

        fillUp(full, cluster.follower());

        for (int i = 0; i < 10; i++) {
            assertThat(refusal(cluster.submit(cluster.follower(), delete("k" + i))))
                    .isEmpty();
        }
        cluster.await(2 * Cluster.SECOND, () -> cluster.leader() != full);
        Cluster.Host next = cluster.leader();
        cluster.world.play(30 * Cluster.SECOND);
        assertThat(cluster.leader()).as("for good").isEqualTo(next);
    }

    @Test
    void whereAllDisksAreFullTheLeadershipComesToRest() {
        startAll();
        for (Cluster.Host each : List.copyOf(cluster.hosts.values())) {
            disk(each).setFaults(new SimDisk.Faults(0, 0, used(disk(each))));
        }
        fillUp(cluster.leader(), cluster.follower());
        cluster.await(20 * Cluster.SECOND, () -> alarms(cluster.host("a")).size() == 3);
        cluster.world.play(20 * Cluster.SECOND);
        long term = cluster.leader().replica.status().term();

        cluster.world.play(60 * Cluster.SECOND);

        assertThat(cluster.leader().replica.status().term()).isEqualTo(term);
        assertThat(refusal(cluster.submit(cluster.follower(), delete("k0")))).isEmpty();
    }

    @Test
    void disarmedTooEarlyItIsRaisedAgain() {
        startAll();
        Cluster.Host full = cluster.follower();
        fillUp(full, cluster.leader());

        cluster.submit(full, new Command.AlarmClear(ofMember(full)));

        cluster.await(10 * Cluster.SECOND, () -> !alarms(full).isEmpty());
    }

    @Test
    void aQuotaThatIsReachedRaisesTheAlarmOfTheMemberThatWasAsked() { // contract: quota.1
        cluster.configure = config -> config.withLimits(Limits.DEFAULT.withQuotaBytes(5_000));
        startAll();
        Cluster.Host asked = cluster.follower();
        for (int i = 0; i < 3; i++) {
            assertThat(refusal(put(asked, "k" + i))).isEmpty();
        }

        assertThat(refusal(put(asked, "k3"))).contains(Refusal.NO_SPACE);

        assertThat(alarms(asked)).containsExactly(ofMember(asked));
        assertThat(refusal(cluster.put(cluster.leader(), "small", "x"))).contains(Refusal.NO_SPACE);
        cluster.submit(asked, delete("k0"));
        cluster.submit(asked, new Command.Compact(asked.replica.root().revision()));
        cluster.submit(asked, new Command.AlarmClear(ofMember(asked)));
        assertThat(refusal(put(asked, "k3"))).isEmpty();
    }

    @Test
    void anAlarmOutlivesARestartOfAll() { // contract: quota.3
        startAll();
        Alarm alarm = new Alarm(9, Alarm.Kind.NOSPACE);
        cluster.submit(cluster.leader(), new Command.AlarmRaise(alarm));

        List.copyOf(cluster.hosts.keySet()).forEach(cluster::crash);
        cluster.world.play(Cluster.SECOND);
        startAll();

        assertThat(refusal(put(cluster.host("a"), "k"))).contains(Refusal.NO_SPACE);
        assertThat(alarms(cluster.host("a"))).containsExactly(alarm);
    }

    private void startAll() {
        for (String name : cluster.names) {
            SimDisk disk = disks.computeIfAbsent(name, each -> new SimDisk(RandomSource.seeded(1)));
            cluster.start(name, disk, name);
        }
        cluster.awaitLeader();
        cluster.world.play(Cluster.SECOND);
    }

    /** From now on its disk takes nothing more; another member is written to until that is refused. */
    private void fillUp(Cluster.Host full, Cluster.Host asked) {
        disk(full).setFaults(new SimDisk.Faults(0, 0, used(disk(full))));
        int writes = 0;
        while (refusal(put(asked, "k" + writes)).isEmpty()) {
            writes++;
            assertThat(writes).as("writes to a full disk").isLessThan(WRITES_MAX);
        }
        assertThat(refusal(put(asked, "more"))).contains(Refusal.NO_SPACE);
        cluster.await(5 * Cluster.SECOND, () -> !alarms(asked).isEmpty());
    }

    private void roomAgain(Cluster.Host host) {
        disk(host).setFaults(SimDisk.Faults.NONE);
        cluster.world.play(3 * Cluster.SECOND);
    }

    private SimDisk disk(Cluster.Host host) {
        return Objects.requireNonNull(disks.get(host.name));
    }

    private static long used(SimDisk disk) {
        return disk.list().stream().mapToLong(name -> disk.get(name).size()).sum();
    }

    private Outcome put(Cluster.Host host, String key) {
        return cluster.put(host, key, "v".repeat(VALUE_BYTES));
    }

    private static Command delete(String key) {
        return new Op.DeleteRange(KeyRange.single(Bytes.utf8(key)), false);
    }

    private static List<Alarm> alarms(Cluster.Host host) {
        return host.replica.root().alarms().list();
    }

    private static Alarm ofMember(Cluster.Host host) {
        return new Alarm(host.replica.status().memberId(), Alarm.Kind.NOSPACE);
    }

    private static Optional<Refusal> refusal(Outcome outcome) {
        assertThat(outcome).isInstanceOf(Outcome.Done.class);
        return ((Outcome.Done) outcome).result() instanceof CommandResult.Refused refused
                ? Optional.of(refused.refusal())
                : Optional.empty();
    }
}
