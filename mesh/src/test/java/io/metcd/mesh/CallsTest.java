package io.metcd.mesh;

import static io.metcd.mesh.World.MILLI;
import static io.metcd.mesh.World.SECOND;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.metcd.base.Bytes;
import io.metcd.mesh.CallOutcome.Failed;
import io.metcd.mesh.CallOutcome.Reason;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Calls from a to c, which reach each other through b alone. */
class CallsTest {
    private final World world = new World(1);
    private final List<CallOutcome> outcomes = new ArrayList<>();

    @BeforeEach
    void line() {
        world.forbid("a", "c");
        world.add("b");
        world.addDialler("a", "b:1");
        world.addDialler("c", "b:1");
        world.runUntil(world::allReachAll, 3 * SECOND);
    }

    private void call(String channel, PeerId to, Bytes request) {
        world.node("a").engine.channel(channel).call(to, Priority.DATA, request, 2 * SECOND, outcomes::add);
        assertThat(outcomes).as("outcomes come later").isEmpty();
    }

    private PeerId c() {
        return world.node("c").id();
    }

    @Test
    void answerComesBackOverTheRelay() {
        call("test", c(), Bytes.utf8("hi"));
        world.run(100 * MILLI);

        assertThat(outcomes).containsExactly(new CallOutcome.Reply(Bytes.utf8("re hi")));
    }

    @Test
    void largestRequestAndAnswerPassTheRelay() {
        Bytes request = world.random.bytes(Profile.LAN.sizes().datagramMax() - 3);

        call("test", c(), request);
        world.run(SECOND);

        assertThat(outcomes)
                .containsExactly(new CallOutcome.Reply(Bytes.utf8("re ").concat(request)));
    }

    @Test
    void tooLargeRequestFailsAndTooLargeAnswerIsRefused() {
        Bytes largest = Bytes.wrap(new byte[Profile.LAN.sizes().datagramMax()]);

        call("test", c(), largest.concat(Bytes.of(1)));
        world.run(100 * MILLI);
        assertThat(reasons()).containsExactly(Reason.TOO_LARGE);

        outcomes.clear();
        call("test", c(), largest);
        world.run(SECOND);
        assertThat(reasons()).containsExactly(Reason.REFUSED);
        assertThat(outcomes.toString()).contains("the answer has");
    }

    @Test
    void callWithoutResponderIsRefusedInWords() {
        call("nobody", c(), Bytes.EMPTY);
        world.run(100 * MILLI);

        assertThat(outcomes).containsExactly(new Failed(Reason.REFUSED, "nobody answers on this channel"));
    }

    @Test
    void callWithoutAnswerEndsAtItsDeadline() {
        world.node("c").engine.channel("test").onCall((from, request, reply) -> {});

        call("test", c(), Bytes.EMPTY);
        world.run(1_990 * MILLI);
        assertThat(outcomes).isEmpty();
        world.run(200 * MILLI);

        assertThat(reasons()).containsExactly(Reason.TIMED_OUT);
    }

    @Test
    void laterAnswerCountsAndSecondDoesNot() {
        List<Channel.Reply> replies = new ArrayList<>();
        world.node("c").engine.channel("test").onCall((from, request, reply) -> replies.add(reply));

        call("test", c(), Bytes.EMPTY);
        world.run(500 * MILLI);
        replies.get(0).send(Bytes.utf8("first"));
        replies.get(0).refuse("second");
        world.run(100 * MILLI);

        assertThat(outcomes).containsExactly(new CallOutcome.Reply(Bytes.utf8("first")));
    }

    @Test
    void callEndsWhenItsPeerBecomesUnreachable() {
        world.node("c").engine.channel("test").onCall((from, request, reply) -> {});
        call("test", c(), Bytes.EMPTY);

        world.crash("c");
        world.run(500 * MILLI);

        assertThat(reasons()).containsExactly(Reason.PEER_GONE);
    }

    @Test
    void callToUnreachableAndUnknownPeersFails() {
        world.kill("c");
        world.runUntil(() -> !world.node("a").reaches("c"), 2 * SECOND);

        call("test", c(), Bytes.EMPTY);
        world.run(MILLI);
        assertThat(reasons()).containsExactly(Reason.NO_ROUTE);

        outcomes.clear();
        call("test", PeerId.of(Bytes.utf8("stranger")), Bytes.EMPTY);
        world.run(MILLI);
        assertThat(reasons()).containsExactly(Reason.PEER_GONE);
    }

    @Test
    void callToOneselfIsAnswered() {
        call("test", world.node("a").id(), Bytes.utf8("me"));
        world.run(MILLI);

        assertThat(outcomes).containsExactly(new CallOutcome.Reply(Bytes.utf8("re me")));
    }

    @Test
    void outstandingCallsAreBounded() {
        world.node("c").engine.channel("test").onCall((from, request, reply) -> {});
        int bound = Profile.LAN.sizes().callsOutstanding();
        for (int i = 0; i < bound + 5; i++) {
            call("test", c(), Bytes.EMPTY);
        }
        world.run(100 * MILLI);

        assertThat(reasons()).hasSize(5).containsOnly(Reason.TOO_MANY_CALLS);
    }

    @Test
    void stoppingEndsCallsAndSaysFarewell() {
        world.node("c").engine.channel("test").onCall((from, request, reply) -> {});
        call("test", c(), Bytes.EMPTY);
        world.run(100 * MILLI);

        world.node("a").engine.stop();
        world.run(100 * MILLI);

        assertThat(reasons()).containsExactly(Reason.STOPPED);
        assertThat(world.node("c").reaches("a")).isFalse();
    }

    @Test
    void channelNamesWithOneIdAreRefused() {
        Map<Integer, String> names = new LinkedHashMap<>();
        String first = "";
        String second = "";
        for (int i = 0; second.isEmpty(); i++) {
            String name = "channel " + i;
            String other = names.put(Conversations.idOf(name), name);
            if (other != null) {
                first = other;
                second = name;
            }
        }
        MeshEngine engine = world.node("a").engine;
        Channel channel = engine.channel(first);
        String colliding = second;

        assertThat(engine.channel(first)).isSameAs(channel);
        assertThatThrownBy(() -> engine.channel(colliding))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("choose another name");
    }

    private List<Reason> reasons() {
        return outcomes.stream().map(outcome -> ((Failed) outcome).reason()).toList();
    }
}
