package io.metcd.mesh;

import static io.metcd.mesh.World.SECOND;
import static org.assertj.core.api.Assertions.assertThat;

import io.metcd.base.Bytes;
import io.metcd.mesh.wire.Envelope;
import io.metcd.mesh.wire.FrameType;
import io.metcd.mesh.wire.SourceRoute;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a and c say to each other passes b, who must not understand it. */
class SealingStoriesTest {
    private final World world = new World(1);

    @BeforeEach
    void line() {
        world.forbid("a", "c");
        world.add("b");
        world.addDialler("a", "b:1");
        world.addDialler("c", "b:1");
        world.runUntil(world::allReachAll, 3 * SECOND);
    }

    private List<Bytes> datagramsWhile(Runnable saying) {
        world.sniffing = true;
        world.sniffed.clear();
        saying.run();
        world.run(SECOND / 10);
        world.sniffing = false;
        return world.sniffed.stream()
                .filter(frame -> FrameType.of(frame) == FrameType.DATAGRAM)
                .toList();
    }

    private static boolean contains(Bytes frame, String text) {
        for (int i = 0; i + text.length() <= frame.size(); i++) {
            if (frame.slice(i, frame.size()).startsWith(Bytes.utf8(text))) {
                return true;
            }
        }
        return false;
    }

    @Test
    void relaySeesNothingOfWhatPassesIt() {
        List<Bytes> frames = datagramsWhile(() -> world.node("a").send("c", "a secret between us"));

        assertThat(world.node("c").received).containsExactly("a:a secret between us");
        assertThat(frames).hasSize(2).noneMatch(frame -> contains(frame, "secret"));
    }

    @Test
    void neighboursTalkWithoutSecondSeal() {
        List<Bytes> frames = datagramsWhile(() -> world.node("a").send("b", "to a neighbour"));

        assertThat(frames).hasSize(1).allMatch(frame -> contains(frame, "to a neighbour"));
    }

    @Test
    void frameThatRelayRepeatsOrChangesIsNotDelivered() {
        List<Bytes> frames = datagramsWhile(() -> world.node("a").send("c", "pay once"));
        byte[] changed = frames.get(1).toArray();
        changed[changed.length - 20] ^= 1;

        world.node("b").links.inject(world.node("c"), frames.get(1));
        world.node("b").links.inject(world.node("c"), Bytes.wrap(changed));
        world.run(2 * SECOND);

        assertThat(world.node("c").received).containsExactly("a:pay once");
        assertThat(world.node("c").view().counters().framesDuplicate()).isEqualTo(1);
        assertThat(world.node("c").view().counters().framesForged()).isEqualTo(1);
        assertThat(world.node("c").reaches("b")).isTrue();
    }

    @Test
    void frameThatRelayMakesUpIsNotDelivered() {
        Bytes route = new SourceRoute(
                        world.node("a").id().shortId(),
                        world.node("c").id().shortId(),
                        new long[] {world.node("b").id().shortId()})
                .encode();
        Bytes head = Envelope.head(Envelope.Kind.MESSAGE, Conversations.idOf("test"), 0);
        Bytes frame = Bytes.of(FrameType.DATAGRAM.firstByte(1), 1)
                .concat(route)
                .concat(head)
                .concat(Bytes.utf8("forged"));

        world.node("b").links.inject(world.node("c"), frame);
        world.run(2 * SECOND);

        assertThat(world.node("c").received).isEmpty();
        assertThat(world.node("c").view().counters().framesForged()).isEqualTo(1);
    }

    @Test
    void newLifeOfOnePeerIsUnderstoodAtOnce() {
        world.node("a").send("c", "first life");
        world.run(SECOND);
        world.crash("a");
        world.restart("a", world.node("a").config.incarnation() + 1);
        world.runUntil(world::allReachAll, 2 * SECOND);

        world.node("a").send("c", "second life");
        world.node("c").send("a", "welcome back");
        world.run(SECOND);

        assertThat(world.node("c").received).containsExactly("a:first life", "a:second life");
        assertThat(world.node("a").received).containsExactly("c:welcome back");
    }
}
