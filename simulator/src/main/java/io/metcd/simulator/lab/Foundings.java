package io.metcd.simulator.lab;

import io.metcd.base.Invariants;
import io.metcd.node.ReplicaStatus.Phase;
import io.metcd.simulator.founding.FoundingRun;
import io.metcd.simulator.lab.Row.Script;
import io.metcd.simulator.world.SimNetwork.Death;
import java.util.List;
import java.util.Optional;

/** Rows about how a cluster begins, and what must not begin. */
final class Foundings {
    private static final long SECOND = Stage.SECOND;
    private static final String[] THREE = {"a", "b", "c"};
    private static final String[] LATER = {"x", "y", "z"};
    private static final int RACES = 30;
    private static final long MET_MILLIS = 2_000;
    private static final long FOUNDED_MILLIS = 3_000;

    private Foundings() {}

    static List<Row> rows() {
        return List.of(
                new Row("founding-race", "E24", "founders meet in halves, crash, forget", Foundings::race),
                new Row("same-name", "E24", "two peers claim one name", Foundings::sameName),
                new Row("slow-founding", "E24", "fewer peers than named slots", Foundings::slow),
                new Row("two-clusters-meet", "E25", "two founded clusters of one name meet", Foundings::meet));
    }

    private static void race(Script script) {
        long founded = 0;
        for (long race = script.seed() * RACES; race < (script.seed() + 1) * RACES; race++) {
            FoundingRun.Result result = FoundingRun.run(race, Optional.empty());
            String failure = result.violation().orElse("");
            Invariants.check(failure.isEmpty(), "founding %s: %s", race, failure);
            Invariants.check(!result.split(), "founding %s: two clusters", race);
            founded += result.outcome().isPresent() ? 1 : 0;
        }
        script.figures().say("races", RACES);
        script.figures().say("at_rest", founded);
    }

    private static void sameName(Script script) {
        Layout layout = Layout.of(THREE).members("x").full("a", "b", "c", "x");
        Stage stage = script.stage(layout.claiming("x", "b").founding("x", THREE));
        stage.open();
        stage.run(10 * SECOND);
        long bound = stage.members().stream()
                .filter(site -> site.status().phase() == Phase.RUNNING)
                .count();
        script.figures().atMost("founded", 0, bound);
        for (Site claimant : stage.sites("b", "x")) {
            boolean told = claimant.view().conflicts().stream()
                    .anyMatch(conflict -> conflict.name().equals("b"));
            stage.diagnosis(told, "both claimants", claimant.view().conflicts());
            String waits = claimant.status().waitsFor();
            stage.diagnosis(waits.contains("b"), "the name in question", waits);
        }
        stage.site("x").kill(Death.PROCESS);
        long founded = stage.until("founding by those left", 30_000, stage::allServe);
        script.figures().say("founded_ms", founded);
        stage.load();
        stage.run(3 * SECOND);
        stage.finish();
    }

    private static void slow(Script script) {
        Stage stage = script.stage(Layout.of(THREE).full(THREE)).later("c");
        stage.open();
        stage.load();
        stage.run(20 * SECOND);
        script.figures().atMost("served", 0, stage.attempts().answeredSince(0));
        for (Site site : stage.members()) {
            String waits = site.status().waitsFor();
            stage.diagnosis(
                    waits.contains("c") && site.status().phase() == Phase.FOUNDING, "whom they wait for", waits);
        }
        stage.site("c").start();
        script.figures().atMost("founded_ms", FOUNDED_MILLIS, stage.until("founding", 30_000, stage::allServe));
        stage.untilServed(10_000, stage.sites("a", "b").toArray(Site[]::new));
        stage.finish();
    }

    private static void meet(Script script) {
        Layout layout = Layout.of(THREE).members(LATER).full("a", "b", "c", "x", "y", "z");
        Stage stage = script.stage(layout);
        stage.split(List.of(THREE), List.of(LATER));
        stage.found();
        stage.run(2 * SECOND);
        stage.heal();
        stage.until(
                "contact",
                10_000,
                () -> stage.members().stream()
                        .allMatch(one -> one.view().peers().size() == THREE.length + LATER.length));
        script.figures()
                .atMost(
                        "both_say_so_ms",
                        MET_MILLIS,
                        stage.until(
                                "word of the other",
                                10_000,
                                () -> stage.members().stream()
                                        .allMatch(site -> site.status().alarms().stream()
                                                .anyMatch(text -> text.contains("another cluster of the name")))));
        stage.run(2 * SECOND);
        long settled = stage.now();
        stage.run(5 * SECOND);
        long first = writes(stage, settled, THREE);
        long second = writes(stage, settled, LATER);
        script.figures().atLeast("earlier_writes", 20, Math.max(first, second));
        script.figures().atMost("later_writes", 0, Math.min(first, second));
        stage.diagnosis(
                stage.sites(first == 0 ? THREE : LATER).stream()
                        .allMatch(site ->
                                site.status().alarms().stream().anyMatch(text -> text.contains("takes no writes"))),
                "which one yields",
                stage.members().stream().map(site -> site.status().alarms()).toList());
        long clusters = stage.members().stream()
                .map(site -> site.status().clusterId())
                .distinct()
                .count();
        script.figures().atLeast("clusters", 2, clusters);
        stage.finish();
    }

    private static long writes(Stage stage, long since, String... sites) {
        return stage.attempts()
                .since(since, sites)
                .filter(each -> each.write() && each.answered())
                .count();
    }
}
