package io.metcd.cli.quickstart;

import io.metcd.cli.Mistake;
import io.metcd.cli.client.Cluster;
import io.metcd.embed.FencingToken;
import io.metcd.embed.Lock;
import java.io.PrintStream;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** What three peers on a line can do, shown step by step; a step that does not hold ends the tour. */
final class Tour {
    private static final Duration STEP = Duration.ofSeconds(10);
    /** How long c, cut off, is given to refuse. */
    private static final Duration REFUSAL = Duration.ofSeconds(2);

    private static final String KEY = "greeting";
    private static final String LOCK = "nightly";

    private final Line line;
    private final PrintStream out;

    Tour(Line line, PrintStream out) {
        this.line = line;
        this.out = out;
    }

    void run() {
        try (Cluster a = open("a");
                Cluster c = open("c")) {
            throughTheMiddle(a, c);
            lock();
            cutAndHeal(a, c);
        }
        out.println();
        out.println("everything held");
    }

    private void throughTheMiddle(Cluster a, Cluster c) {
        String path = line.path("a", "c").orElseThrow(() -> new Mistake("a knows no way to c"));
        holds(path.equals("a > b > c"), "a reaches c by " + path + ", not through b");
        long[] revision = new long[1];
        long put = millis(() -> revision[0] = c.put(KEY, "hello from c", STEP));
        out.println("1. write through c   " + KEY + " = hello from c, revision " + revision[0] + ", " + put + " ms");
        String[] read = new String[1];
        long get = millis(() -> read[0] = a.get(KEY, STEP).orElse("nothing"));
        holds(read[0].equals("hello from c"), "a reads '" + read[0] + "' and not what c wrote");
        out.println("2. read through a    " + KEY + " = " + read[0] + ", by " + path + ", " + get + " ms");
    }

    private void lock() {
        FencingToken first;
        CompletableFuture<Lock> waiting;
        try (Lock held = line.node("c").lock(LOCK).acquire(STEP)) {
            first = held.fencingToken();
            holds(line.node("a").lock(LOCK).tryAcquire().isEmpty(), "a gets the lock that c holds");
            waiting = CompletableFuture.supplyAsync(
                    () -> line.node("a").lock(LOCK).acquire(STEP));
        }
        try (Lock next = waiting.join()) {
            holds(next.fencingToken().compareTo(first) > 0, "the later holder has no greater fencing token");
            out.println("3. lock '" + LOCK + "'    c held it, then a; fencing tokens " + first.revision() + " < "
                    + next.fencingToken().revision());
        }
    }

    private void cutAndHeal(Cluster a, Cluster c) {
        String leader = line.leader("b");
        line.cutPoint().cut();
        out.println("4. cut b–c           the leader was " + leader);
        long write = millis(() -> a.put(KEY, "hello from a", STEP));
        out.println("   a writes          after " + write + " ms, the leader is " + line.leader("a"));
        Optional<String> refusal = c.refusal(KEY, REFUSAL);
        holds(refusal.isPresent(), "c, cut off, answered a linearizable read");
        out.println("   c refuses         " + refusal.orElse("") + "; " + line.why("c", "a"));
        line.cutPoint().heal();
        long healed = millis(() -> untilRead(c, "hello from a"));
        out.println("5. heal b–c          c reads what a wrote after " + healed + " ms");
    }

    private static void untilRead(Cluster c, String wanted) {
        long deadline = System.nanoTime() + STEP.toNanos();
        while (System.nanoTime() < deadline) {
            try {
                if (c.get(KEY, Duration.ofSeconds(1)).orElse("").equals(wanted)) {
                    return;
                }
            } catch (Mistake notYet) {
                // Refused until the link stands and a leader is known again; the deadline bounds it.
            }
        }
        throw new Mistake("c does not read what a wrote, " + STEP.toSeconds() + " s after the link was healed");
    }

    private Cluster open(String name) {
        return Cluster.at("127.0.0.1", line.clientPort(name));
    }

    private static long millis(Runnable work) {
        long start = System.nanoTime();
        work.run();
        return (System.nanoTime() - start) / 1_000_000;
    }

    private static void holds(boolean fact, String otherwise) {
        if (!fact) {
            throw new Mistake("the tour does not hold: " + otherwise);
        }
    }
}
