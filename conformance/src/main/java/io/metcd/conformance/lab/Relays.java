package io.metcd.conformance.lab;

import io.metcd.conformance.ClientTable;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Scenarios of voters that need relays to meet, whose relays die, stop, and come back. */
final class Relays {
    private static final Duration UNREACHABLE = Duration.ofMillis(1_500);
    private static final Duration FIRST_WRITE = Duration.ofSeconds(3);
    private static final Duration HEALED = Duration.ofSeconds(5);
    private static final Duration CALM = Duration.ofSeconds(4);
    private static final Duration STALL = Duration.ofSeconds(10);
    private static final Duration PATIENCE = Duration.ofSeconds(1);
    private static final int RETURNS = 10;
    /** What may wait at one member while a relay takes nothing: far less than its links may hold together. */
    private static final long WAITING_BYTES_MAX = 4 << 20;

    private static final String TWO_CLOUDS = "a-b a>r1 a>r2 b>r1 b>r2 c>r1 c>r2";

    private Relays() {}

    static List<Row> rows() {
        return List.of(
                Row.of("star-bare-hub", "E2", Shape.of("a b c", "hub", "a>hub b>hub c>hub"), Relays::starBareHub),
                Row.of("cloud-cut", "E4", Shape.of("a b c", "r", "a-b a>r b>r c>r"), Relays::cloudCut),
                Row.of("two-relays", "E5", Shape.of("a b c", "r1 r2", TWO_CLOUDS), Relays::twoRelays),
                Row.of("stalled-reader", "E18", Shape.of("a b c", "r1 r2", TWO_CLOUDS), Relays::stalledReader),
                new Row(
                        "all-outbound",
                        "E27",
                        Shape.of("a b c", "r1 r2", "a>r1 a>r2 b>r1 b>r2 c>r1 c>r2"),
                        Ground.homes(),
                        Relays::allOutbound));
    }

    private static void starBareHub(Stage stage) {
        stage.form();
        long killed = System.nanoTime();
        stage.process("hub").kill();
        for (String voter : stage.voters()) {
            for (String other : stage.without(voter)) {
                stage.within(
                        voter + " misses " + other,
                        killed,
                        UNREACHABLE,
                        () -> stage.sight().misses(voter, other));
            }
        }
        stage.must(!stage.puts("a", PATIENCE), "nothing is acknowledged without the hub");
        stage.sight().tells("a", "why b", "b is unreachable");
        stage.sight().tells("a", "why hub", "hub is unreachable", "link down");
        stage.sight().tells("a", "status", "does not serve");

        stage.returns("hub");
        long back = System.nanoTime();
        for (String voter : stage.voters()) {
            stage.within(voter + " serves again", back, HEALED, () -> stage.puts(voter, PATIENCE));
        }
    }

    private static void cloudCut(Stage stage) {
        stage.form();
        Duration longestGap = Duration.ZERO;
        Duration longestHeal = Duration.ZERO;
        List<String> before = new ArrayList<>(stage.facts());
        for (int i = 0; i < RETURNS; i++) {
            long killed = System.nanoTime();
            stage.process("r").kill();
            stage.within("the larger side serves", killed, FIRST_WRITE, () -> stage.puts("a", PATIENCE));
            longestGap = longer(longestGap, killed);
            stage.must(!stage.puts("c", PATIENCE), "the smaller side acknowledges nothing");
            if (i == 0) {
                stage.sight().tells("a", "why c", "c is unreachable");
                stage.sight().tells("c", "status", "does not serve");
                stage.sight().tells("c", "links", "no link to");
            }
            stage.returns("r");
            long back = System.nanoTime();
            stage.within("the smaller side serves again", back, HEALED, () -> stage.puts("c", PATIENCE));
            longestHeal = longer(longestHeal, back);
        }
        stage.onlyFacts(before);
        stage.fact(RETURNS + " times: the larger side serves after " + longestGap.toMillis() + " ms at most (limit "
                + FIRST_WRITE.toMillis() + "), the smaller refuses, and serves " + longestHeal.toMillis()
                + " ms at most after the relay's return (limit " + HEALED.toMillis() + "); elections="
                + stage.elections());
    }

    private static Duration longer(Duration longest, long since) {
        Duration took = Stage.since(since);
        return took.compareTo(longest) > 0 ? took : longest;
    }

    private static void twoRelays(Stage stage) {
        stage.form();
        String active = awaitBoth(stage);
        String other = active.equals("r1") ? "r2" : "r1";
        stage.mark();
        long killed = System.nanoTime();
        stage.process(active).kill();
        for (String voter : stage.voters()) {
            stage.within(
                    voter + " misses the active relay",
                    killed,
                    UNREACHABLE,
                    () -> stage.sight().misses(voter, active));
        }
        stage.calm(CALM);
        stage.noWriteFailed(stage.voters());
        stage.sight().tells("c", "why a", "a is reached via " + other);
        stage.sight().tells("c", "why " + active, active + " is unreachable", "link down");

        stage.returns(active);
        long back = System.nanoTime();
        stage.within(
                "the relay is there again", back, HEALED, () -> stage.sight().linked("c", active));
    }

    /** Waits until the far voter can go both ways; returns the relay that it goes by to whom it needs most. */
    private static String awaitBoth(Stage stage) {
        long start = System.nanoTime();
        for (String voter : stage.voters()) {
            stage.within(
                    voter + " is linked to both relays",
                    start,
                    HEALED,
                    () -> stage.sight().linked(voter, "r1") && stage.sight().linked(voter, "r2"));
        }
        String leader = stage.sight().leader("c");
        return stage.sight().path("c", leader.equals("c") ? "a" : leader).get(0);
    }

    private static void stalledReader(Stage stage) {
        stage.form();
        String active = awaitBoth(stage);
        stage.mark();
        long stopped = System.nanoTime();
        stage.process(active).freeze();
        try {
            stage.within(
                    "c misses the relay that reads nothing",
                    stopped,
                    UNREACHABLE,
                    () -> stage.sight().misses("c", active));
            long waiting = stage.voters().stream()
                    .mapToLong(stage.sight()::queuedBytes)
                    .max()
                    .orElse(0);
            stage.must(waiting <= WAITING_BYTES_MAX, "bytes that wait at a member=" + waiting);
            stage.sight().tells("c", "why " + active, active + " is unreachable");
            stage.calm(STALL.minus(Stage.since(stopped)));
        } finally {
            stage.process(active).thaw();
        }
        stage.noWriteFailed(stage.voters());
        long back = System.nanoTime();
        stage.within(
                "the relay is there again", back, HEALED, () -> stage.sight().linked("c", active));
        stage.calm(CALM);
    }

    private static void allOutbound(Stage stage) {
        isHome(stage, "a", "b");
        stage.found("r2");
        for (String voter : stage.voters()) {
            stage.must(
                    !stage.hosts().reaches("r1", Ground.Homes.outside(stage.hosts(), voter)), "nobody calls " + voter);
            stage.must(
                    stage.sight().links(voter, "r1").stream().allMatch(link -> link.truth("dialled")),
                    voter + " dials the relay");
        }
        stage.fact("etcdctl's whole table holds, " + ClientTable.rowsThrough(stage::endpoint) + " rows by each member");
        stage.fact("puts through a: " + Shapes.sequentialPuts(stage, "a") + ", round trip to b "
                + stage.sight().roundTripMillis("a", "b") + " ms");
        stage.sight().tells("a", "why b", "b is reached via r1");

        stage.write();
        stage.returns("r2");
        awaitBoth(stage);
        stage.mark();
        long killed = System.nanoTime();
        stage.process("r1").kill();
        stage.within(
                "a reaches b by the other relay",
                killed,
                UNREACHABLE,
                () -> stage.sight().path("a", "b").equals(List.of("r2", "b")));
        stage.calm(CALM);
        stage.noWriteFailed(stage.voters());
        stage.sight().tells("a", "why r1", "r1 is unreachable", "link down");
        stage.returns("r1");
    }

    /** The boxes let calls out and none in; the relay's host answers them, so it is not for want of a way. */
    private static void isHome(Stage stage, String one, String other) {
        String world = stage.hosts().address("r1", "net");
        stage.must(stage.hosts().reaches(one, world), one + " can call the relay");
        stage.must(
                !stage.hosts().reaches(one, Ground.Homes.outside(stage.hosts(), other)), one + " cannot call " + other);
        stage.must(
                !stage.hosts().reaches("r1", Ground.Homes.outside(stage.hosts(), one)), "the relay cannot call " + one);
    }
}
