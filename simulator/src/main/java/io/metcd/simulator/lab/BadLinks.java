package io.metcd.simulator.lab;

import io.metcd.base.RandomSource;
import io.metcd.mesh.MeshEvent.Kind;
import io.metcd.simulator.cluster.CatchUp;
import io.metcd.simulator.lab.Row.Script;
import io.metcd.simulator.loss.LossyVoters;
import io.metcd.simulator.world.Path;
import java.util.List;

/** Rows about links that do less than they promise. */
final class BadLinks {
    private static final long SECOND = Stage.SECOND;
    private static final long DEAF_MILLIS = 2_500;
    private static final String[] FIVE = {"a", "b", "c", "d", "e"};
    private static final int BURSTS = 40;

    private BadLinks() {}

    static List<Row> rows() {
        return List.of(
                new Row("deaf-link", "E8", "all packets of one direction are lost", BadLinks::deafLink),
                new Row("loss-30", "E12", "30 % loss everywhere", BadLinks::lossThirty),
                new Row("shuffle", "E13", "packets overtake each other and come twice", BadLinks::shuffle),
                new Row("bursts", "E14", "bursts of delay, of up to 2 s", BadLinks::bursts),
                new Row("flapping-link", "E15", "one link goes up and down at 0.1, 1 and 10 Hz", BadLinks::flapping),
                new Row("small-only", "E16", "short packets pass, long ones vanish", BadLinks::smallOnly),
                new Row("narrow-link", "E17", "a large state over 1 Mbit/s", BadLinks::narrowLink));
    }

    private static void deafLink(Script script) {
        Stage stage = script.stage(Layout.of("a", "b", "c").full("a", "b", "c"));
        stage.found();
        Site leader = stage.leader();
        Site follower = stage.follower("a", "b", "c");
        long term = stage.term();
        long cut = stage.now();
        stage.path(leader.name(), follower.name()).cut();
        long down = stage.until(
                "link that is down at both ends",
                2 * DEAF_MILLIS,
                () -> !leader.heard(Kind.LINK_DOWN, cut).isEmpty()
                        && !follower.heard(Kind.LINK_DOWN, cut).isEmpty());
        script.figures().atMost("link_down_ms", DEAF_MILLIS, down);
        stage.run(10 * SECOND);

        script.figures().atMost("failed", 0, stage.attempts().failedSince(cut));
        script.figures().atMost("elections", 0, stage.term() - term);
        script.figures().say("slowest_ms", stage.attempts().slowestMillisSince(cut));
        for (Site end : List.of(leader, follower)) {
            Site other = end == leader ? follower : leader;
            stage.diagnosis(
                    end.tells(Kind.LINK_DOWN, other),
                    "the deaf link",
                    end.view().events());
            stage.diagnosis(end.why(other).contains("is reached via"), "the other way", end.why(other));
        }
        stage.finish();
    }

    /**
     * Over links that send again what was lost, as TCP does, 30 % leaves little: elections end and writes go on, no more is
     * asked; 5 % must hardly be felt. Consensus alone over packets that nobody sends again must bear 30 %.
     */
    private static void lossThirty(Script script) {
        Stage stage = script.stage(Layout.of(FIVE).full(FIVE).on(lossy(0.3)));
        stage.found();
        long begin = stage.now();
        long term = stage.term();
        for (int i = 0; i < 4; i++) {
            stage.untilServed(10_000, stage.members().toArray(Site[]::new));
            stage.run(5 * SECOND);
        }
        script.figures().say("elections", stage.term() - term);
        script.figures().say("failed", stage.attempts().failedSince(begin));
        script.figures().say("percent_within_1s", stage.attempts().percentWithinSecondSince(begin));
        Site leader = stage.leader();
        boolean slow = leader.view().links().stream()
                .anyMatch(link -> link.rttTailNanos() > 20 * Stage.MILLI || link.suspect());
        stage.diagnosis(slow, "round trips far above the line's", leader.view().links());
        stage.finish();
        lossFive(script);

        var packets = LossyVoters.run(script.seed(), 5, lossy(0.3), 30);
        script.figures().atMost("packets_p99_ms", 1_000, packets.p99Nanos() / Stage.MILLI);
        script.figures().atMost("packets_elections", 1, packets.elections());
        script.figures().say("packets_per_s", (long) packets.perSecond());
    }

    private static void lossFive(Script script) {
        Stage stage = script.stage(Layout.of(FIVE).full(FIVE).on(lossy(0.05)));
        stage.found();
        long begin = stage.now();
        long term = stage.term();
        stage.run(20 * SECOND);
        script.figures().atMost("elections_of_5", 0, stage.term() - term);
        script.figures().atMost("failed_of_5", 0, stage.attempts().failedSince(begin));
        script.figures().atLeast("percent_within_1s_of_5", 99, stage.attempts().percentWithinSecondSince(begin));
        stage.finish();
    }

    private static Path.Conditions lossy(double loss) {
        return new Path.Conditions(Stage.MILLI, Stage.MILLI, loss, 0);
    }

    /** Frames that take two ways come twice and out of order; and consensus alone over packets that do. */
    private static void shuffle(Script script) {
        Layout layout = Layout.of("a", "b", "c").relays("r", "s").link("r", "s");
        layout = layout.star("r", "a", "b", "c").star("s", "a", "b", "c");
        Stage stage = script.stage(layout.on(new Path.Conditions(Stage.MILLI, 10 * Stage.MILLI, 0, 0)));
        stage.found();
        long begin = stage.now();
        long term = stage.term();
        stage.run(20 * SECOND);
        script.figures().atMost("elections", 0, stage.term() - term);
        script.figures().atMost("failed", 0, stage.attempts().failedSince(begin));
        long twice = stage.members().stream()
                .mapToLong(site -> site.view().counters().framesDuplicate())
                .sum();
        script.figures().atLeast("frames_twice", 100, twice);
        stage.finish();

        Path.Conditions shuffled = new Path.Conditions(Stage.MILLI, 5 * Stage.MILLI, 0, 0.05);
        var packets = LossyVoters.run(script.seed(), 5, shuffled, 30);
        script.figures().atMost("packets_elections", 0, packets.elections());
        script.figures().atMost("packets_p99_ms", 1_000, packets.p99Nanos() / Stage.MILLI);
    }

    /** Now and then a path is slow for a while; how slow is Pareto's: mostly a little, at times two seconds. */
    private static void bursts(Script script) {
        Stage stage = script.stage(Layout.of(FIVE).full(FIVE));
        stage.found();
        RandomSource random = RandomSource.seeded(script.seed());
        long begin = stage.now();
        long term = stage.term();
        for (int i = 0; i < BURSTS; i++) {
            String a = FIVE[random.nextInt(FIVE.length)];
            String b = FIVE[random.nextInt(FIVE.length)];
            long millis = Math.min(2_000, 20_000 / random.between(10, 1_000));
            Path.Conditions calm = stage.path(a, b).conditions();
            stage.conditions(a, b, new Path.Conditions(millis * Stage.MILLI, millis * Stage.MILLI / 4, 0, 0));
            stage.run(random.between(200 * Stage.MILLI, 2 * SECOND));
            stage.conditions(a, b, calm);
            stage.run(random.between(0, 500 * Stage.MILLI));
        }
        script.figures().atMost("elections", 0, stage.term() - term);
        script.figures().atMost("failed", 0, stage.attempts().failedSince(begin));
        script.figures().say("slowest_ms", stage.attempts().slowestMillisSince(begin));
        stage.finish();
    }

    private static void flapping(Script script) {
        for (long halfMillis : new long[] {5_000, 500, 50}) {
            Stage stage =
                    script.stage(Layout.of("a", "b", "c").full("a", "b", "c")).at(Stage.Pace.SLOW);
            stage.found();
            long begin = stage.now();
            long first = flaps(stage, halfMillis, 60);
            long later = flaps(stage, halfMillis, 120);
            String hertz = halfMillis == 5_000 ? "0.1" : halfMillis == 500 ? "1" : "10";
            script.figures().say("changes_first_minute_" + hertz + "hz", first);
            script.figures().atMost("changes_two_minutes_" + hertz + "hz", 2, later);
            script.figures().atMost("failed", 0, stage.attempts().failedSince(begin));
            Site a = stage.site("a");
            boolean told = a.tells(Kind.LINK_DOWN, stage.site("b")) || first + later == 0;
            stage.diagnosis(told, "the link that comes and goes", a.view().events());
            stage.finish();
        }
    }

    /** Lets the link between a and b go up and down; returns how often the way from a to b changed. */
    private static long flaps(Stage stage, long halfMillis, int seconds) {
        Site a = stage.site("a");
        Site b = stage.site("b");
        long end = stage.now() + seconds * SECOND;
        long changes = 0;
        List<String> way = a.pathTo(b);
        boolean cut = false;
        while (stage.now() < end) {
            if (cut) {
                stage.heal("a", "b");
            } else {
                stage.cut("a", "b");
            }
            cut = !cut;
            for (long passed = 0; passed < halfMillis; passed += 10) {
                stage.run(10 * Stage.MILLI);
                List<String> now = a.pathTo(b);
                changes += now.equals(way) ? 0 : 1;
                way = now;
            }
        }
        return changes;
    }

    /** A member that is far behind fetches all of it over a line that needs half a minute for it, while others write. */
    private static void narrowLink(Script script) {
        long bytes = 4 << 20;
        long perSecond = 1_000_000 / 8;
        var plan = new CatchUp.Plan(3, bytes, 32 << 10, perSecond, 1 << 20, CatchUp.Mishap.NONE);
        CatchUp.Result result = CatchUp.run(script.seed(), plan);
        script.figures().atMost("elections", 0, result.elections());
        script.figures().atMost("silence_ms", 600, result.longestSilenceNanos() / Stage.MILLI);
        script.figures().atMost("write_gap_ms", 100, result.longestGapNanos() / Stage.MILLI);
        script.figures().atLeast("line_used_percent", 70, 100 * bytes / perSecond * SECOND / result.virtualNanos());
        script.figures().atLeast("equal", 1, result.equal() ? 1 : 0);
    }

    /** Between a leader and a follower; every write is longer than what passes. */
    private static void smallOnly(Script script) {
        Stage stage =
                script.stage(Layout.of("a", "b", "c").full("a", "b", "c")).at(new Stage.Pace(40 * Stage.MILLI, 2_000));
        stage.found();
        Site leader = stage.leader();
        Site follower = stage.follower("a", "b", "c");
        long term = stage.term();
        long begin = stage.now();
        stage.path(leader.name(), follower.name()).passOnly(1_000);
        stage.path(follower.name(), leader.name()).passOnly(1_000);
        stage.run(30 * SECOND);
        script.figures().atMost("elections", 0, stage.term() - term);
        script.figures().atMost("failed", 0, stage.attempts().failedSince(begin));
        script.figures().say("slowest_ms", stage.attempts().slowestMillisSince(begin));
        long settled = stage.now();
        stage.run(30 * SECOND);
        script.figures().say("settled_slowest_ms", stage.attempts().slowestMillisSince(settled));
        script.figures().say("link_lost", leader.heard(Kind.LINK_DOWN, begin).size());
        script.figures()
                .atMost("settled_lost", 1, leader.heard(Kind.LINK_DOWN, settled).size());
        stage.diagnosis(
                leader.tells(Kind.LINK_DOWN, follower),
                "the bad link",
                leader.view().events());
        stage.diagnosis(leader.pathTo(follower).size() == 2, "the other way", leader.why(follower));
        stage.finish();
    }
}
