package io.metcd.simulator.lab;

import io.metcd.mesh.MeshEvent.Kind;
import io.metcd.simulator.RunResult;
import io.metcd.simulator.crowd.CrowdRun;
import io.metcd.simulator.lab.Row.Script;
import io.metcd.simulator.world.Narrator;
import io.metcd.simulator.world.SimNetwork.Death;
import java.util.List;
import java.util.Optional;

/** Rows about peers that come, go, move and return. */
final class Comings {
    private static final long SECOND = Stage.SECOND;
    private static final String[] THREE = {"a", "b", "c"};
    private static final long REJOIN_MILLIS = 15_000;
    private static final long VISIBLE_MILLIS = 2_000;
    private static final long NAME_SERVER_NANOS = 2 * SECOND;
    private static final int RESTARTS = 100;
    private static final int CROWD = 50;

    private Comings() {}

    static List<Row> rows() {
        return List.of(
                new Row("new-addresses", "E21", "every address changes, one by one and all at once", Comings::moves),
                new Row("restart-storm", "E23", "one restarts a hundred times; then all at once", Comings::storm),
                new Row("same-key", "E23", "two peers run with one key", Comings::sameKey),
                new Row("crowd", "E28", "a crowd starts cold, loses 30 %, splits and heals", Comings::crowd));
    }

    /** Seeds are names, and a name server says for each where it is now; the addresses that peers tell are stale. */
    private static void moves(Script script) {
        Stage stage = script.stage(Layout.of(THREE).full(THREE).durable());
        stage.found();
        long slowest = 0;
        for (String name : THREE) {
            Site site = stage.site(name);
            site.kill(Death.MACHINE);
            move(stage, site, 1, 0);
            long back = stage.now();
            stage.until("way back of " + name, REJOIN_MILLIS, stage::allReachAll);
            stage.untilServed(REJOIN_MILLIS, site);
            slowest = Math.max(slowest, (stage.now() - back) / Stage.MILLI);
            boolean told = stage.members().stream()
                    .filter(other -> other != site)
                    .flatMap(other -> other.view().peer(site.id()).stream())
                    .allMatch(peer -> peer.addresses().equals(List.of(Stage.address(name + ".1"))));
            stage.diagnosis(told, "the new address", stage.describe());
        }
        script.figures().atMost("one_rejoins_ms", REJOIN_MILLIS, slowest);

        List<Site> all = stage.members();
        all.forEach(site -> site.kill(Death.MACHINE));
        all.forEach(site -> move(stage, site, 2, NAME_SERVER_NANOS));
        long back = stage.now();
        stage.until("ways", REJOIN_MILLIS, stage::allReachAll);
        stage.untilServed(REJOIN_MILLIS, all.toArray(Site[]::new));
        script.figures().atMost("all_rejoin_ms", REJOIN_MILLIS, (stage.now() - back) / Stage.MILLI);
        stage.finish();
    }

    /** Another address for the next life, which begins now; the name server learns of it later. */
    private static void move(Stage stage, Site site, int turn, long serverNanos) {
        String address = Stage.address(site.name() + "." + turn);
        site.moveTo(address);
        stage.outside()
                .scheduler()
                .schedule(serverNanos, () -> stage.network().name(Stage.address(site.name()), address));
        site.start();
    }

    private static void storm(Script script) {
        Stage stage = script.stage(Layout.of(THREE).full(THREE).durable());
        stage.found();
        Site b = stage.site("b");
        for (int i = 0; i < RESTARTS; i++) {
            b.kill(i % 2 == 0 ? Death.PROCESS : Death.MACHINE);
            b.start();
            stage.run((50 + i % 7 * 50) * Stage.MILLI);
        }
        script.figures()
                .atMost("visible_ms", VISIBLE_MILLIS, stage.until("the last life", 10_000, () -> seen(stage, b)));
        stage.run(5 * SECOND);
        stage.diagnosis(seen(stage, b), "the last life of b, for good", stage.describe());
        stage.untilServed(5_000, stage.members().toArray(Site[]::new));

        List<Site> all = stage.members();
        all.forEach(site -> site.kill(Death.MACHINE));
        all.forEach(Site::start);
        long back = stage.now();
        stage.untilServed(REJOIN_MILLIS, all.toArray(Site[]::new));
        script.figures().atMost("all_serve_ms", 10_000, (stage.now() - back) / Stage.MILLI);
        stage.diagnosis(all.stream().allMatch(site -> seen(stage, site)), "every last life", stage.describe());
        stage.finish();
    }

    /** Everybody reaches this site, and knows its present life. */
    private static boolean seen(Stage stage, Site site) {
        long incarnation = site.view().peer(site.id()).orElseThrow().incarnation();
        return stage.members().stream()
                .allMatch(other -> other.view()
                        .peer(site.id())
                        .filter(peer -> peer.reachable() && peer.incarnation() == incarnation)
                        .isPresent());
    }

    private static void sameKey(Script script) {
        Layout layout = Layout.of(THREE).relays("x").full("a", "b", "c", "x");
        Stage stage = script.stage(layout.durable().withKeyOf("x", "b")).later("x");
        stage.found();
        long begin = stage.now();
        stage.site("x").start();
        stage.run(5 * SECOND);
        boolean noticed = stage.living().stream()
                .anyMatch(site -> !site.heard(Kind.IDENTITY_CONFLICT, begin).isEmpty()
                        || !site.heard(Kind.GHOST_OUTRANKED, begin).isEmpty());
        stage.diagnosis(
                noticed, "two processes of one key", stage.site("a").view().events());
        script.figures()
                .say(
                        "conflicts_seen_by",
                        stage.living().stream()
                                .filter(site -> site.tells(Kind.IDENTITY_CONFLICT))
                                .count());
        stage.site("x").kill(Death.PROCESS);
        stage.until("service without the double", 10_000, () -> stage.allServe() && stage.allReachAll());
        stage.untilServed(10_000, stage.members().toArray(Site[]::new));
        stage.finish();
    }

    private static void crowd(Script script) {
        RunResult result = CrowdRun.run(script.seed(), CROWD, Narrator.SILENT);
        Optional<String> violation = result.violation();
        script.figures().say("crowd", result.options());
        script.figures().atMost("violations", 0, violation.isPresent() ? 1 : 0);
    }
}
