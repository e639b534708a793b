package io.metcd.simulator.lab;

import io.metcd.mesh.MeshEvent.Kind;
import io.metcd.node.ReplicaConfig;
import io.metcd.simulator.lab.Row.Script;
import java.util.List;

/** Rows in which each voter sees some of the others only, with relaying and without. */
final class Quorums {
    private static final long SECOND = Stage.SECOND;
    private static final long PROGRESS_MILLIS = 4 * ReplicaConfig.Timing.LAN.electionNanos() / Stage.MILLI;
    private static final String[] ALL = {"a", "b", "c", "d", "e"};

    private Quorums() {}

    static List<Row> rows() {
        return List.of(
                new Row("split-quorum", "E11", "only c still sees a majority", Quorums::splitQuorum),
                new Row("stale-connected", "E11", "only c sees a majority, and lacks the log", Quorums::staleConnected),
                new Row("chained", "E11", "the leader and a follower see a third, not each other", Quorums::chained));
    }

    /** The rim keeps its links to the hub, and no other. */
    private static void onlyThrough(Stage stage, String hub, List<String> rim) {
        for (String one : rim) {
            for (String other : rim) {
                if (!one.equals(other) && !one.equals(hub)) {
                    stage.cut(one, other);
                }
            }
        }
    }

    /** Somebody other than the hub leads before, and nobody carries frames: so the leader must lose its place. */
    private static void splitQuorum(Script script) {
        for (boolean relaying : new boolean[] {true, false}) {
            Layout layout = Layout.of(ALL).full(ALL);
            Stage stage = script.stage(relaying ? layout : layout.withoutRelaying());
            stage.found();
            Site leader = stage.leader();
            String hub = stage.follower(ALL).name();
            List<String> rim =
                    List.of(ALL).stream().filter(name -> !name.equals(hub)).toList();
            long term = stage.term();
            onlyThrough(stage, hub, rim);
            String suffix = relaying ? "" : "_without_relays";
            long progress = stage.untilServed(4 * PROGRESS_MILLIS, stage.site(hub));
            script.figures().atMost("progress_ms" + suffix, PROGRESS_MILLIS, progress);
            stage.run(10 * SECOND);
            script.figures().say("elections" + suffix, stage.term() - term);
            Site far = stage.sites(rim.toArray(String[]::new)).stream()
                    .filter(site -> site != leader)
                    .findFirst()
                    .orElseThrow();
            String why = far.why(leader);
            stage.diagnosis(
                    far.tells(Kind.LINK_DOWN, leader), "the cut", far.view().events());
            stage.diagnosis(
                    relaying ? why.contains("is reached via " + hub) : why.contains("does not relay"), "the hub", why);
            stage.finish();
        }
    }

    /** The hub has missed what was written, and then the leader goes: only another can lead, and only over the hub. */
    private static void staleConnected(Script script) {
        Stage stage = script.stage(Layout.of(ALL).full(ALL));
        stage.found();
        Site leader = stage.leader();
        String hub = stage.follower(ALL).name();
        List<String> rim = List.of(ALL).stream()
                .filter(name -> !name.equals(hub) && !name.equals(leader.name()))
                .toList();
        rim.forEach(other -> stage.cut(hub, other));
        stage.cut(hub, leader.name());
        stage.run(3 * SECOND);
        script.figures()
                .atLeast(
                        "lag_entries",
                        10,
                        leader.status().commit() - stage.site(hub).status().applied());

        stage.split(List.of(leader.name()), rim);
        onlyThrough(stage, hub, rim);
        rim.forEach(other -> stage.heal(hub, other));
        long progress = stage.untilServed(
                4 * PROGRESS_MILLIS, stage.sites(rim.toArray(String[]::new)).toArray(Site[]::new));
        script.figures().atMost("progress_ms", PROGRESS_MILLIS, progress);
        Site one = stage.site(rim.get(0));
        Site other = stage.site(rim.get(1));
        stage.diagnosis(one.why(leader).contains("is unreachable"), "the lost leader", one.why(leader));
        stage.diagnosis(one.why(other).contains("is reached via " + hub), "the way", one.why(other));
        stage.run(5 * SECOND);
        stage.finish();
    }

    private static void chained(Script script) {
        for (boolean relaying : new boolean[] {true, false}) {
            Layout layout = Layout.of("a", "b", "c").full("a", "b", "c");
            Stage stage = script.stage(relaying ? layout : layout.withoutRelaying());
            stage.found();
            Site leader = stage.leader();
            Site lost = stage.follower("a", "b", "c");
            Site middle = stage.members().stream()
                    .filter(site -> site != leader && site != lost)
                    .findFirst()
                    .orElseThrow();
            long term = stage.term();
            stage.cut(leader.name(), lost.name());
            String suffix = relaying ? "" : "_without_relays";
            long progress = stage.untilServed(4 * PROGRESS_MILLIS, leader, middle);
            script.figures().atMost("progress_ms" + suffix, PROGRESS_MILLIS, progress);
            stage.run(20 * SECOND);
            script.figures().atMost("elections" + suffix, 0, stage.term() - term);
            stage.diagnosis(
                    lost.tells(Kind.LINK_DOWN, leader), "the cut", lost.view().events());
            stage.diagnosis(lost.status().hasLeader() == relaying, "whether the follower has a leader", lost.status());
            stage.finish();
        }
    }
}
