package io.metcd.mesh;

import static io.metcd.mesh.World.SECOND;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.metcd.base.Bytes;
import io.metcd.mesh.spread.GCounter;
import io.metcd.mesh.spread.LwwMap;
import io.metcd.mesh.spread.OrSet;
import io.metcd.mesh.wire.FrameType;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** States that all peers change, on a virtual network. */
class SharedStateStoriesTest {
    private static final List<String> FIVE = List.of("a", "b", "c", "d", "e");

    @Test
    void fivePeersOnALineCountTogether() {
        World world = line(1, FIVE);

        FIVE.forEach(name -> count(world, name, 1));
        long elapsed = world.runUntil(() -> all(world, FIVE, 5), SECOND);

        assertThat(elapsed).isLessThanOrEqualTo(SECOND / 10);
    }

    @Test
    void listenersHearOfEachValueOnce() {
        World world = line(2, List.of("a", "b"));
        List<Long> seen = new ArrayList<>();
        hits(world, "b").onChange(counter -> seen.add(counter.value()));

        count(world, "a", 3);
        world.run(SECOND);
        count(world, "b", 4);
        world.run(SECOND);

        assertThat(seen).containsExactly(3L, 7L);
    }

    @Test
    void aHundredChangesInARowAreFewItems() {
        World world = line(3, List.of("a", "b"));
        for (int i = 0; i < 100; i++) {
            count(world, "a", 1);
            world.run(SECOND / 100);
        }
        world.run(SECOND);

        assertThat(hits(world, "b").value().value()).isEqualTo(100);
        assertThat(world.node("b").engine.spreadFigures().received()).isLessThanOrEqualTo(4);
    }

    @Test
    void halvesOfAPartitionAddUpWhenItHeals() {
        World world = line(4, FIVE);
        world.cutBoth("b", "c");
        world.runUntil(() -> !world.node("a").reaches("e"), 2 * SECOND);
        for (int i = 0; i < 40; i++) {
            FIVE.forEach(name -> count(world, name, 1));
            world.run(SECOND / 10);
        }
        world.run(40 * SECOND); // what was said is no news any more
        assertThat(hits(world, "a").value().value()).isEqualTo(80);
        assertThat(hits(world, "e").value().value()).isEqualTo(120);

        world.heal();
        long elapsed = world.runUntil(() -> all(world, FIVE, 200), 30 * SECOND);

        assertThat(elapsed).isLessThanOrEqualTo(12 * SECOND);
    }

    @Test
    void whatTheDeadHaveCountedStaysAndReachesThoseWhoComeLater() {
        World world = line(5, FIVE);
        count(world, "a", 7);
        world.run(SECOND);
        world.crash("a");
        world.run(100 * SECOND);
        assertThat(world.node("b").view().peers())
                .doesNotContainKey(world.node("a").id());

        world.addDialler("f", "e:1");
        world.runUntil(() -> hits(world, "f").value().value() == 7, 10 * SECOND);

        assertThat(hits(world, "b").value().value()).isEqualTo(7);
    }

    @Test
    void restartedPeerCountsOnTopOfWhatItCountedBefore() {
        World world = line(6, List.of("a", "b", "c"));
        count(world, "a", 3);
        world.run(SECOND);
        world.crash("a");
        world.run(SECOND);

        world.restart("a", world.now);
        count(world, "a", 2); // before anybody could tell it what it was
        world.runUntil(() -> all(world, List.of("a", "b", "c"), 5), 10 * SECOND);

        assertThat(hits(world, "c").value().counts()).hasSize(2);
    }

    @Test
    void mapAndSetAreSharedBesideTheCounter() {
        World world = line(7, List.of("a", "b", "c"));
        SharedState<LwwMap> atA = world.node("a").engine.state("settings", LwwMap.TYPE);
        SharedState<LwwMap> atC = world.node("c").engine.state("settings", LwwMap.TYPE);
        SharedState<OrSet> setA = world.node("a").engine.state("who", OrSet.TYPE);
        SharedState<OrSet> setC = world.node("c").engine.state("who", OrSet.TYPE);

        atA.update(map -> map.put(atA.life(), "color", Bytes.utf8("red")));
        setA.update(set -> set.add(setA.life(), Bytes.utf8("ann")));
        world.run(SECOND);
        atC.update(map -> map.put(atC.life(), "color", Bytes.utf8("blue")));
        setC.update(set -> set.remove(Bytes.utf8("ann")));
        setC.update(set -> set.add(setC.life(), Bytes.utf8("bob")));
        world.run(SECOND);

        assertThat(atA.value().get("color")).contains(Bytes.utf8("blue"));
        assertThat(setA.value().elements()).containsExactly(Bytes.utf8("bob"));
        assertThatThrownBy(() -> world.node("a").engine.state("who", LwwMap.TYPE))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("another type");
    }

    @Test
    void aPartThatWouldBeTooLargeIsRefusedAndNothingChanges() {
        World world = line(8, List.of("a", "b"));
        SharedState<LwwMap> state = world.node("a").engine.state("settings", LwwMap.TYPE);
        state.update(map -> map.put(state.life(), "small", Bytes.utf8("x")));

        SendOutcome outcome = state.update(map -> map.put(state.life(), "large", Bytes.copyOf(new byte[20 << 10])));

        assertThat(outcome).isEqualTo(SendOutcome.TOO_LARGE);
        assertThat(state.value().asMap()).containsOnlyKeys("small");
    }

    @Test
    void fiftyPeersAgreeThoughATenthIsLost() {
        World world = new World(9);
        List<String> names = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            names.add("p" + i);
            world.add("p" + i, "p0:1", "p1:1", "p2:1");
        }
        world.runUntil(world::allReachAll, 20 * SECOND);
        world.run(5 * SECOND);
        world.loss = 0.1;

        names.forEach(name -> count(world, name, 1));
        long elapsed = world.runUntil(() -> all(world, names, 50), 10 * SECOND);

        assertThat(elapsed).isLessThanOrEqualTo(2 * SECOND);
    }

    @Test
    void meshWithoutStatesAndMessagesSaysNothingOfThem() {
        World world = line(10, List.of("a", "b"));
        world.sniffing = true;

        world.run(10 * SECOND);

        assertThat(world.sniffed).isNotEmpty().noneMatch(frame -> FrameType.of(frame) == FrameType.DATAGRAM);
    }

    private static World line(long seed, List<String> names) {
        World world = new World(seed);
        for (int i = 0; i < names.size(); i++) {
            for (int j = i + 2; j < names.size(); j++) {
                world.forbid(names.get(i), names.get(j));
            }
        }
        for (int i = 0; i < names.size(); i++) {
            String name = names.get(i);
            World.Node node = i == 0 ? world.add(name) : world.add(name, names.get(i - 1) + ":1");
            assertThat(node.engine.state("hits", GCounter.TYPE).value()).isEqualTo(GCounter.ZERO);
        }
        world.runUntil(world::allReachAll, 5 * SECOND);
        world.run(SECOND);
        return world;
    }

    private static void count(World world, String name, long more) {
        SharedState<GCounter> hits = hits(world, name);
        assertThat(hits.update(counter -> counter.plus(hits.life(), more))).isEqualTo(SendOutcome.SENT);
    }

    private static SharedState<GCounter> hits(World world, String name) {
        return world.node(name).engine.state("hits", GCounter.TYPE);
    }

    private static boolean all(World world, List<String> names, long value) {
        return names.stream().allMatch(name -> hits(world, name).value().value() == value);
    }
}
