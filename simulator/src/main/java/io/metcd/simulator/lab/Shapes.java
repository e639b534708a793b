package io.metcd.simulator.lab;

import io.metcd.mesh.MeshEvent.Kind;
import io.metcd.simulator.lab.Row.Script;
import io.metcd.simulator.world.SimNetwork.Death;
import java.util.List;

/** Rows about who can reach whom. */
final class Shapes {
    private static final long SECOND = Stage.SECOND;
    /** By when a lost link is known at its ends, and a lost peer everywhere. */
    private static final long LINK_DOWN_MILLIS = 1_000;

    private static final long UNREACHABLE_MILLIS = 1_500;
    private static final long HEAL_MILLIS = 5_000;
    private static final long SLOWEST_MILLIS = 1_000;

    private Shapes() {}

    static List<Row> rows() {
        return List.of(
                new Row("line-of-five", "E1", "five voters in a line", Shapes::lineOfFive),
                new Row("star-bare-hub", "E2", "the hub does not vote, dies, and comes back", Shapes::starBareHub),
                new Row("ring-of-six", "E3", "one link of a ring is cut, then a second", Shapes::ringOfSix),
                new Row("one-way-dial", "E7", "a firewall lets only others dial b", Shapes::oneWayDial),
                new Row("through-one", "E9", "every pair is cut except through c", Shapes::throughOne),
                new Row(
                        "switch-failure",
                        "E10",
                        "the link from the leader to one follower is cut",
                        Shapes::switchFailure),
                new Row("all-outbound", "E27", "every voter only dials, to two relays", Shapes::allOutbound));
    }

    private static void lineOfFive(Script script) {
        Stage stage = script.stage(Layout.of("a", "b", "c", "d", "e").line("a", "b", "c", "d", "e"));
        stage.found();
        long begin = stage.now();
        long term = stage.term();
        stage.run(20 * SECOND);

        script.figures().atMost("failed", 0, stage.attempts().failedSince(begin));
        script.figures().atMost("elections", 0, stage.term() - term);
        script.figures().atMost("slowest_ms", SLOWEST_MILLIS, stage.attempts().slowestMillisSince(begin));
        Site a = stage.site("a");
        String why = a.why(stage.site("e"));
        stage.diagnosis(why.contains("is reached via b, c, d"), "the way from end to end", why);
        stage.finish();
    }

    private static void starBareHub(Script script) {
        Stage stage = script.stage(Layout.of("a", "b", "c", "d").relays("hub").star("hub", "a", "b", "c", "d"));
        stage.found();
        Site hub = stage.site("hub");
        long killed = stage.now();
        hub.kill(Death.MACHINE);
        List<Site> rest = stage.members();

        long linkDown = stage.until(
                "lost link at every end",
                2 * LINK_DOWN_MILLIS,
                () -> rest.stream()
                        .allMatch(site -> !site.heard(Kind.LINK_DOWN, killed).isEmpty()));
        script.figures().atMost("link_down_ms", LINK_DOWN_MILLIS, linkDown);
        long unreachable = linkDown
                + stage.until(
                        "word of the loss",
                        2 * UNREACHABLE_MILLIS,
                        () -> rest.stream()
                                .noneMatch(
                                        site -> rest.stream().anyMatch(other -> site != other && site.reaches(other))));
        script.figures().atMost("unreachable_ms", UNREACHABLE_MILLIS, unreachable);
        stage.run(5 * SECOND);
        Site a = stage.site("a");
        stage.diagnosis(a.tells(Kind.LINK_DOWN, hub), "the lost link", a.view().events());
        String why = a.why(stage.site("b"));
        stage.diagnosis(why.contains("is unreachable") && why.contains("hub"), "whom it is for", why);
        stage.diagnosis(!a.status().hasLeader(), "that nobody leads", a.status());

        hub.start();
        long back = stage.now();
        script.figures().atMost("reached_ms", HEAL_MILLIS, stage.until("ways", 2 * HEAL_MILLIS, stage::allReachAll));
        stage.untilServed(2 * HEAL_MILLIS, rest.toArray(Site[]::new));
        script.figures().atMost("served_ms", HEAL_MILLIS, (stage.now() - back) / Stage.MILLI);
        stage.finish();
    }

    private static void ringOfSix(Script script) {
        String[] all = {"a", "b", "c", "d", "e", "f"};
        Stage stage = script.stage(Layout.of(all).line(all).link("f", "a"));
        stage.found();
        long begin = stage.now();
        long term = stage.term();
        stage.cut("a", "f");
        stage.run(10 * SECOND);
        script.figures().atMost("elections_of_one_cut", 0, stage.term() - term);
        script.figures().atMost("failed_of_one_cut", 0, stage.attempts().failedSince(begin));
        Site a = stage.site("a");
        Site f = stage.site("f");
        stage.diagnosis(a.tells(Kind.LINK_DOWN, f), "the first cut", a.view().events());
        stage.diagnosis(a.why(f).contains("is reached via b, c, d, e"), "the long way", a.why(f));

        long second = stage.now();
        stage.cut("d", "e");
        stage.untilServed(2 * HEAL_MILLIS, stage.sites("a", "b", "c", "d").toArray(Site[]::new));
        script.figures().atMost("majority_ms", HEAL_MILLIS, (stage.now() - second) / Stage.MILLI);
        stage.run(5 * SECOND);
        long settled = stage.now();
        stage.run(5 * SECOND);
        script.figures().atMost("minority_answers", 0, stage.attempts().answeredSince(settled, "e", "f"));
        script.figures().atMost("majority_failed", 0, stage.attempts().failedSince(settled, "a", "b", "c", "d"));
        stage.diagnosis(a.why(f).contains("is unreachable"), "that f is cut off", a.why(f));
        stage.diagnosis(!f.status().hasLeader(), "that the smaller side has no leader", f.status());
        stage.finish();
    }

    private static void oneWayDial(Script script) {
        Stage stage = script.stage(Layout.of("a", "b", "c").dial("a", "b").dial("c", "b"));
        stage.found();
        long begin = stage.now();
        long term = stage.term();
        stage.run(10 * SECOND);

        script.figures().atMost("failed", 0, stage.attempts().failedSince(begin));
        script.figures().atMost("elections", 0, stage.term() - term);
        Site a = stage.site("a");
        Site b = stage.site("b");
        script.figures().atMost("links", 2, b.view().links().size());
        stage.diagnosis(
                b.view().links().stream().noneMatch(link -> link.dialled()),
                "who dialled",
                b.view().links());
        stage.diagnosis(a.why(stage.site("c")).contains("is reached via b"), "the way", a.why(stage.site("c")));
        stage.finish();
    }

    private static void throughOne(Script script) {
        String[] all = {"a", "b", "c", "d", "e"};
        Stage stage = script.stage(Layout.of(all).full(all));
        stage.found();
        long term = stage.term();
        List<String> rim = List.of("a", "b", "d", "e");
        long cut = stage.now();
        rim.forEach(one -> rim.stream().filter(other -> !other.equals(one)).forEach(other -> stage.cut(one, other)));
        stage.untilServed(HEAL_MILLIS, stage.members().toArray(Site[]::new));
        stage.run(20 * SECOND);

        script.figures().atMost("elections", 0, stage.term() - term);
        script.figures().atMost("failed", 0, stage.attempts().failedSince(cut));
        script.figures().say("slowest_ms", stage.attempts().slowestMillisSince(cut));
        Site a = stage.site("a");
        stage.diagnosis(
                a.tells(Kind.LINK_DOWN, stage.site("e")), "a cut", a.view().events());
        stage.diagnosis(a.pathTo(stage.site("e")).equals(List.of("c", "e")), "the only way", a.pathTo(stage.site("e")));
        stage.finish();
    }

    private static void switchFailure(Script script) {
        Stage stage = script.stage(Layout.of("a", "b", "c").full("a", "b", "c"));
        stage.found();
        long term = stage.term();
        Site leader = stage.leader();
        Site follower = stage.follower("a", "b", "c");
        long cut = stage.now();
        stage.cut(leader.name(), follower.name());
        stage.run(20 * SECOND);

        script.figures().atMost("elections", 0, stage.term() - term);
        script.figures().atMost("failed", 0, stage.attempts().failedSince(cut));
        script.figures().say("slowest_ms", stage.attempts().slowestMillisSince(cut));
        for (Site each : stage.members()) {
            long served = stage.attempts().answeredSince(stage.now() - 5 * SECOND, each.name());
            script.figures().atLeast("served_" + each.name(), 20, served);
        }
        stage.diagnosis(
                follower.tells(Kind.LINK_DOWN, leader),
                "the cut",
                follower.view().events());
        stage.diagnosis(follower.why(leader).contains("is reached via"), "the other way", follower.why(leader));
        stage.finish();
    }

    private static void allOutbound(Script script) {
        Layout layout = Layout.of("a", "b", "c").relays("r", "s");
        for (String member : List.of("a", "b", "c")) {
            layout = layout.dial(member, "r").dial(member, "s");
        }
        Stage stage = script.stage(layout.link("r", "s"));
        stage.found();
        long begin = stage.now();
        long term = stage.term();
        stage.run(10 * SECOND);
        script.figures().say("slowest_ms", stage.attempts().slowestMillisSince(begin));
        script.figures().atMost("failed", 0, stage.attempts().failedSince(begin));
        Site a = stage.site("a");
        Site b = stage.site("b");
        List<String> way = a.pathTo(b);
        stage.diagnosis(way.size() == 2, "the relay", way);

        Site active = stage.site(way.get(0));
        long killed = stage.now();
        active.kill(Death.MACHINE);
        stage.run(10 * SECOND);
        script.figures().atMost("failed_of_death", 0, stage.attempts().failedSince(killed));
        script.figures().atMost("elections", 0, stage.term() - term);
        script.figures().say("slowest_of_death_ms", stage.attempts().slowestMillisSince(killed));
        stage.diagnosis(
                a.tells(Kind.LINK_DOWN, active), "the lost relay", a.view().events());
        stage.diagnosis(!a.pathTo(b).equals(way) && a.reaches(b), "the other relay", a.why(b));
        stage.finish();
    }
}
