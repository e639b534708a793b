package io.metcd.simulator.lab;

import io.metcd.base.Bytes;
import io.metcd.mesh.Channel;
import io.metcd.mesh.MeshEvent.Kind;
import io.metcd.mesh.Priority;
import io.metcd.simulator.lab.Row.Script;
import io.metcd.simulator.world.SimClock;
import io.metcd.simulator.world.Wire;
import java.util.List;

/** Rows about hosts that stand still, choke, or do not know the time. */
final class Stalls {
    private static final long SECOND = Stage.SECOND;
    private static final String[] THREE = {"a", "b", "c"};
    private static final int FLOOD_BYTES = 64 << 10;
    private static final long WIRE_BYTES_PER_SECOND = 2_000_000;
    private static final long WIRE_QUEUE_BYTES = 64 << 10;
    private static final long RATE_MILLIONTHS = 10_000;
    private static final long HOUR_MILLIS = 3_600_000;

    private Stalls() {}

    static List<Row> rows() {
        return List.of(
                new Row("stalled-reader", "E18", "a relay stands still for 10 s", Stalls::stalledReader),
                new Row("long-pause", "E19", "the leader stands still for 0.5, 2 and 10 s", Stalls::longPause),
                new Row("full-circle", "E20", "relays overload each other in a ring", Stalls::fullCircle),
                new Row("skewed-clocks", "E22", "clocks an hour off, jumping, drifting", Stalls::skewedClocks));
    }

    private static void stalledReader(Script script) {
        Layout layout = Layout.of(THREE).relays("r", "s").link("r", "s");
        Stage stage = script.stage(layout.star("r", THREE).star("s", THREE));
        stage.found();
        Site leader = stage.leader();
        Site follower = stage.follower(THREE);
        Site stalled = stage.site(leader.pathTo(follower).get(0));
        long term = stage.term();
        long begin = stage.now();
        stalled.pause();
        stage.run(10 * SECOND);
        stage.diagnosis(
                leader.tells(Kind.LINK_DOWN, stalled),
                "who is silent",
                leader.view().events());
        stage.diagnosis(!leader.pathTo(follower).contains(stalled.name()), "the other way", leader.why(follower));
        stalled.resume();
        stage.run(5 * SECOND);

        script.figures().atMost("elections", 0, stage.term() - term);
        script.figures().atMost("failed", 0, stage.attempts().failedSince(begin));
        script.figures().say("slowest_ms", stage.attempts().slowestMillisSince(begin));
        stage.diagnosis(
                stalled.tells(Kind.OWN_STALL), "its own stall", stalled.view().events());
        stage.diagnosis(stage.allReachAll(), "that it is back", stage.describe());
        stage.finish();
    }

    /** A client at a follower holds a lease of 5 s all the time: it may not end, whoever slept. */
    private static void longPause(Script script) {
        Stage stage = script.stage(Layout.of(THREE).full(THREE));
        stage.found();
        LeaseHolder holder = new LeaseHolder(stage, stage.follower(THREE));
        holder.start();
        stage.run(2 * SECOND);
        for (long millis : new long[] {500, 2_000, 10_000}) {
            Site leader = stage.leader();
            holder.moveTo(stage.follower(THREE));
            long term = stage.term();
            stage.run(SECOND);
            long begin = stage.now();
            leader.pause();
            stage.run(millis * Stage.MILLI);
            leader.resume();
            stage.until("service after the pause", 5_000, stage::allServe);
            stage.run(3 * SECOND);
            script.figures().say("elections_" + millis, stage.term() - term);
            if (millis == 500) {
                script.figures().atMost("elections_of_a_short_pause", 0, stage.term() - term);
            }
            stage.diagnosis(
                    leader.tells(Kind.OWN_STALL), "its own stall", leader.view().events());
            script.figures().say("slowest_ms_" + millis, stage.attempts().slowestMillisSince(begin));
        }
        script.figures().atLeast("lease_held", 1, holder.holds() ? 1 : 0);
        stage.finish();
    }

    /** Each relay sends to the one opposite as fast as its mesh takes it, over thin wires that consensus needs, too. */
    private static void fullCircle(Script script) {
        String[] relays = {"r", "s", "t", "u"};
        Layout layout = Layout.of(THREE).relays(relays).line(relays).link("u", "r");
        Stage stage = script.stage(layout.link("a", "r").link("b", "s").link("c", "t"));
        for (int i = 0; i < relays.length; i++) {
            String next = relays[(i + 1) % relays.length];
            stage.path(relays[i], next).through(new Wire(stage.queue(), WIRE_BYTES_PER_SECOND, WIRE_QUEUE_BYTES));
            stage.path(next, relays[i]).through(new Wire(stage.queue(), WIRE_BYTES_PER_SECOND, WIRE_QUEUE_BYTES));
        }
        stage.found();
        long[] arrived = new long[1];
        stage.sites(relays)
                .forEach(site -> site.life().mesh().channel("flood").onMessage((from, payload) -> arrived[0]++));
        long term = stage.term();
        long begin = stage.now();
        while (stage.now() < begin + 10 * SECOND) {
            for (int i = 0; i < relays.length; i++) {
                flood(stage.site(relays[i]), stage.site(relays[(i + 2) % relays.length]));
            }
            stage.run(10 * Stage.MILLI);
        }
        long queued = stage.queuedBytes();
        script.figures().atMost("elections", 0, stage.term() - term);
        script.figures().atMost("failed", 0, stage.attempts().failedSince(begin));
        script.figures().say("slowest_ms", stage.attempts().slowestMillisSince(begin));
        script.figures().atLeast("datagrams_arrived", 100, arrived[0]);
        stage.diagnosis(queued > FLOOD_BYTES, "queues that are long", queued);
        script.figures().say("queues_empty_ms", stage.until("empty queues", 10_000, () -> stage.queuedBytes() == 0));
        stage.finish();
    }

    private static void flood(Site from, Site to) {
        Channel channel = from.life().mesh().channel("flood");
        Bytes payload = Bytes.wrap(new byte[FLOOD_BYTES]);
        for (Priority priority : List.of(Priority.DATA, Priority.BULK)) {
            for (int i = 0; i < 4; i++) {
                channel.send(to.id(), priority, payload, Channel.NEVER_SUPERSEDED);
            }
        }
    }

    private static void skewedClocks(Script script) {
        long wall = SimClock.Skew.NONE.wallOriginMillis();
        Layout layout = Layout.of(THREE).full(THREE);
        layout = layout.skewed("a", new SimClock.Skew(1L << 40, RATE_MILLIONTHS, wall + HOUR_MILLIS));
        layout = layout.skewed("b", new SimClock.Skew(7, -RATE_MILLIONTHS, wall - HOUR_MILLIS));
        Stage stage = script.stage(layout);
        stage.found();
        LeaseHolder holder = new LeaseHolder(stage, stage.follower(THREE));
        holder.start();
        long term = stage.term();
        long begin = stage.now();
        for (int i = 0; i < 10; i++) {
            Site one = stage.site(THREE[i % THREE.length]);
            one.life().process().jumpWall(i % 2 == 0 ? HOUR_MILLIS : -2 * HOUR_MILLIS);
            stage.run(3 * SECOND);
        }
        script.figures().atMost("elections", 0, stage.term() - term);
        script.figures().atMost("failed", 0, stage.attempts().failedSince(begin));
        script.figures().atLeast("lease_held", 1, holder.holds() ? 1 : 0);
        for (Site one : stage.members()) {
            script.figures()
                    .atMost(
                            "links_lost_" + one.name(),
                            0,
                            one.heard(Kind.LINK_DOWN, begin).size());
            boolean direct = stage.members().stream()
                    .allMatch(other -> one == other || one.pathTo(other).size() == 1);
            stage.diagnosis(direct, "direct ways", one.view().peers());
        }
        stage.finish();
    }
}
