package io.metcd.mesh;

import static io.metcd.mesh.World.MILLI;
import static io.metcd.mesh.World.SECOND;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a and c say to each other passes r or s, who are relays. */
class RelayDeathStoriesTest {
    private final World world = new World(1);

    @BeforeEach
    void twoRelays() {
        world.forbid("a", "c");
        world.forbid("r", "s");
        world.add("r");
        world.add("s");
        world.addDialler("a", "r:1", "s:1");
        world.addDialler("c", "r:1", "s:1");
        world.runUntil(world::allReachAll, 3 * SECOND);
        world.run(2 * SECOND);
    }

    @Test
    void silentDeathOfOneRelayLosesNoWordOfConsensus() {
        String relay = world.node("a").pathTo("c").substring(0, 1);
        for (int i = 0; i < 60; i++) {
            if (i == 20) {
                world.kill(relay);
            }
            world.node("a").send("c", "heartbeat " + i);
            world.run(50 * MILLI);
        }
        world.run(SECOND);

        assertThat(world.node("c").received).hasSize(60).doesNotHaveDuplicates();
        assertThat(world.node("c").view().counters().framesDuplicate()).isPositive();
        assertThat(world.node("c").view().counters().framesForged()).isZero();
    }

    @Test
    void lossOfOneLinkDeliversNothingTwice() {
        String relay = world.node("a").pathTo("c").substring(0, 1);
        for (int i = 0; i < 40; i++) {
            world.node("a").send("c", "word " + i + " ".repeat(10_000));
        }
        world.breakLinks("a", relay);
        world.run(3 * SECOND);

        assertThat(world.node("c").received).hasSize(40).doesNotHaveDuplicates();
    }

    @Test
    void directLinkCarriesOneCopy() {
        world.node("a").send("r", "once");
        world.run(SECOND);

        assertThat(world.node("r").received).isEqualTo(List.of("a:once"));
        assertThat(world.node("r").view().counters().framesDuplicate()).isZero();
    }
}
