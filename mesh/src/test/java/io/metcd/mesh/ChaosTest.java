package io.metcd.mesh;

import static io.metcd.mesh.World.MILLI;
import static io.metcd.mesh.World.SECOND;
import static org.assertj.core.api.Assertions.assertThat;

import io.metcd.base.RandomSource;
import io.metcd.testkit.Property;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Whatever has happened: when the faults end, the mesh is whole again soon, and no datagram arrives twice. */
class ChaosTest {
    private static final List<String> NAMES = List.of("a", "b", "c", "d", "e", "f");
    private static final int RUNS = 40;

    private enum Kind {
        CUT,
        CUT_BOTH,
        HEAL,
        BREAK,
        KILL,
        CRASH,
        RESTART,
        PAUSE,
        RESUME,
        SEND
    }

    /** Something that happens, and the time until the next. */
    private record Step(Kind kind, String one, String other, long thenNanos) {}

    private static List<Step> steps(RandomSource random) {
        List<Step> steps = new ArrayList<>();
        Kind[] kinds = Kind.values();
        for (int i = 0; i < 60; i++) {
            steps.add(new Step(
                    kinds[random.nextInt(kinds.length)],
                    NAMES.get(random.nextInt(NAMES.size())),
                    NAMES.get(random.nextInt(NAMES.size())),
                    random.between(0, 800 * MILLI)));
        }
        return steps;
    }

    @Test
    void meshIsWholeSoonAfterTheFaultsEnd() {
        Property.check(RUNS, ChaosTest::steps, steps -> {
            World world = new World(steps.stream().mapToLong(Step::thenNanos).sum());
            world.forbid("a", "f");
            world.forbid("b", "e");
            for (String name : NAMES) {
                world.add(name, "b:1", "c:1", "d:1");
            }
            world.addDialler("leaf", "b:1", "c:1");
            Map<String, Integer> sent = new LinkedHashMap<>();
            for (Step step : steps) {
                apply(world, step, sent);
                world.run(step.thenNanos);
            }

            end(world);
            world.runUntil(world::allReachAll, 6 * SECOND);
            world.run(5 * SECOND);

            long digest = world.node("a").view().digest();
            for (World.Node node : world.nodes.values()) {
                assertThat(node.view().digest()).as(node.name).isEqualTo(digest);
                assertThat(node.received).as(node.name).doesNotHaveDuplicates();
                assertThat(node.view().counters().malformedFrames())
                        .as(node.name)
                        .isZero();
            }
            everyoneTalksToEveryone(world);
        });
    }

    private static void apply(World world, Step step, Map<String, Integer> sent) {
        World.Node one = world.node(step.one);
        switch (step.kind) {
            case CUT -> world.cut(step.one, step.other);
            case CUT_BOTH -> world.cutBoth(step.one, step.other);
            case HEAL -> world.heal();
            case BREAK -> world.breakLinks(step.one, step.other);
            case KILL -> one.dead = true;
            case CRASH -> world.crash(step.one);
            case RESTART -> {
                if (one.dead) {
                    world.restart(step.one, one.config.incarnation() + 1);
                }
            }
            case PAUSE -> one.pause();
            case RESUME -> one.resume();
            case SEND -> {
                if (!one.dead && !one.paused) {
                    one.send(step.other, "m" + sent.merge(step.one, 1, Integer::sum));
                }
            }
        }
    }

    private static void end(World world) {
        world.heal();
        for (World.Node node : List.copyOf(world.nodes.values())) {
            if (node.dead) {
                world.restart(node.name, node.config.incarnation() + 1);
            } else if (node.paused) {
                node.resume();
            }
        }
    }

    private static void everyoneTalksToEveryone(World world) {
        for (World.Node from : world.nodes.values()) {
            for (World.Node to : world.nodes.values()) {
                assertThat(from.send(to.name, "after")).isEqualTo(SendOutcome.SENT);
            }
        }
        world.run(SECOND);
        for (World.Node to : world.nodes.values()) {
            for (World.Node from : world.nodes.values()) {
                assertThat(to.received).as(to.name).contains(from.name + ":after");
            }
        }
    }
}
