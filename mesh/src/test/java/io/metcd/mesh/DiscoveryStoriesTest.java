package io.metcd.mesh;

import static io.metcd.mesh.World.SECOND;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

/** Whom a peer dials beside its seeds. */
class DiscoveryStoriesTest {
    @Test
    void peersThatDiscoverNobodyMeetOnlyOverTheirSeed() {
        World world = new World(1);
        world.add("hub");
        addWithoutDiscovery(world, "b");
        addWithoutDiscovery(world, "c");
        world.run(20 * SECOND);

        assertThat(links(world, "b")).containsExactly(world.node("hub").engine.self());
        assertThat(world.node("b").view().reachable(world.node("c").engine.self()))
                .isTrue();
    }

    @Test
    void oneThatDiscoversIsEnoughForALink() {
        World world = new World(1);
        world.add("hub");
        addWithoutDiscovery(world, "b");
        world.add("c", "hub:1");
        world.run(20 * SECOND);

        assertThat(links(world, "b")).contains(world.node("c").engine.self());
    }

    private static void addWithoutDiscovery(World world, String name) {
        String own = name + ":1";
        world.add(
                name,
                config -> config.withListen(own, List.of(own))
                        .withSeeds(List.of("hub:1"))
                        .withoutDiscovery());
    }

    private static List<PeerId> links(World world, String name) {
        return world.node(name).view().links().stream()
                .map(TopologyView.LinkView::peer)
                .toList();
    }
}
