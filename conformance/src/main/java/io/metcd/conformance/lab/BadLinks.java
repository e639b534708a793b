package io.metcd.conformance.lab;

import io.metcd.conformance.client.KvClient;
import io.metcd.conformance.client.StateClient;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;

/** Scenarios of links that work badly, or one way only. */
final class BadLinks {
    private static final Duration LINK_DOWN = Duration.ofMillis(2_500);
    private static final Duration HEALED = Duration.ofSeconds(5);
    private static final Duration CALM = Duration.ofSeconds(4);

    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final Duration OVERLOAD = Duration.ofSeconds(10);
    private static final int BULK_BYTES = 16_384;
    /** Two MiB, of which each is written twenty-five times. */
    private static final int BULK_KEYS = 128;

    private static final int BULK_WRITES = 25 * BULK_KEYS;
    private static final int RING_MBITS = 8;
    private static final int RING_BYTES = 65_536;

    private BadLinks() {}

    static List<Row> rows() {
        return List.of(
                Row.of("one-way-dial", "E7", Shape.of("a b", "", "a-b"), BadLinks::oneWayDial),
                Row.of("deaf-link", "E8", Shape.of("a b c", "", "a-b b-c a-c"), BadLinks::deafLink),
                Row.of("narrow-link", "E17", Shape.of("a b c", "", "a-b b-c a-c"), BadLinks::narrowLink),
                Row.of(
                        "full-circle",
                        "E20",
                        Shape.of("a b c", "r1 r2 r3", "a-r1 r1-b b-r2 r2-c c-r3 r3-a"),
                        BadLinks::fullCircle));
    }

    private static void oneWayDial(Stage stage) {
        stage.hosts().refuseDials("b", "a");
        stage.form();
        stage.must(stage.hosts().opens("a", stage.hosts().address("b", "a"), Stage.MESH_PORT), "a can call b");
        stage.must(!stage.hosts().opens("b", stage.hosts().address("a", "b"), Stage.MESH_PORT), "b cannot call a");
        stage.must(stage.sight().links("a", "b").stream().allMatch(link -> link.truth("dialled")), "a has dialled b");
        stage.must(
                stage.sight().links("b", "a").stream().noneMatch(link -> link.truth("dialled")), "b has not dialled a");
        stage.sight().tells("b", "links", stage.hosts().address("a", "b"), " in ", " up ");
        stage.calm(CALM);
        stage.noWriteFailed(stage.voters());

        long cut = System.nanoTime();
        stage.hosts().cut("a", "b");
        stage.within(
                "b calls its link down", cut, LINK_DOWN, () -> !stage.sight().linked("b", "a"));
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
        stage.within(
                "b calls the link down", deaf, LINK_DOWN, () -> !stage.sight().linked("b", "a"));
        stage.within(
                "a calls the link down", deaf, LINK_DOWN, () -> !stage.sight().linked("a", "b"));
        stage.within(
                "traffic goes by c",
                deaf,
                LINK_DOWN,
                () -> stage.sight().path("a", "b").equals(List.of("c", "b"))
                        && stage.sight().path("b", "a").equals(List.of("c", "a")));
        stage.calm(CALM);
        stage.noWriteFailed(stage.voters());
        stage.sight().tells("a", "why b", "b is reached via c", "link down");
        long heal = System.nanoTime();
        stage.hosts().heal();
        stage.within("healed", heal, HEALED, () -> stage.sight().path("a", "b").equals(List.of("b")));
    }

    /** A member that has lost everything fetches all of it over a line that needs many seconds for it. */
    private static void narrowLink(Stage stage) {
        stage.form();
        writeMuchAndForgetMost(stage);
        stage.hosts().narrow("c", "a", 1);
        stage.hosts().narrow("c", "b", 1);
        stage.process("c").kill();
        long start = System.nanoTime();
        stage.mark();
        stage.boot("c");
        stage.awaitServing("c");
        stage.fact("the state came over 1 Mbit/s in " + Stage.since(start).toMillis() + " ms");
        stage.must(stage.process("c").output().contains("snapshot=fetched"), "it came in pieces");
        stage.calm(CALM);
        stage.noWriteFailed(List.of("a", "b"));
        stage.sight().tells("a", "why c", "c is linked directly");
        stage.sight().tells("c", "status", "serves");
    }

    /** More than the log keeps, of which little is left: what comes late cannot read it from the log. */
    private static void writeMuchAndForgetMost(Stage stage) {
        try (KvClient client = KvClient.open(stage.endpoint("a"), PATIENCE);
                StateClient state = StateClient.open(stage.endpoint("a"))) {
            for (int i = 0; i < BULK_WRITES; i++) {
                long revision = client.put("bulk/" + i % BULK_KEYS, "v".repeat(BULK_BYTES));
                if (i % BULK_KEYS == BULK_KEYS - 1) {
                    state.compact(revision);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Everybody sends as much as goes into a ring of narrow wires, over relays that wait for each other. */
    private static void fullCircle(Stage stage) {
        stage.form();
        List<String> ring = List.of("a", "r1", "b", "r2", "c", "r3", "a");
        for (int i = 0; i + 1 < ring.size(); i++) {
            stage.hosts().narrow(ring.get(i), ring.get(i + 1), RING_MBITS);
        }
        stage.mark();
        AtomicBoolean enough = new AtomicBoolean();
        List<CompletableFuture<Integer>> loads = stage.voters().stream()
                .map(voter -> CompletableFuture.supplyAsync(() -> load(stage, voter, enough)))
                .toList();
        try {
            stage.calm(OVERLOAD);
        } finally {
            enough.set(true);
        }
        int bulk = loads.stream().mapToInt(CompletableFuture::join).sum();
        stage.must(bulk > 0, "large writes are acknowledged");
        stage.fact("large writes acknowledged under overload=" + bulk);
        stage.noWriteFailed(stage.voters());
        long calmed = System.nanoTime();
        for (String peer : List.of("a", "b", "c", "r1", "r2", "r3")) {
            stage.within(
                    "nothing waits at " + peer,
                    calmed,
                    HEALED,
                    () -> stage.sight().queuedBytes(peer) == 0);
        }
        stage.sight().tells("a", "why b", "b is reached via r1");
        stage.sight().tells("a", "status", "serves");
    }

    private static int load(Stage stage, String voter, AtomicBoolean enough) {
        int written = 0;
        try (KvClient client = KvClient.open(stage.endpoint(voter), PATIENCE)) {
            for (; !enough.get(); written++) {
                client.put("bulk/" + voter, "v".repeat(RING_BYTES));
            }
            return written;
        } catch (IOException e) {
            throw new UncheckedIOException("a large write through " + voter + " failed after " + written, e);
        }
    }
}
