package io.metcd.simulator.lab;

import io.metcd.mesh.MeshEvent.Kind;
import io.metcd.simulator.lab.Row.Script;
import io.metcd.store.alarm.Alarm;
import io.metcd.store.command.Command;
import java.util.List;
import java.util.stream.Stream;

/** Rows about disks that are full or slow: the mesh does not notice, and whoever can lead does. */
final class Disks {
    private static final long SECOND = Stage.SECOND;
    private static final String[] THREE = {"a", "b", "c"};
    private static final String SLOW = "the disk is slow";
    private static final int VALUE_BYTES = 16 << 10;
    private static final long STALL_NANOS = 20 * SECOND;
    /** All longer than an election time-out, and the leader's the longest. */
    private static final long SLOW_NANOS = 3 * SECOND / 2;

    private Disks() {}

    static List<Row> rows() {
        return List.of(
                new Row("full-disk", "E32", "the leader's disk is full", Disks::full),
                new Row(
                        "stalled-disk",
                        "E32",
                        "the leader's disk stands still; then all disks are slow",
                        Disks::stalled));
    }

    /** What a client sees is no room, and no loss; once there is room nobody restarts. */
    private static void full(Script script) {
        Stage stage =
                script.stage(Layout.of(THREE).full(THREE).durable()).at(new Stage.Pace(20 * Stage.MILLI, VALUE_BYTES));
        stage.found();
        Site full = stage.leader();
        long term = stage.term();
        long begin = stage.now();
        full.disk().orElseThrow().disk().fill();
        stage.until(
                "word of the full disk", 60_000, () -> stage.members().stream().allMatch(site -> tells(site, full)));
        script.figures().say("alarm_ms", (stage.now() - begin) / Stage.MILLI);
        stage.until("another leader", 10_000, () -> others(stage, full));
        script.figures().atMost("another_leads_ms", 2_000, (stage.now() - begin) / Stage.MILLI);
        stage.run(5 * SECOND);
        script.figures().atMost("elections", 1, stage.term() - term);
        script.figures().atMost("links_lost", 0, linksLost(stage, begin));
        stage.diagnosis(stage.allServe(), "that all serve reads", stage.describe());
        stage.diagnosis(tells(full, full), "whose disk is full", full.status().alarms());

        full.disk().orElseThrow().disk().makeRoom();
        stage.until("disarmed alarms", 10_000, () -> disarmed(stage));
        script.figures()
                .say(
                        "writes_again_ms",
                        stage.untilServed(10_000, stage.members().toArray(Site[]::new)));
        stage.finish();
    }

    /** The others commit without the leader; it must not stay on top of them until it has no room for what it sends. */
    private static void stalled(Script script) {
        Stage stage = script.stage(Layout.of(THREE).full(THREE).durable()).at(Stage.Pace.SLOW);
        stage.found();
        Site stalling = stage.leader();
        long term = stage.term();
        long begin = stage.now();
        stalling.slowDisk(STALL_NANOS);
        script.figures()
                .atMost(
                        "another_leads_ms",
                        3_000,
                        stage.until("another leader", 20_000, () -> others(stage, stalling)));
        stage.run(10 * SECOND);
        stage.diagnosis(
                tells(stalling, SLOW), "whose disk is slow", stalling.status().alarms());
        boolean one = stage.members().stream().allMatch(site -> site == stalling || !tells(site, SLOW));
        stage.diagnosis(one, "whose disk is not", stage.describe());
        stalling.slowDisk(0);
        stage.until("a disk that has caught up", 30_000, () -> !tells(stalling, SLOW));
        script.figures().atMost("elections", 1, stage.term() - term);
        String[] others =
                Stream.of(THREE).filter(name -> !name.equals(stalling.name())).toArray(String[]::new);
        script.figures().atMost("failed_at_others", 0, stage.attempts().failedSince(begin, others));
        script.figures().atMost("slowest_ms_at_others", 1_000, stage.attempts().slowestMillisSince(begin, others));
        stage.untilServed(10_000, stalling);
        script.figures().atMost("links_lost", 0, linksLost(stage, begin));

        long allSlow = stage.now();
        long termBefore = stage.term();
        stage.members().forEach(site -> site.slowDisk(site.leads() ? 2 * SLOW_NANOS : SLOW_NANOS));
        for (Site site : stage.members()) {
            stage.until("word of the slow disk of " + site.name(), 20_000, () -> tells(site, SLOW));
        }
        stage.run(20 * SECOND);
        script.figures().atMost("elections_all_slow", 0, stage.term() - termBefore);
        script.figures().atLeast("answers_all_slow", 20, stage.attempts().answeredSince(allSlow));
        stage.members().forEach(site -> site.slowDisk(0));
        stage.finish();
    }

    private static boolean others(Stage stage, Site than) {
        return stage.allServe() && stage.leader() != than;
    }

    private static boolean tells(Site site, String alarm) {
        return site.status().alarms().stream().anyMatch(text -> text.contains(alarm));
    }

    private static boolean tells(Site site, Site full) {
        return tells(site, "NOSPACE of member '" + full.name() + "'");
    }

    private static long linksLost(Stage stage, long since) {
        return stage.members().stream()
                .mapToLong(site -> site.heard(Kind.LINK_DOWN, since).size())
                .sum();
    }

    private static boolean disarmed(Stage stage) {
        boolean none = true;
        for (Site site : stage.members()) {
            for (Alarm alarm : site.replica().root().alarms().list()) {
                site.replica().submit(new Command.AlarmClear(alarm), SECOND, outcome -> {});
                none = false;
            }
        }
        return none;
    }
}
