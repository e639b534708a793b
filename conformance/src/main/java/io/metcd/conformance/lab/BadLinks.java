package io.metcd.conformance.lab;

import java.time.Duration;
import java.util.List;

/** Scenarios of links that work badly, or one way only. */
final class BadLinks {
    private static final Duration LINK_DOWN = Duration.ofMillis(2_500);
    private static final Duration HEALED = Duration.ofSeconds(5);
    private static final Duration CALM = Duration.ofSeconds(4);

    private BadLinks() {}

    static List<Row> rows() {
        return List.of(
                Row.of("one-way-dial", "E7", Shape.of("a b", "", "a-b"), BadLinks::oneWayDial),
                Row.of("deaf-link", "E8", Shape.of("a b c", "", "a-b b-c a-c"), BadLinks::deafLink));
    }

    private static void oneWayDial(Stage stage) {
        stage.hosts().refuseDials("b", "a");
        stage.form();
        stage.must(
                stage.sight().links("a", "b").stream().allMatch(link -> link.truth("dialled")), "a has dialled b");
        stage.must(
                stage.sight().links("b", "a").stream().noneMatch(link -> link.truth("dialled")), "b has not dialled a");
        stage.sight().tells("b", "links", "no link to " + stage.hosts().address("a", "b"));
        stage.calm(CALM);
        stage.noWriteFailed(stage.voters());

        long cut = System.nanoTime();
        stage.hosts().cut("a", "b");
        stage.within("b calls its link down", cut, LINK_DOWN, () -> !stage.sight().linked("b", "a"));
        stage.sight().tells("b", "why a", "a is unreachable", "link down");
        long heal = System.nanoTime();
        stage.hosts().heal();
        stage.hosts().refuseDials("b", "a");
        stage.within("a has dialled again", heal, HEALED, () -> stage.puts("b", HEALED));
    }

    private static void deafLink(Stage stage) {
        stage.form();
        long deaf = System.nanoTime();
        stage.hosts().deafen("a", "b");
        stage.within("b calls the link down", deaf, LINK_DOWN, () -> !stage.sight().linked("b", "a"));
        stage.within("a calls the link down", deaf, LINK_DOWN, () -> !stage.sight().linked("a", "b"));
        stage.within("traffic goes by c", deaf, LINK_DOWN, () -> stage.sight()
                        .path("a", "b")
                        .equals(List.of("c", "b"))
                && stage.sight().path("b", "a").equals(List.of("c", "a")));
        stage.calm(CALM);
        stage.noWriteFailed(stage.voters());
        stage.sight().tells("a", "why b", "b is reached via c", "link down");
        long heal = System.nanoTime();
        stage.hosts().heal();
        stage.within("healed", heal, HEALED, () -> stage.sight().path("a", "b").equals(List.of("b")));
    }
}
