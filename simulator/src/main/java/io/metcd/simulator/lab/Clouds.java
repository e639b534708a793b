package io.metcd.simulator.lab;

import io.metcd.mesh.MeshEvent.Kind;
import io.metcd.mesh.Profile;
import io.metcd.simulator.lab.Row.Script;
import io.metcd.simulator.world.Path;
import io.metcd.simulator.world.SimNetwork.Death;
import java.util.List;

/** Rows about clouds with relays between them. */
final class Clouds {
    private static final long SECOND = Stage.SECOND;
    private static final long HEAL_MILLIS = 5_000;
    private static final int DEATHS = 10;

    private Clouds() {}

    static List<Row> rows() {
        return List.of(
                new Row("cloud-cut", "E4", "two clouds, one relay, killed and restarted ten times", Clouds::cloudCut),
                new Row("two-relays", "E5", "two clouds, two relays, the active one killed", Clouds::twoRelays),
                new Row("three-clouds", "E6", "delays of 5, 80 and 150 ms", Clouds::threeClouds));
    }

    private static Layout clouds(String... relays) {
        Layout layout = Layout.of("a", "b", "c", "d", "e").relays(relays);
        layout = layout.full("a", "b", "c").link("d", "e");
        for (String relay : relays) {
            layout = layout.star(relay, "a", "b", "c", "d", "e");
        }
        return layout;
    }

    private static void cloudCut(Script script) {
        Stage stage = script.stage(clouds("r"));
        stage.found();
        Site relay = stage.site("r");
        Site[] larger = stage.sites("a", "b", "c").toArray(Site[]::new);
        Site[] all = stage.members().toArray(Site[]::new);
        long servedMost = 0;
        long rejoinedMost = 0;
        long refused = 0;
        for (int i = 0; i < DEATHS; i++) {
            relay.kill(i % 2 == 0 ? Death.MACHINE : Death.PROCESS);
            long killed = stage.now();
            stage.untilServed(2 * HEAL_MILLIS, larger);
            servedMost = Math.max(servedMost, (stage.now() - killed) / Stage.MILLI);
            stage.run(3 * SECOND);
            long settled = stage.now();
            stage.run(2 * SECOND);
            refused += stage.attempts().answeredSince(settled, "d", "e");
            Site d = stage.site("d");
            stage.diagnosis(
                    d.tells(Kind.LINK_DOWN, relay), "the lost relay", d.view().events());
            stage.diagnosis(d.why(larger[0]).contains("is unreachable"), "the lost cloud", d.why(larger[0]));
            stage.diagnosis(!d.status().hasLeader(), "that nobody leads there", d.status());
            long back = stage.now();
            relay.start();
            stage.untilServed(3 * HEAL_MILLIS, all);
            rejoinedMost = Math.max(rejoinedMost, (stage.now() - back) / Stage.MILLI);
        }
        script.figures().atMost("larger_served_ms", HEAL_MILLIS, servedMost);
        script.figures().atMost("smaller_answers", 0, refused);
        script.figures().atMost("rejoined_ms", HEAL_MILLIS, rejoinedMost);
        stage.finish();
    }

    private static void twoRelays(Script script) {
        Stage stage = script.stage(clouds("r", "s"));
        stage.found();
        Site leader = stage.leader();
        Site far = stage.site(leader.name().compareTo("d") < 0 ? "d" : "a");
        List<String> way = leader.pathTo(far);
        stage.diagnosis(way.size() == 2, "which relay is active", way);
        Site active = stage.site(way.get(0));
        long term = stage.term();
        long killed = stage.now();
        active.kill(Death.MACHINE);
        stage.run(15 * SECOND);

        script.figures().atMost("failed", 0, stage.attempts().failedSince(killed));
        script.figures().atMost("elections", 0, stage.term() - term);
        script.figures().say("slowest_ms", stage.attempts().slowestMillisSince(killed));
        stage.diagnosis(
                leader.tells(Kind.LINK_DOWN, active),
                "the lost relay",
                leader.view().events());
        stage.diagnosis(leader.reaches(far) && !leader.pathTo(far).equals(way), "the other relay", leader.why(far));
        stage.finish();
    }

    /** Between b's cloud and c's the way over a's is the shorter one, and the direct link is not to be taken. */
    private static void threeClouds(Script script) {
        Stage stage = script.stage(
                Layout.of("a", "b", "c", "d", "e").full("a", "b", "c", "d", "e").with(Profile.WAN));
        for (String near : List.of("a", "d")) {
            stage.conditions(near, "b", delay(5));
            stage.conditions(near, "e", delay(5));
            stage.conditions(near, "c", delay(80));
        }
        stage.conditions("b", "c", delay(150));
        stage.conditions("e", "c", delay(150));
        stage.found();
        stage.run(20 * SECOND);
        long begin = stage.now();
        long term = stage.term();
        stage.run(20 * SECOND);
        script.figures().atMost("failed", 0, stage.attempts().failedSince(begin));
        script.figures().atMost("elections", 0, stage.term() - term);
        Site b = stage.site("b");
        Site c = stage.site("c");
        stage.diagnosis(b.pathTo(c).size() == 2, "the shorter way", b.why(c));
        stage.diagnosis(b.pathTo(stage.site("a")).size() == 1, "the direct way", b.why(stage.site("a")));
        long roundTrip = b.view().peer(c.id()).orElseThrow().rttNanos() / Stage.MILLI;
        script.figures().atMost("round_trip_ms", 2 * (5 + 80) * 13 / 10, roundTrip);
        script.figures().say("leader", stage.leader().name());
        stage.finish();
    }

    private static Path.Conditions delay(long millis) {
        return new Path.Conditions(millis * Stage.MILLI, millis * Stage.MILLI / 20, 0, 0);
    }
}
