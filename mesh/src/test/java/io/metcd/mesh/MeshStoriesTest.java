package io.metcd.mesh;

import static io.metcd.mesh.World.MILLI;
import static io.metcd.mesh.World.SECOND;
import static org.assertj.core.api.Assertions.assertThat;

import io.metcd.base.Bytes;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class MeshStoriesTest {
    /** a and c dial only b: no path but through b. */
    private static World line() {
        World world = new World(1);
        world.forbid("a", "c");
        world.add("b");
        world.addDialler("a", "b:1");
        world.addDialler("c", "b:1");
        world.runUntil(world::allReachAll, 3 * SECOND);
        return world;
    }

    @Test
    void endsOfLineTalkThroughTheMiddle() {
        World world = line();

        SendOutcome outcome = world.node("a").send("c", "hello");
        world.node("c").send("a", "hello too");
        world.run(SECOND);

        assertThat(outcome).isEqualTo(SendOutcome.SENT);
        assertThat(world.node("a").pathTo("c")).isEqualTo("b c");
        assertThat(world.node("c").received).containsExactly("a:hello");
        assertThat(world.node("a").received).containsExactly("c:hello too");
        assertThat(world.node("b").received).isEmpty();
        assertThat(world.node("b").view().counters().framesRelayed()).isEqualTo(2);
    }

    @Test
    void relayCarriesChannelsThatItHasNeverHeardOf() {
        World world = line();
        List<Bytes> heard = new ArrayList<>();
        world.node("c").engine.channel("between a and c").onMessage((from, payload) -> heard.add(payload));

        world.node("a")
                .engine
                .channel("between a and c")
                .send(world.node("c").id(), Priority.DATA, Bytes.utf8("psst"), Channel.NEVER_SUPERSEDED);
        world.run(SECOND);

        assertThat(heard).containsExactly(Bytes.utf8("psst"));
    }

    @Test
    void bystandersSeeDeadPeerUnreachableWithinOneSecondOfItsDeath() {
        World world = line();

        world.kill("c");
        long elapsed = world.runUntil(() -> !world.node("a").reaches("c"), 2 * SECOND);

        assertThat(elapsed).isBetween(700 * MILLI, SECOND);
        assertThat(world.node("a").view().explain(world.node("c").id()))
                .contains("c is unreachable")
                .contains("claims a link to b, which does not confirm it");
    }

    @Test
    void trafficTakesSecondPathWhenFirstIsCut() {
        World world = new World(2);
        world.delay("a", "c", 20 * MILLI);
        world.add("a");
        world.add("b", "a:1");
        world.add("c", "a:1", "b:1");
        world.runUntil(world::allReachAll, 3 * SECOND);
        world.run(5 * SECOND);
        assertThat(world.node("a").pathTo("c")).isEqualTo("b c");

        world.cutBoth("b", "c");
        long elapsed = world.runUntil(() -> world.node("a").pathTo("c").equals("c"), 2 * SECOND);
        world.node("a").send("c", "still there?");
        world.run(SECOND);

        assertThat(elapsed).isLessThanOrEqualTo(SECOND);
        assertThat(world.node("c").received).containsExactly("a:still there?");
    }

    @Test
    void linkThatWorksInOneDirectionIsDownOnBothSides() {
        World world = line();

        world.cut("a", "b");
        long elapsed = world.runUntil(
                () -> !world.node("a").reaches("b") && !world.node("b").reaches("a"), 3 * SECOND);

        assertThat(elapsed).isLessThanOrEqualTo(1_100 * MILLI);
    }

    @Test
    void ghostOfPastLifeLoses() {
        World world = line();
        World.Node first = world.node("a");
        world.crash("a");
        long incarnation = first.config.incarnation() - 1000;

        World.Node second = world.restart("a", incarnation);
        world.runUntil(world::allReachAll, 2 * SECOND);

        assertThat(second.id()).isEqualTo(first.id());
        assertThat(world.node("c").view().peer(second.id()).orElseThrow().incarnation())
                .isGreaterThan(first.config.incarnation());
    }

    @Test
    void halvesOfPartitionFindEachOtherWithinFiveSecondsOfHealing() {
        World world = new World(3);
        List<String> names = List.of("a", "b", "c", "d", "e");
        for (String name : names) {
            world.add(name, "a:1", "c:1", "e:1");
        }
        world.runUntil(world::allReachAll, 5 * SECOND);
        for (String left : List.of("a", "b")) {
            for (String right : List.of("c", "d", "e")) {
                world.cutBoth(left, right);
            }
        }
        world.runUntil(() -> !world.node("a").reaches("e") && !world.node("e").reaches("a"), 2 * SECOND);
        world.run(180 * SECOND);
        assertThat(world.node("a").view().peers()).hasSize(2);

        world.heal();
        long elapsed = world.runUntil(world::allReachAll, 10 * SECOND);

        assertThat(elapsed).isLessThanOrEqualTo(5 * SECOND);
    }

    @Test
    void stalledNeighbourDelaysNobodyElse() {
        World world = new World(4);
        world.add("a");
        world.add("b", "a:1");
        world.add("c", "a:1");
        world.runUntil(world::allReachAll, 3 * SECOND);
        world.run(SECOND);
        Bytes large = world.random.bytes(256 << 10);

        world.cut("a", "b");
        List<SendOutcome> outcomes = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            outcomes.add(
                    world.node("a").engine.channel("test").send(world.node("b").id(), Priority.DATA, large, 0));
        }
        world.node("a").send("c", "quick");
        world.run(5 * MILLI);

        assertThat(world.node("c").received).containsExactly("a:quick");
        assertThat(outcomes).contains(SendOutcome.SENT, SendOutcome.WOULD_BLOCK);
    }

    @Test
    void fiftyPeersWithThreeSeedsFindEachOther() {
        World world = new World(5);
        for (int i = 0; i < 50; i++) {
            world.add("p" + i, "p0:1", "p1:1", "p2:1");
        }

        long elapsed = world.runUntil(world::allReachAll, 20 * SECOND);
        world.run(10 * SECOND);

        assertThat(elapsed).isLessThanOrEqualTo(10 * SECOND);
        TopologyView view = world.node("p49").view();
        assertThat(view.peers()).hasSize(50);
        for (World.Node node : world.nodes.values()) {
            assertThat(node.view().digest()).isEqualTo(view.digest());
            assertThat(node.view().links()).hasSizeLessThan(40);
        }
    }

    @Test
    void sameSeedGivesSameHash() {
        assertThat(chaos(7)).isEqualTo(chaos(7)).isNotEqualTo(chaos(8));
    }

    private static long chaos(long seed) {
        World world = new World(seed);
        for (String name : List.of("a", "b", "c", "d", "e")) {
            world.add(name, "a:1", "b:1");
        }
        for (int i = 0; i < 20; i++) {
            List<String> names = List.copyOf(world.nodes.keySet());
            String one = names.get(world.random.nextInt(names.size()));
            String other = names.get(world.random.nextInt(names.size()));
            world.cut(one, other);
            world.node(one).send(other, "x" + i);
            world.run(SECOND);
            if (world.random.chance(0.3)) {
                world.heal();
            }
        }
        return world.hash;
    }
}
