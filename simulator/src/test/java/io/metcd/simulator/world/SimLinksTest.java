package io.metcd.simulator.world;

import static org.assertj.core.api.Assertions.assertThat;

import io.metcd.base.Bytes;
import io.metcd.base.Links;
import io.metcd.base.RandomSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class SimLinksTest {
    private static final long MILLI = 1_000_000;

    private final EventQueue queue = new EventQueue(new TraceHash());
    private final Paths paths = new Paths(3, Path.Conditions.delay(5 * MILLI));
    private final SimNetwork network = new SimNetwork(queue, RandomSource.seeded(1), paths, SimNetwork.Limits.DEFAULT);
    private Peer a = new Peer(0, "a", "g");
    private Peer b = new Peer(1, "b", "g");

    /** A peer that writes down what its door tells it. */
    private final class Peer implements Links.Events {
        final SimProcess process;
        final SimLinks links;
        final List<String> seen = new ArrayList<>();
        long link;
        boolean closesAtOnce;

        Peer(int id, String name, String group) {
            process = new SimProcess(queue, id, name);
            SimNetwork.Identity identity = new SimNetwork.Identity(
                    Bytes.utf8("key-" + name), Bytes.utf8("hello-" + name), Optional.of(name + ":1"), group);
            links = network.join(process, identity);
            links.start(this);
        }

        @Override
        public void opened(Links.Opened opened) {
            link = opened.link();
            seen.add("opened " + opened.remoteKey() + " " + opened.remoteHello() + " attempt " + opened.attempt());
            if (closesAtOnce) {
                links.close(link, "unwanted");
            }
        }

        @Override
        public void dialFailed(long attempt, String address, String reason) {
            seen.add("failed " + address + " " + reason);
        }

        @Override
        public void frame(long number, Bytes frame) {
            seen.add("frame " + frame);
        }

        @Override
        public void writable(long number) {
            seen.add("writable");
        }

        @Override
        public void closed(long number, String reason) {
            seen.add("closed " + reason);
        }

        void say(String text) {
            links.send(link, Bytes.utf8(text));
            links.flush(link);
        }
    }

    @BeforeEach
    void connect() {
        a.links.dial("b:1", 7);
        queue.runUntil(100 * MILLI);
    }

    @Test
    void aDialOpensBothEnds() {
        assertThat(a.seen).containsExactly("opened key-b hello-b attempt 7");
        assertThat(b.seen).containsExactly("opened key-a hello-a attempt 0");
    }

    @Test
    void framesArriveInOrderHoweverLossyThePath() {
        paths.setAll(new Path.Conditions(MILLI, 20 * MILLI, 0.3, 0));
        b.seen.clear();
        List<String> expected = new ArrayList<>();

        for (int i = 0; i < 200; i++) {
            a.say("" + i);
            expected.add("frame " + i);
            queue.runUntil(queue.now() + MILLI);
        }
        queue.runUntil(queue.now() + 60_000 * MILLI);

        assertThat(b.seen).isEqualTo(expected);
    }

    @Test
    void aCutHoldsOneDirectionAndHealingDeliversWhatItHeld() {
        paths.path(0, 1).cut();

        a.say("held");
        b.say("passes");
        queue.runUntil(queue.now() + 1000 * MILLI);
        assertThat(a.seen).endsWith("frame passes");
        assertThat(b.seen).hasSize(1);
        network.healAll();
        queue.runUntil(queue.now() + 2000 * MILLI);

        assertThat(b.seen).endsWith("frame held");
    }

    @Test
    void aLinkThatCannotMoveAByteTimesOut() {
        paths.cutBoth(0, 1);

        a.say("lost");
        queue.runUntil(queue.now() + 60_000 * MILLI);

        assertThat(a.seen).endsWith("closed connection timed out");
        assertThat(b.seen).endsWith("closed connection reset");
    }

    @Test
    void bytesBeyondTheTransportsBufferAreUnsentAndThenWritableAgain() {
        paths.path(0, 1).cut();

        for (int i = 0; i < 10; i++) {
            a.links.send(a.link, Bytes.copyOf(new byte[64 << 10]));
            a.links.flush(a.link);
        }
        queue.runUntil(queue.now() + 100 * MILLI);
        assertThat(a.links.unsentBytes(a.link)).isEqualTo(6 * (64 << 10));
        network.healAll();
        queue.runUntil(queue.now() + 2000 * MILLI);

        assertThat(a.links.unsentBytes(a.link)).isZero();
        assertThat(a.seen).endsWith("writable");
    }

    @Test
    void aClosedLinkDeliversWhatWasFlushedFirst() {
        a.say("last words");
        a.links.close(a.link, "done");
        queue.runUntil(queue.now() + 100 * MILLI);

        assertThat(a.seen).endsWith("closed done");
        assertThat(b.seen).endsWith("frame last words", "closed closed by the peer");
    }

    @Test
    void aDeadProcessClosesItsLinksAndADeadMachineIsSilent() {
        Peer c = new Peer(2, "c", "g");
        c.links.dial("b:1", 9);
        queue.runUntil(queue.now() + 100 * MILLI);

        network.crash(a.process, SimNetwork.Death.PROCESS);
        queue.runUntil(queue.now() + 100 * MILLI);
        assertThat(b.seen).endsWith("closed connection reset");
        network.crash(b.process, SimNetwork.Death.MACHINE);
        queue.runUntil(queue.now() + 10_000 * MILLI);
        assertThat(c.seen).endsWith("opened key-b hello-b attempt 9");
        queue.runUntil(queue.now() + 11_000 * MILLI);

        assertThat(c.seen).endsWith("closed connection timed out");
    }

    @Test
    void dialsFailWithTheReasonAnOperatorWouldSee() {
        Peer foreign = new Peer(2, "c", "other");
        foreign.links.dial("b:1", 1);
        queue.runUntil(queue.now() + 100 * MILLI);
        network.crash(b.process, SimNetwork.Death.PROCESS);
        foreign.links.dial("b:1", 2);
        queue.runUntil(queue.now() + 100 * MILLI);
        paths.forbidBoth(2, 0);
        foreign.links.dial("a:1", 3);
        queue.runUntil(queue.now() + 5000 * MILLI);

        assertThat(foreign.seen)
                .containsExactly(
                        "failed b:1 wrong password",
                        "failed b:1 connection refused",
                        "failed a:1 connection timed out");
    }

    @Test
    void aDialEndsAlsoWhenItsLinkIsClosedAtOnce() {
        paths.setAll(new Path.Conditions(MILLI, 20 * MILLI, 0, 0));
        b.closesAtOnce = true;
        for (int i = 0; i < 50; i++) {
            a.seen.clear();
            a.links.dial("b:1", 100 + i);
            queue.runUntil(queue.now() + 200 * MILLI);

            assertThat(a.seen).isNotEmpty();
            assertThat(a.seen.get(a.seen.size() - 1)).matches("(failed|closed) .*");
        }
    }

    @Test
    void everyDialEndsHoweverItsTargetDies() {
        paths.setAll(new Path.Conditions(MILLI, 20 * MILLI, 0.2, 0));
        for (int i = 0; i < 200; i++) {
            a.seen.clear();
            a.links.dial("b:1", 100 + i);
            queue.runUntil(queue.now() + i * MILLI / 2);
            network.crash(b.process, i % 2 == 0 ? SimNetwork.Death.MACHINE : SimNetwork.Death.PROCESS);
            b = new Peer(1, "b", "g");
            queue.runUntil(queue.now() + 30_000 * MILLI);

            assertThat(a.seen).isNotEmpty();
            assertThat(a.seen.get(a.seen.size() - 1)).matches("(failed|closed) .*");
        }
    }

    @Test
    void aRestartedHostResetsTheLinksOfItsEarlierLife() {
        network.crash(b.process, SimNetwork.Death.MACHINE);
        queue.runUntil(queue.now() + 1000 * MILLI);

        b = new Peer(1, "b", "g");
        queue.runUntil(queue.now() + 100 * MILLI);
        a.links.dial("b:1", 8);
        queue.runUntil(queue.now() + 100 * MILLI);

        assertThat(a.seen).endsWith("closed connection reset", "opened key-b hello-b attempt 8");
    }

    @Test
    void aNarrowWireLetsThroughWhatItCarriesAndSaysWhenItTakesMore() {
        paths.path(0, 1).through(new Wire(queue, 1_000_000, 10_000));
        long start = queue.now();
        byte[] frame = new byte[1_000];

        for (int i = 0; i < 500; i++) {
            a.links.send(a.link, Bytes.wrap(frame));
            a.links.flush(a.link);
        }

        assertThat(a.links.unsentBytes(a.link))
                .as("beyond what the transport takes")
                .isEqualTo(500_000 - (256 << 10));
        queue.runUntil(start + 255 * MILLI);
        assertThat(b.seen).as("a quarter of a second at 1 MB/s").hasSize(1 + 250);
        queue.runUntil(start + 1_000 * MILLI);
        assertThat(b.seen).hasSize(1 + 500);
        assertThat(a.seen).containsOnlyOnce("writable");
    }

    @Test
    void twoLinksOverOneWireGetTheSameShare() {
        Wire shared = new Wire(queue, 1_000_000, 4_000);
        Peer c = new Peer(2, "c", "g");
        c.links.dial("b:1", 9);
        queue.runUntil(queue.now() + 100 * MILLI);
        paths.path(0, 1).through(shared);
        paths.path(2, 1).through(shared);
        b.seen.clear();

        for (int i = 0; i < 100; i++) {
            a.links.send(a.link, Bytes.utf8("a".repeat(1_000)));
            a.links.flush(a.link);
        }
        for (int i = 0; i < 100; i++) {
            c.links.send(c.link, Bytes.utf8("c".repeat(1_000)));
            c.links.flush(c.link);
        }
        queue.runUntil(queue.now() + 105 * MILLI);

        long ofA = b.seen.stream().filter(frame -> frame.startsWith("frame a")).count();
        assertThat(b.seen).hasSizeBetween(99, 101);
        assertThat(ofA).isBetween(45L, 55L);
    }
}
