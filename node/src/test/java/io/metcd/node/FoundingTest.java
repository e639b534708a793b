package io.metcd.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.metcd.base.Bytes;
import io.metcd.base.RandomSource;
import io.metcd.node.Founding.Phase;
import io.metcd.testkit.Property;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class FoundingTest {
    private static final List<String> ABC = List.of("a", "b", "c");

    private enum Verb {
        START,
        CRASH,
        CUT,
        HEAL,
        HEAR,
        LOOK,
        REIGN,
        WAIT
    }

    private record Step(Verb verb, String x, String y) {}

    private static List<Step> schedule(RandomSource random) {
        Verb[] usual = {
            Verb.HEAR, Verb.HEAR, Verb.HEAR, Verb.HEAR, Verb.LOOK, Verb.LOOK, Verb.LOOK, Verb.REIGN, Verb.WAIT
        };
        Verb[] rare = {Verb.START, Verb.START, Verb.START, Verb.CRASH, Verb.CRASH, Verb.CUT, Verb.HEAL};
        double trouble = 0.05 + 0.2 * random.nextDouble();
        List<Step> steps = new ArrayList<>();
        for (String slot : ABC) {
            steps.add(new Step(Verb.START, slot, slot));
        }
        for (int i = 0; i < 300; i++) {
            Verb[] verbs = random.chance(trouble) ? rare : usual;
            steps.add(new Step(
                    verbs[random.nextInt(verbs.length)], ABC.get(random.nextInt(3)), ABC.get(random.nextInt(3))));
        }
        return steps;
    }

    private static void play(FoundingWorld world, Step step) {
        switch (step.verb()) {
            case START -> {
                if (!world.alive.containsKey(step.x())) {
                    world.start(step.x());
                }
            }
            case CRASH -> world.crash(step.x());
            case CUT -> world.cut(step.x(), step.y());
            case HEAL -> world.heal();
            case HEAR -> world.hear(step.x(), step.y());
            case LOOK -> world.look(step.x());
            case REIGN -> world.reign();
            case WAIT -> world.now += 700_000_000L;
        }
    }

    @Test
    void noScheduleGivesTwoClustersOrLosesOneThatStillHasItsMajority() {
        Property.check(2000, FoundingTest::schedule, steps -> {
            FoundingWorld world = new FoundingWorld(ABC, 7);
            Map<Bytes, Integer> before = Map.of();
            for (Step step : steps) {
                play(world, step);

                Map<Bytes, Integer> reigning = world.reigning();
                assertThat(reigning).as("reigning sets after %s", step).hasSizeLessThan(2);
                if (step.verb() != Verb.CRASH) {
                    assertThat(reigning.keySet())
                            .as("a reign ends by crashes alone, not by %s", step)
                            .containsAll(before.keySet());
                }
                before = reigning;
            }
        });
    }

    @Test
    void whateverHappenedACalmWorldFoundsOrNamesASurvivor() {
        Property.check(500, FoundingTest::schedule, steps -> {
            FoundingWorld world = new FoundingWorld(ABC, 11);
            steps.forEach(step -> play(world, step));

            world.heal();
            ABC.forEach(slot -> play(world, new Step(Verb.START, slot, slot)));
            world.settle(60);

            boolean reigns = world.reigning().size() == 1;
            boolean survivor = world.alive.values().stream().anyMatch(process -> process.history);
            assertThat(reigns || survivor)
                    .as("a cluster, or a survivor that blocks one")
                    .isTrue();
            world.alive.values().stream()
                    .filter(process -> !process.history)
                    .forEach(process -> assertThat(process.verdict.phase()).isEqualTo(Phase.REFUSED));
        });
    }

    @Test
    void threeFreshFoundersStartTheSameSet() {
        FoundingWorld world = new FoundingWorld(ABC, 1);
        ABC.forEach(world::start);

        world.settle(3);

        assertThat(world.alive.values()).allSatisfy(process -> {
            assertThat(process.verdict.phase()).isEqualTo(Phase.STARTED);
            assertThat(process.running).isEqualTo(world.process("a").running);
        });
    }

    @Test
    void aClusterOfOneStartsAtOnce() {
        FoundingWorld world = new FoundingWorld(List.of("solo"), 1);
        world.start("solo");

        world.look("solo");

        assertThat(world.process("solo").verdict.phase()).isEqualTo(Phase.STARTED);
    }

    @Test
    void whoeverIsMissingIsNamed() {
        FoundingWorld world = new FoundingWorld(ABC, 1);
        world.start("a");

        world.settle(20);

        Founding.Verdict verdict = world.process("a").verdict;
        assertThat(verdict.phase()).isEqualTo(Phase.WAITING);
        assertThat(verdict.why()).isEqualTo("waiting for the founders 'b', 'c' of cluster 'orders'");
    }

    @Test
    void aFounderThatRestartsIntoALivingClusterIsRefusedByItsSlot() {
        FoundingWorld world = new FoundingWorld(ABC, 1);
        ABC.forEach(world::start);
        world.settle(3);

        world.crash("c");
        world.start("c");
        world.settle(20);

        Founding.Verdict verdict = world.process("c").verdict;
        assertThat(verdict.phase()).isEqualTo(Phase.REFUSED);
        assertThat(verdict.why()).contains("slot 'c' of cluster 'orders' is bound to an earlier life");
        assertThat(world.reigning()).hasSize(1);
    }

    @Test
    void aPromiseToAFounderThatCameBackAnotherIsGivenUp() {
        FoundingWorld world = new FoundingWorld(ABC, 1);
        ABC.forEach(world::start);
        world.hear("a", "b");
        world.hear("a", "c");
        world.look("a");
        assertThat(world.process("a").verdict.phase()).isEqualTo(Phase.PROMISED);

        world.crash("c");
        world.start("c");
        world.settle(20);

        assertThat(world.reigning().values()).containsExactly(3);
    }

    @Test
    void twoPeersOfOneNameAreBothNamed() {
        FoundingWorld world = new FoundingWorld(ABC, 1);
        ABC.forEach(world::start);
        FoundingWorld.Founder first = world.process("b");
        world.hear("a", "b");
        world.start("b");
        FoundingWorld.Founder second = world.process("b");
        world.process("a")
                .heard
                .put(second.peer, FoundingWorld.peerView(second.peer, second.incarnation, second.facts(), true));

        world.look("a");

        assertThat(world.process("a").verdict.why())
                .contains("two peers claim the slot 'b'", first.peer.brief(), second.peer.brief());
    }

    @Test
    void identitiesDifferInEveryLife() {
        FoundingSet one = setOfLife(1);
        FoundingSet two = setOfLife(2);

        assertThat(one.clusterId()).isNotEqualTo(two.clusterId());
        assertThat(one.memberId("a")).isNotEqualTo(two.memberId("a"));
        assertThat(FoundingSet.decode(one.encode(), 7)).isEqualTo(one);
    }

    /** The set of one founder in a given life. */
    private static FoundingSet setOfLife(long life) {
        return new FoundingSet(
                "orders", List.of(new FoundingSet.Seat("a", Optional.of(FoundingWorld.peerId(life)), 1000 + life, 0)));
    }
}
