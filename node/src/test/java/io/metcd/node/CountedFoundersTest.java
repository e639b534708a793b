package io.metcd.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.metcd.node.Founding.Phase;
import io.metcd.node.ReplicaConfig.Expect;
import io.metcd.node.ReplicaConfig.Guard;
import java.io.IOException;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class CountedFoundersTest {
    private static final List<String> ABC = List.of("a", "b", "c");
    private static final List<String> ABCD = List.of("a", "b", "c", "d");

    /** A disk as long as the test keeps it. */
    private static final class Disk implements PromiseStore {
        private Optional<Kept> kept = Optional.empty();
        private boolean broken;

        @Override
        public Optional<Kept> load() {
            return kept;
        }

        @Override
        public void save(Kept now) throws IOException {
            if (broken) {
                throw new IOException("no space left");
            }
            kept = Optional.of(now);
        }
    }

    /** A lock that is nowhere but here. */
    private static final class Lock implements FoundingLock {
        private Optional<Long> holder = Optional.empty();
        private boolean away;

        @Override
        public Optional<Long> holder() throws IOException {
            if (away) {
                throw new IOException("not mounted");
            }
            return holder;
        }

        @Override
        public long take(long clusterId) throws IOException {
            if (holder().isEmpty()) {
                holder = Optional.of(clusterId);
            }
            return holder.orElseThrow();
        }

        @Override
        public String toString() {
            return "/shared/lock";
        }
    }

    private static FoundingWorld world(List<String> names, Guard guard) {
        return new FoundingWorld(names, new Expect(3, guard), 1);
    }

    /** A world in which every founder has a disk. */
    private static FoundingWorld durableWorld(List<String> names) {
        FoundingWorld world = world(names, Guard.KEPT_PROMISES);
        names.forEach(name -> world.doors.put(name, new Founding.Doors(new Disk(), Optional.empty())));
        names.forEach(world::start);
        return world;
    }

    private static FoundingWorld lockedWorld(Lock lock) {
        FoundingWorld world = world(ABC, Guard.LOCK);
        ABC.forEach(name -> world.doors.put(name, new Founding.Doors(PromiseStore.NONE, Optional.of(lock))));
        ABC.forEach(world::start);
        return world;
    }

    private static Disk disk(FoundingWorld world, String name) {
        return (Disk) world.doors.getOrDefault(name, Founding.Doors.NONE).promises();
    }

    private static List<String> byPeer(FoundingWorld world) {
        return world.alive.values().stream()
                .sorted(Comparator.comparing(process -> process.peer))
                .map(process -> process.name)
                .toList();
    }

    private static Phase phase(FoundingWorld world, String name) {
        return world.process(name).verdict.phase();
    }

    private static String why(FoundingWorld world, String name) {
        return world.process(name).verdict.why();
    }

    @Test
    void threePeersThatWereNeverNamedFoundOneClusterWithinThreeSeconds() {
        FoundingWorld world = world(ABC, Guard.SPLIT_RISK);
        ABC.forEach(world::start);

        world.settle(30, 100);

        assertThat(world.reigning().values()).containsExactly(3);
    }

    @Test
    void nobodyPromisesBeforeTheCandidatesHaveBeenTheSameForTwoSeconds() {
        FoundingWorld world = world(ABCD, Guard.SPLIT_RISK);
        ABC.forEach(world::start);
        world.settle(4);

        world.start("d"); // is lower than one of them, or is not
        world.settle(1);

        assertThat(world.alive.values()).noneMatch(process -> phase(world, process.name) == Phase.STARTED);
        world.settle(8);
        assertThat(world.reigning().values()).containsExactly(3);
    }

    @Test
    void theOthersWaitForThePromiseOfTheLowest() {
        FoundingWorld world = world(ABC, Guard.SPLIT_RISK);
        ABC.forEach(world::start);
        List<String> names = byPeer(world);
        world.settle(3);

        world.now += 2_000_000_000L;
        world.look(names.get(1));
        assertThat(why(world, names.get(1)))
                .startsWith("waiting for the promise of '" + names.get(0) + "'")
                .contains(names.get(2));

        world.look(names.get(0));
        world.hear(names.get(1), names.get(0));
        world.look(names.get(1));

        assertThat(phase(world, names.get(1))).isEqualTo(Phase.PROMISED);
    }

    @Test
    void whoCountsOtherwiseIsNamed() {
        FoundingWorld world = world(ABC, Guard.SPLIT_RISK);
        ABC.forEach(world::start);
        FoundingWorld other = new FoundingWorld(List.of("x"), new Expect(5, Guard.SPLIT_RISK), 9);
        ABC.forEach(other::start); // whoever comes after them has an identity that the first world does not know
        FoundingWorld.Founder stranger = other.start("x");
        world.process("a")
                .heard
                .put(
                        stranger.peer,
                        FoundingWorld.peerView(stranger.peer, stranger.incarnation, stranger.facts(), true));

        world.look("a");

        assertThat(why(world, "a")).contains("'x'", "expects 5 founders", "the same founding");
    }

    @Test
    void aPromiseIsOnTheDiskBeforeAnybodyHearsOfItAndStandsAfterARestart() {
        FoundingWorld world = durableWorld(ABCD);
        world.settle(5);
        String first = byPeer(world).get(0);
        Optional<FoundingSet> promised = disk(world, first).kept.orElseThrow().set();
        assertThat(promised).isPresent();

        world.crash(first);
        world.start(first);

        assertThat(world.process(first).founding.promise(false).set())
                .isEqualTo(promised.get().hash());
    }

    @Test
    void aDiskThatCannotKeepAPromiseEndsTheFounderWithoutOne() {
        FoundingWorld world = durableWorld(ABC);
        String first = byPeer(world).get(0);
        disk(world, first).broken = true;

        world.settle(8);

        assertThat(phase(world, first)).isEqualTo(Phase.FAILED);
        assertThat(why(world, first)).isEqualTo("the promise to found a cluster cannot be kept: no space left");
        assertThat(world.process(first).founding.promise(false).given()).isFalse();
    }

    @Test
    void aKeptPromiseToAFounderThatIsAwayStandsAndSaysWhatToDo() {
        FoundingWorld world = durableWorld(ABC);
        world.settle(4);
        List<String> names = byPeer(world);
        world.crash(names.get(2));
        world.now += 500_000_000L;
        world.look(names.get(0));
        assertThat(phase(world, names.get(0))).isEqualTo(Phase.PROMISED);

        world.settle(60);

        assertThat(phase(world, names.get(0))).isEqualTo(Phase.PROMISED);
        assertThat(why(world, names.get(0)))
                .contains("waiting for the promise of the founders '" + names.get(2) + "'")
                .contains("bring back who is away with its data directory");
        world.start(names.get(2));
        world.settle(10);
        assertThat(world.reigning().values()).containsExactly(3);
    }

    @Test
    void aKeptPromiseIsGivenUpWhenItsSetCanNeverStartAndNoSooner() {
        FoundingWorld world = durableWorld(ABCD);
        List<String> names = byPeer(world);
        String first = names.get(0);
        for (int i = 0; !world.process(first).founding.promise(false).given() && i < 40; i++) {
            world.settle(1, 100); // until it has just promised a set with two of the others
        }
        names.forEach(name -> world.cut(first, name)); // before anybody has heard of it
        world.settle(60);
        assertThat(world.process(first).founding.promise(false).round()).isZero();
        List<String> upper = names.subList(1, 4);
        assertThat(upper).allSatisfy(name -> assertThat(phase(world, name)).isEqualTo(Phase.STARTED));

        world.heal();
        world.settle(20);

        assertThat(disk(world, first).kept.orElseThrow().round()).isEqualTo(1);
        assertThat(disk(world, first).kept.orElseThrow().set()).isEmpty();
        assertThat(why(world, first)).contains("established without this peer");
        assertThat(world.reigning().values()).containsExactly(3);
    }

    @Test
    void whoHasNotHeardEveryPromiseAsksTheLockBeforeItGivesUp() {
        Lock lock = new Lock();
        FoundingWorld world = lockedWorld(lock);
        List<String> names = byPeer(world);
        String deaf = names.get(1);
        for (int i = 0; i < 40 && lock.holder.isEmpty(); i++) {
            world.now += 100_000_000L;
            boolean promised = world.process(deaf).founding.promise(false).given();
            for (String name : names) {
                for (String other : names) {
                    if (!promised || !name.equals(deaf)) {
                        world.hear(name, other);
                    }
                }
                world.look(name);
            }
        }
        assertThat(lock.holder).isPresent();
        world.crash(names.get(0));
        world.cut(deaf, names.get(2));

        world.settle(20);
        assertThat(phase(world, deaf)).isEqualTo(Phase.STARTED);

        world.heal();
        world.settle(5);
        assertThat(world.reigning().values()).containsExactly(2);
    }

    @Test
    void whoHasStartedNeverFoundsAgain() {
        FoundingWorld world = durableWorld(ABC);
        world.settle(10);
        Optional<FoundingSet> first = world.process("a").running;
        assertThat(first).isPresent();

        ABC.forEach(world::crash);
        world.start("a");
        world.look("a");

        assertThat(phase(world, "a")).isEqualTo(Phase.STARTED);
        assertThat(world.process("a").running).isEqualTo(first);
    }

    @Test
    void onlyTheSetThatHasTheLockStarts() {
        Lock lock = new Lock();
        FoundingWorld world = lockedWorld(lock);
        world.settle(10);
        assertThat(world.reigning()).hasSize(1);

        ABC.forEach(world::crash);
        ABC.forEach(world::start);
        world.settle(20);

        assertThat(world.reigning()).isEmpty();
        assertThat(why(world, "a"))
                .contains("the founding lock /shared/lock belongs to the cluster "
                        + Long.toHexString(lock.holder.orElseThrow()))
                .contains("remove the lock by hand");
    }

    @Test
    void aLockThatCannotBeReadStopsTheFoundingUntilItCan() {
        Lock lock = new Lock();
        FoundingWorld world = lockedWorld(lock);
        lock.away = true;
        world.settle(20);
        assertThat(why(world, "b")).isEqualTo("the founding lock /shared/lock cannot be read: not mounted");

        lock.away = false;
        world.settle(10);

        assertThat(world.reigning()).hasSize(1);
    }

    @Test
    void aSetThatTookTheLockAndFellSilentIsStartedByTheOthers() {
        Lock lock = new Lock();
        FoundingWorld world = lockedWorld(lock);
        List<String> names = byPeer(world);
        for (int i = 0; i < 40 && lock.holder.isEmpty(); i++) {
            world.now += 100_000_000L;
            ABC.forEach(name -> ABC.forEach(other -> world.hear(name, other)));
            world.look(names.get(2));
            world.look(names.get(1));
            world.look(names.get(0));
        }
        world.crash(names.get(0)); // before anybody has heard that it started

        world.settle(20);

        assertThat(world.reigning().values()).containsExactly(2);
    }
}
