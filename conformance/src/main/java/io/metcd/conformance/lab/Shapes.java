package io.metcd.conformance.lab;

import io.metcd.conformance.client.KvClient;
import io.metcd.conformance.torture.Durations;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;

/** Scenarios of voters alone, whose links fail. */
final class Shapes {
    /** Both ends of a dead link know it, and traffic takes another way. */
    private static final Duration REROUTED = Duration.ofMillis(2_500);

    private static final Duration UNREACHABLE = Duration.ofMillis(1_500);
    private static final Duration FIRST_WRITE = Duration.ofSeconds(3);
    private static final Duration HEALED = Duration.ofSeconds(5);
    /** Several times what it takes to stand for election. */
    private static final Duration CALM = Duration.ofSeconds(4);

    private static final Duration PATIENCE = Duration.ofSeconds(1);
    private static final int PUTS = 200;

    private Shapes() {}

    static List<Row> rows() {
        return List.of(
                Row.of("line-of-five", "E1", Shape.of("a b c d e", "", "a-b b-c c-d d-e"), Shapes::lineOfFive),
                Row.of("ring-of-six", "E3", Shape.of("a b c d e f", "", "a-b b-c c-d d-e e-f f-a"), Shapes::ringOfSix),
                Row.of(
                        "through-one",
                        "E9",
                        Shape.of("a b c d e", "", "a-b a-c a-d a-e b-c b-d b-e c-d c-e d-e"),
                        Shapes::throughOne),
                Row.of("switch-failure", "E10", Shape.of("a b c", "", "a-b b-c a-c"), Shapes::switchFailure));
    }

    private static void lineOfFive(Stage stage) {
        stage.form();
        stage.must(
                stage.sight().path("a", "e").equals(List.of("b", "c", "d", "e")), "a reaches e through all the others");
        for (String voter : List.of("a", "c", "e")) {
            stage.fact("puts through " + voter + ": " + sequentialPuts(stage, voter));
        }
        stage.calm(CALM);
        stage.noWriteFailed(stage.voters());
        stage.sight().tells("a", "why e", "e is reached via b, c, d");
        stage.sight().tells("e", "status", "serves");
    }

    private static void ringOfSix(Stage stage) {
        stage.form();
        long cut = System.nanoTime();
        stage.hosts().cut("a", "b");
        stage.within(
                "a reaches b the long way",
                cut,
                REROUTED,
                () -> stage.sight().path("a", "b").equals(List.of("f", "e", "d", "c", "b")));
        stage.calm(CALM);
        stage.noWriteFailed(stage.voters());

        long second = System.nanoTime();
        stage.hosts().cut("c", "d");
        stage.within("d misses c", second, UNREACHABLE, () -> stage.sight().misses("d", "c"));
        stage.within("four of six go on", second, FIRST_WRITE, () -> stage.puts("d", PATIENCE));
        stage.must(!stage.puts("b", PATIENCE), "two of six acknowledge nothing");
        stage.sight().tells("b", "why d", "d is unreachable");
        stage.sight().tells("b", "status", "does not serve");

        long heal = System.nanoTime();
        stage.hosts().heal();
        stage.within("healed, b goes on", heal, HEALED, () -> stage.puts("b", PATIENCE));
        stage.within("and a is linked to b", heal, HEALED, () -> stage.sight().linked("a", "b"));
    }

    private static void throughOne(Stage stage) {
        stage.form();
        List<String> outer = stage.without("c");
        long cut = System.nanoTime();
        forEachPair(outer, stage.hosts()::cut);
        forEachPair(
                outer,
                (one, other) -> stage.within(
                        one + " reaches " + other + " through c",
                        cut,
                        REROUTED,
                        () -> stage.sight().path(one, other).equals(List.of("c", other))));
        stage.calm(CALM);
        stage.noWriteFailed(stage.voters());
        stage.sight().tells("a", "why e", "e is reached via c", "link down");

        long heal = System.nanoTime();
        stage.hosts().heal();
        forEachPair(
                outer,
                (one, other) -> stage.within(
                        one + " and " + other + " healed",
                        heal,
                        HEALED,
                        () -> stage.sight().path(one, other).equals(List.of(other))));
    }

    /** Two ends of a wire. */
    private interface Pair {
        void take(String one, String other);
    }

    private static void forEachPair(List<String> names, Pair pair) {
        for (String one : names) {
            names.subList(names.indexOf(one) + 1, names.size()).forEach(other -> pair.take(one, other));
        }
    }

    private static void switchFailure(Stage stage) {
        stage.form();
        String leader = stage.sight().leader("a");
        String follower = stage.without(leader).get(0);
        String third = stage.without(leader, follower).get(0);
        long cut = System.nanoTime();
        stage.hosts().cut(leader, follower);
        stage.within(
                "the follower reaches its leader through the third",
                cut,
                REROUTED,
                () -> stage.sight().path(follower, leader).equals(List.of(third, leader)));
        stage.within(
                "and the leader it",
                cut,
                REROUTED,
                () -> stage.sight().path(leader, follower).equals(List.of(third, follower)));
        stage.calm(CALM);
        stage.voters().forEach(voter -> stage.must(stage.puts(voter, PATIENCE), voter + " serves"));
        stage.noWriteFailed(stage.voters());
        stage.sight().tells(follower, "why " + leader, leader + " is reached via " + third, "link down");
        stage.sight().tells(follower, "status", "leaderName  " + leader, "serves");

        long heal = System.nanoTime();
        stage.hosts().heal();
        stage.within(
                "healed",
                heal,
                HEALED,
                () -> stage.sight().path(follower, leader).equals(List.of(leader)));
    }

    /** How long puts take, one after the other. */
    static Durations sequentialPuts(Stage stage, String voter) {
        Durations durations = new Durations();
        try (KvClient client = KvClient.open(stage.endpoint(voter), HEALED)) {
            for (int i = 0; i < PUTS; i++) {
                long start = System.nanoTime();
                client.put("measured/" + voter, "put " + i);
                durations.add(Stage.since(start));
            }
            return durations;
        } catch (IOException e) {
            throw new UncheckedIOException("a put through " + voter + " failed", e);
        }
    }
}
