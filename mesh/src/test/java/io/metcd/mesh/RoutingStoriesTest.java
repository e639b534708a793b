package io.metcd.mesh;

import static io.metcd.mesh.World.MILLI;
import static io.metcd.mesh.World.SECOND;
import static org.assertj.core.api.Assertions.assertThat;

import io.metcd.base.Bytes;
import io.metcd.mesh.MeshEvent.Kind;
import io.metcd.mesh.wire.FrameType;
import io.metcd.mesh.wire.SourceRoute;
import java.util.List;
import org.junit.jupiter.api.Test;

class RoutingStoriesTest {
    /** Builds a mesh with exactly these links, such as "ab bc". */
    private static World mesh(String links) {
        World world = new World(1);
        String letters = links.replace(" ", "");
        List<String> names = letters.chars()
                .distinct()
                .sorted()
                .mapToObj(Character::toString)
                .toList();
        for (String one : names) {
            for (String other : names) {
                if (!one.equals(other) && !links.contains(one + other) && !links.contains(other + one)) {
                    world.forbid(one, other);
                }
            }
        }
        for (String name : names) {
            world.add(name, names.stream().map(other -> other + ":1").toArray(String[]::new));
        }
        world.runUntil(world::allReachAll, 5 * SECOND);
        world.run(3 * SECOND);
        return world;
    }

    private static void breakForGood(World world, String a, String b) {
        world.forbid(a, b);
        world.breakLinks(a, b);
    }

    @Test
    void relayRepairsRouteOfFramesThatAreUnderWay() {
        World world = mesh("ab bd bc cd");
        assertThat(world.node("a").pathTo("d")).isEqualTo("b d");

        world.node("a").send("d", "under way");
        world.run(MILLI / 8);
        breakForGood(world, "b", "d");
        world.run(2 * SECOND);

        assertThat(world.node("d").received).containsExactly("a:under way");
        assertThat(world.node("b").view().counters().framesRepaired()).isEqualTo(1);
        assertThat(world.node("a").pathTo("d")).isEqualTo("b c d");
    }

    @Test
    void sourceIsToldWhenNoRelayKnowsAnotherWay() {
        World world = mesh("ab bd ac ce ed");
        assertThat(world.node("a").pathTo("d")).isEqualTo("b d");

        world.node("a").sendData("d", "lost");
        world.run(MILLI / 8);
        breakForGood(world, "b", "d");
        world.runUntil(() -> world.node("a").pathTo("d").equals("c e d"), 100 * MILLI);
        world.node("a").sendData("d", "found");
        world.run(2 * SECOND);

        assertThat(world.node("d").received).containsExactly("a:found");
        assertThat(world.node("b").view().counters().routeErrors()).isEqualTo(1);
        assertThat(world.node("a").view().events()).extracting(MeshEvent::kind).contains(Kind.ROUTE_BROKEN);
    }

    @Test
    void ringSurvivesOneCutAndSplitsAtTwo() {
        World world = mesh("ab bc cd de ef fa");

        breakForGood(world, "a", "b");
        world.run(100 * MILLI);
        assertThat(world.allReachAll()).isTrue();
        assertThat(world.node("a").pathTo("b")).isEqualTo("f e d c b");

        breakForGood(world, "d", "e");
        world.run(100 * MILLI);
        assertThat(world.node("a").reaches("e")).isTrue();
        assertThat(world.node("a").reaches("b")).isFalse();
        assertThat(world.node("c").reaches("d")).isTrue();
    }

    @Test
    void peerThatDoesNotRelayIsNeverUsedAsRelay() {
        World world = new World(1);
        world.forbid("a", "c");
        world.add("b", config -> config.withListen("b:1", List.of("b:1")).withoutRelaying());
        world.addDialler("a", "b:1");
        world.addDialler("c", "b:1");
        world.run(3 * SECOND);

        assertThat(world.node("a").reaches("b")).isTrue();
        assertThat(world.node("a").reaches("c")).isFalse();
        assertThat(world.node("a").view().explain(world.node("c").id()))
                .isEqualTo("c is unreachable: it is linked to b, which does not relay; "
                        + "it cannot be dialled, as it advertises no address");
    }

    @Test
    void routesFollowRoundTripTimesAndNotHops() {
        World world = new World(1);
        world.delay("a", "d", 75 * MILLI);
        for (String name : List.of("a", "b", "c", "d")) {
            world.add(name, "a:1", "b:1", "c:1", "d:1");
        }
        world.delay("b", "d", 75 * MILLI);
        world.delay("a", "c", 75 * MILLI);
        world.runUntil(world::allReachAll, 5 * SECOND);
        world.run(10 * SECOND);

        assertThat(world.node("a").pathTo("d")).isEqualTo("b c d");
        assertThat(world.node("d").pathTo("a")).isEqualTo("c b a");
        assertThat(world.node("a").view().explain(world.node("d").id()))
                .startsWith("d is reached via b, c, round trip");
    }

    @Test
    void frameWhoseRouteDoesNotLeadHereClosesItsLinkAndHarmsNothingElse() {
        World world = mesh("ab bc");
        World.Node b = world.node("b");
        PeerId a = world.node("a").id();
        PeerId c = world.node("c").id();
        Bytes detour = new SourceRoute(a.shortId(), c.shortId(), new long[] {12345}).encode();
        Bytes frame =
                Bytes.of(FrameType.DATAGRAM.firstByte(1), 1).concat(detour).concat(Bytes.utf8("x"));

        world.node("a").links.inject(b, frame);
        world.run(MILLI);
        assertThat(b.reaches("a")).isFalse();
        assertThat(b.reaches("c")).isTrue();

        world.run(2 * SECOND);
        assertThat(b.reaches("a")).isTrue();
        assertThat(b.view().counters().malformedFrames()).isEqualTo(1);
    }

    @Test
    void sourceThatNeighbourIsNotIsRefused() {
        World world = mesh("ab bc");
        PeerId b = world.node("b").id();
        Bytes forged = new SourceRoute(world.node("c").id().shortId(), b.shortId(), new long[0]).encode();
        Bytes frame =
                Bytes.of(FrameType.DATAGRAM.firstByte(1), 1).concat(forged).concat(Bytes.utf8("x"));

        world.node("a").links.inject(world.node("b"), frame);
        world.run(MILLI);
        assertThat(world.node("b").reaches("a")).as("the liar's link is closed").isFalse();

        world.run(2 * SECOND);
        assertThat(world.node("b").view().counters().malformedFrames()).isEqualTo(1);
        assertThat(world.node("b").received).isEmpty();
    }

    @Test
    void noiseNeverStopsTheEngine() {
        World world = mesh("ab bc");
        for (int i = 0; i < 2000; i++) {
            byte[] noise = world.random.bytes(1 + world.random.nextInt(60)).toArray();
            noise[0] = (byte) (((i % 10) << 4) | (noise[0] & 0x0f));
            world.node("a").links.inject(world.node("b"), Bytes.wrap(noise));
            world.run(20 * MILLI);
        }
        world.run(2 * SECOND);

        assertThat(world.allReachAll()).isTrue();
        assertThat(world.node("b").view().counters().malformedFrames()).isGreaterThan(100);
    }
}
