package io.metcd.mesh;

import static io.metcd.mesh.World.MILLI;
import static io.metcd.mesh.World.SECOND;
import static org.assertj.core.api.Assertions.assertThat;

import io.metcd.base.Bytes;
import io.metcd.mesh.MeshEvent.Kind;
import io.metcd.mesh.TopologyView.NameConflict;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class LinkStoriesTest {
    private static List<Kind> kinds(World.Node node) {
        return node.view().events().stream().map(MeshEvent::kind).toList();
    }

    private static World pair() {
        World world = new World(1);
        world.add("a", "b:1");
        world.add("b", "a:1");
        world.runUntil(world::allReachAll, 3 * SECOND);
        world.run(5 * SECOND);
        return world;
    }

    @Test
    void dialsThatCrossLeaveOneLinkAndLoseNothing() {
        World world = new World(1);
        world.delay("a", "b", 100 * MILLI);
        World.Node a = world.add("a", "b:1");
        World.Node b = world.add("b", "a:1");
        world.runUntil(() -> a.links.count() == 2 && b.links.count() == 2, 3 * SECOND);
        world.runUntil(world::allReachAll, 3 * SECOND);
        for (int i = 0; i < 50; i++) {
            a.send("b", "n" + i);
            world.run(100 * MILLI);
        }
        world.run(SECOND);

        assertThat(a.links.count()).isEqualTo(1);
        assertThat(b.links.count()).isEqualTo(1);
        World.Node lower = a.id().compareTo(b.id()) < 0 ? a : b;
        assertThat(lower.view().links().get(0).dialled()).isTrue();
        assertThat(b.received).hasSize(50);
        assertThat(kinds(a)).doesNotContain(Kind.PEER_UNREACHABLE);
        assertThat(kinds(b)).doesNotContain(Kind.PEER_UNREACHABLE);
    }

    @Test
    void peersThatOnlyDialReachEachOtherThroughOneThatListens() {
        World world = new World(1);
        world.add("relay");
        for (String name : List.of("a", "b", "c")) {
            world.addDialler(name, "relay:1");
        }

        world.runUntil(world::allReachAll, 2 * SECOND);
        world.node("a").send("b", "hello");
        world.run(SECOND);

        assertThat(world.node("b").received).containsExactly("a:hello");
        assertThat(world.node("a").pathTo("c")).isEqualTo("relay c");
    }

    @Test
    void factsReachEverybodyAndListenersHearOfThem() {
        World world = pair();
        List<TopologyView> heard = new ArrayList<>();
        world.node("b").engine.onTopology(heard::add);
        PeerFacts facts = PeerFacts.named("a").withMember(7, 8, 9).withPromise(Bytes.utf8("promise"));

        world.node("a").engine.publish(facts);
        world.run(100 * MILLI);

        assertThat(heard).hasSize(1);
        assertThat(heard.get(0).peer(world.node("a").id()).orElseThrow().facts())
                .isEqualTo(facts);
        assertThat(world.node("a")
                        .view()
                        .peer(world.node("a").id())
                        .orElseThrow()
                        .facts())
                .isEqualTo(facts);
    }

    @Test
    void twoPeersOfOneNameAreReported() {
        World world = new World(1);
        world.add("a");
        world.add("b", "a:1");
        world.add(
                "imposter",
                config -> new MeshConfig(
                        config.cluster(),
                        "b",
                        config.incarnation(),
                        config.listenAddresses(),
                        config.advertised(),
                        List.of("a:1"),
                        true,
                        true,
                        config.profile()));
        world.run(2 * SECOND);

        List<NameConflict> conflicts = world.node("a").view().conflicts();
        assertThat(conflicts).hasSize(1);
        assertThat(conflicts.get(0).name()).isEqualTo("b");
        assertThat(conflicts.get(0).claimants())
                .containsExactlyInAnyOrder(
                        world.node("b").id(), world.node("imposter").id());
        assertThat(kinds(world.node("a"))).contains(Kind.NAME_CONFLICT);
    }

    @Test
    void twoProcessesWithOneKeyAreReported() {
        World world = new World(1);
        world.add("a");
        world.add("b", "a:1");
        world.run(SECOND);
        MeshConfig older = MeshConfig.of("test", "clone", 1).withSeeds(List.of("a:1"));

        world.start("clone", world.node("b").links.key, older);
        world.run(2 * SECOND);

        assertThat(kinds(world.node("a"))).contains(Kind.IDENTITY_CONFLICT);
        assertThat(kinds(world.node("b"))).contains(Kind.GHOST_OUTRANKED);
    }

    @Test
    void ownAddressAmongTheSeedsDoesNoHarm() {
        World world = new World(1);
        world.add("a", "a:1", "b:1");
        world.add("b", "a:1", "b:1");

        world.runUntil(world::allReachAll, 3 * SECOND);
        world.run(5 * SECOND);

        assertThat(world.node("a").links.count()).isEqualTo(1);
        assertThat(kinds(world.node("a"))).doesNotContain(Kind.IDENTITY_CONFLICT, Kind.MALFORMED);
    }

    @Test
    void restartedPeerIsVisibleToAllWithinTwoSeconds() {
        World world = new World(1);
        for (String name : List.of("a", "b", "c")) {
            world.add(name, "a:1", "b:1");
        }
        world.runUntil(world::allReachAll, 3 * SECOND);
        for (int life = 1; life <= 20; life++) {
            world.kill("c");
            world.run(world.random.between(0, 2 * SECOND));
            World.Node again = world.restart("c", world.node("c").config.incarnation() + 1);
            world.runUntil(
                    () -> world.allReachAll()
                            && world.node("a")
                                            .view()
                                            .peer(again.id())
                                            .orElseThrow()
                                            .incarnation()
                                    == again.config.incarnation(),
                    2 * SECOND);
        }
    }

    @Test
    void newLifeIsTalkedToAlthoughTheLinkOfTheOldHasNotDiedYet() {
        World world = new World(1);
        world.add("a", "b:1");
        world.add("b", "a:1");
        String low = world.node("a").id().compareTo(world.node("b").id()) < 0 ? "a" : "b";
        String high = low.equals("a") ? "b" : "a";
        world.runUntil(world::allReachAll, 3 * SECOND);
        world.run(5 * SECOND);
        world.kill(high);

        World.Node again = world.restart(high, world.node(high).config.incarnation() + 1);
        world.runUntil(() -> again.reaches(low), 500 * MILLI);
        world.node(low).send(high, "welcome back");
        world.run(100 * MILLI);

        assertThat(again.received).containsExactly(low + ":welcome back");
    }

    @Test
    void pauseOfThisProcessBlamesNobody() {
        World world = pair();
        int before = kinds(world.node("a")).size();
        world.node("a").pause();
        world.run(700 * MILLI);
        world.node("a").resume();
        world.run(2 * SECOND);

        assertThat(kinds(world.node("a")).subList(before, kinds(world.node("a")).size()))
                .contains(Kind.OWN_STALL)
                .doesNotContain(Kind.LINK_DOWN);
    }

    /** Breaks the link between a and b every three seconds; returns how often b's path to a changed in that time. */
    private static int flap(World world, int times) {
        int changes = 0;
        String path = world.node("b").pathTo("a");
        for (int i = 0; i < times; i++) {
            world.breakLinks("a", "b");
            for (int step = 0; step < 60; step++) {
                world.run(50 * MILLI);
                String now = world.node("b").pathTo("a");
                changes += now.equals(path) ? 0 : 1;
                path = now;
            }
        }
        return changes;
    }

    @Test
    void linkThatComesAndGoesIsNotSpokenOfUntilItStays() {
        World world = new World(1);
        world.add("a");
        world.add("b", "a:1");
        world.add("c", "a:1", "b:1");
        world.runUntil(world::allReachAll, 3 * SECOND);
        world.run(SECOND);

        int changes = flap(world, 10);

        assertThat(changes).isLessThanOrEqualTo(4);
        assertThat(world.node("b").reaches("a")).isTrue();
        world.run(61 * SECOND);
        assertThat(world.node("b").pathTo("a")).as("since it has stayed").isEqualTo("a");
    }

    @Test
    void onlyWayToSomebodyIsUsedHoweverOftenItWasLost() {
        World world = new World(1);
        world.add("a");
        world.add("b", "a:1");
        world.runUntil(world::allReachAll, 3 * SECOND);
        flap(world, 10);

        world.breakLinks("a", "b");

        world.runUntil(world::allReachAll, 2 * SECOND);
    }

    @Test
    void linkOnProbationIsUsedWhenTheOtherWayIsLost() {
        World world = new World(1);
        world.add("a");
        world.add("b", "a:1");
        world.add("c", "a:1", "b:1");
        world.runUntil(world::allReachAll, 3 * SECOND);
        flap(world, 5);
        assertThat(world.node("b").pathTo("a")).isEqualTo("c a");

        world.kill("c");

        world.runUntil(() -> world.node("b").pathTo("a").equals("a"), 2 * SECOND);
    }

    /** Waits ten times as long as usual before it believes that a neighbour is dead. */
    private static Profile patient() {
        return new Profile(
                new Profile.Timing(
                        200 * MILLI,
                        40,
                        120,
                        100 * MILLI,
                        3 * SECOND,
                        20 * MILLI,
                        10 * MILLI,
                        SECOND,
                        SECOND * 1000,
                        SECOND * 3000,
                        SECOND * 60),
                Profile.LAN.queues(),
                Profile.LAN.sizes(),
                Profile.LAN.overlay(),
                Profile.LAN.pacing(),
                Profile.LAN.spread(),
                Profile.LAN.transport());
    }

    @Test
    void missingEchoesAreNoticedWhereNothingElseIsAmiss() {
        World world = new World(1);
        world.add("a", config -> config.withListen("a:1", List.of("a:1")));
        world.add("b", config -> config.withSeeds(List.of("a:1")).withProfile(patient()));
        world.runUntil(world::allReachAll, 3 * SECOND);

        world.cut("a", "b");
        long elapsed = world.runUntil(() -> !world.node("a").reaches("b"), 5 * SECOND);

        assertThat(elapsed).isLessThanOrEqualTo(1_300 * MILLI);
        assertThat(world.node("a").view().explain(world.node("b").id())).contains("has not heard us");
    }

    @Test
    void linkWhoseWritesStallIsClosedEvenIfHeartbeatsArrive() {
        World world = new World(1);
        world.add("a", config -> config.withListen("a:1", List.of("a:1")).withProfile(patient()));
        world.add("b", config -> config.withSeeds(List.of("a:1")).withProfile(patient()));
        world.runUntil(world::allReachAll, 3 * SECOND);

        world.cut("a", "b");
        world.node("a").send("b", "stuck");
        long elapsed = world.runUntil(() -> !world.node("a").reaches("b"), 5 * SECOND);

        assertThat(elapsed).isBetween(2_900 * MILLI, 3_300 * MILLI);
        assertThat(world.node("a").view().explain(world.node("b").id())).contains("its writes have stalled");
    }

    @Test
    void dialFailuresAreSaidInWords() {
        World world = new World(1);
        world.add("a", "nowhere:1");
        world.run(10 * SECOND);

        TopologyView view = world.node("a").view();
        assertThat(view.dials()).hasSize(1);
        assertThat(view.dials().get(0).failures()).isBetween(8, 60);
        assertThat(view.explain(PeerId.of(Bytes.utf8("somebody"))))
                .contains("no record of peer")
                .contains("dialling nowhere:1 failed")
                .contains("connection refused");
        assertThat(kinds(world.node("a"))).containsOnlyOnce(Kind.DIAL_FAILED);
    }

    @Test
    void recordsAreRenewedBeforeOthersForgetThem() {
        World world = pair();

        world.run(4 * 3_600 * SECOND);

        assertThat(world.allReachAll()).isTrue();
        assertThat(kinds(world.node("a"))).doesNotContain(Kind.PEER_FORGOTTEN, Kind.PEER_UNREACHABLE);
    }

    @Test
    void eventsAreBounded() {
        World world = pair();
        for (int i = 0; i < 300; i++) {
            world.breakLinks("a", "b");
            world.run(500 * MILLI);
        }

        assertThat(world.node("a").view().events()).hasSize(Profile.LAN.sizes().eventsKept());
    }

    @Test
    void jitterOfTwentyPercentDoesNotMovePaths() {
        World world = new World(1);
        world.delay("a", "b", 10 * MILLI);
        world.delay("b", "c", 10 * MILLI);
        world.delay("a", "c", 13 * MILLI);
        for (String name : List.of("a", "b", "c")) {
            world.add(name, "a:1", "b:1", "c:1");
        }
        world.runUntil(world::allReachAll, 3 * SECOND);
        world.run(10 * SECOND);
        List<TopologyView> changes = new ArrayList<>();
        world.node("a").engine.onTopology(changes::add);
        for (int i = 0; i < 600; i++) {
            world.delay("a", "b", world.random.between(8 * MILLI, 12 * MILLI));
            world.delay("b", "c", world.random.between(8 * MILLI, 12 * MILLI));
            world.delay("a", "c", world.random.between(10 * MILLI, 16 * MILLI));
            world.run(100 * MILLI);
        }

        assertThat(changes.size()).isLessThanOrEqualTo(1);
    }

    @Test
    void budgetOfOneMeshBoundsWhatWaitsOverAllLinks() {
        World world = new World(1);
        world.add("hub");
        for (int i = 0; i < 12; i++) {
            world.add("p" + i, "hub:1");
        }
        world.runUntil(world::allReachAll, 3 * SECOND);
        Bytes large = Bytes.wrap(new byte[500_000]);
        for (int i = 0; i < 12; i++) {
            world.cut("hub", "p" + i);
            for (int n = 0; n < 20; n++) {
                world.node("hub")
                        .engine
                        .channel("test")
                        .send(world.node("p" + i).id(), Priority.DATA, large, 0);
                world.node("hub")
                        .engine
                        .channel("test")
                        .send(world.node("p" + i).id(), Priority.BULK, large, 0);
            }
        }
        world.run(MILLI);
        world.node("hub").engine.publish(PeerFacts.named("still alive"));
        world.run(600 * MILLI);

        long waiting = world.node("hub").view().links().stream()
                .flatMap(link -> link.queuedBytes().stream())
                .mapToLong(Long::longValue)
                .sum();
        assertThat(waiting).isBetween(10L << 20, (long) Profile.LAN.queues().meshBytes());
    }
}
