package io.metcd.conformance.patroni;

import io.metcd.conformance.CommandLine;
import io.metcd.conformance.DurableCluster;
import io.metcd.conformance.EtcdProduct;
import io.metcd.conformance.MetcdProduct;
import io.metcd.conformance.Product;
import io.metcd.conformance.Waiting;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.function.BooleanSupplier;

/**
 * Two nodes of PostgreSQL under Patroni, whose lock is kept by three durable members over JSON (contract: client.4).
 * First the members' leader goes, which PostgreSQL must not feel; then the primary goes, and the other node takes over
 * with every row that was acknowledged. Needs root. {@code --oracle ETCD} keeps the lock in a real etcd.
 */
public final class PatroniDemo implements AutoCloseable {
    private static final Duration LIMIT = Duration.ofSeconds(90);
    private static final Duration LEADERLESS = Duration.ofSeconds(12);
    private static final Path BINARIES = Path.of("/usr/lib/postgresql/15/bin");

    private final DurableCluster members;
    private final Path root;
    private final Node first;
    private final Node second;
    private final long start;
    private int rows;

    private PatroniDemo(Product product) {
        try {
            members = DurableCluster.start(product, List.of("a", "b", "c"));
            start = System.nanoTime();
            root = Files.createTempDirectory("metcd-patroni");
            CommandLine.must("chmod", "755", root.toString());
            first = Node.start("pg1", root, members.endpoints(), BINARIES);
            second = Node.start("pg2", root, members.endpoints(), BINARIES);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @SuppressWarnings("SystemOut")
    public static void main(String[] arguments) {
        boolean oracle = arguments.length == 2 && arguments[0].equals("--oracle");
        if (arguments.length != 0 && !oracle) {
            System.err.println("demo patroni takes --oracle ETCD or nothing");
            System.exit(2);
        }
        Product product = oracle ? new EtcdProduct(arguments[1]) : MetcdProduct.asLaunched();
        try (PatroniDemo demo = new PatroniDemo(product)) {
            Duration failover = demo.play();
            System.out.printf(
                    "demo patroni: failover in %.1f s, all %d acknowledged rows kept, the lock in %s%n",
                    failover.toMillis() / 1000.0, demo.rows, product.name());
        }
    }

    private Duration play() {
        await("pg1 or pg2 is primary", () -> first.is("primary") || second.is("primary"));
        Node primary = first.is("primary") ? first : second;
        Node replica = primary == first ? second : first;
        say(primary.name() + " is primary");
        await(replica.name() + " follows", () -> replica.is("sync"));
        say(replica.name() + " follows synchronously");
        await(
                "a table",
                () -> primary.query("create table if not exists rows (n int)").ok());
        write(primary);

        String leader = members.leader();
        members.member(leader).kill();
        say("member " + leader + ", the leader, is killed");
        long until = System.nanoTime() + LEADERLESS.toNanos();
        while (System.nanoTime() < until) {
            write(primary);
        }
        expect(primary.is("primary"), primary.name() + " is still primary");
        say(primary.name() + " is still primary after a ttl and more; no write failed, " + rows + " rows");
        members.boot(leader);

        primary.kill();
        long killed = System.nanoTime();
        say(primary.name() + " is killed, with its Patroni");
        await(replica.name() + " takes writes", () -> insert(replica));
        Duration failover = Duration.ofNanos(System.nanoTime() - killed);
        say(replica.name() + " is primary");
        expect(
                replica.query("select count(distinct n) from rows")
                        .out()
                        .strip()
                        .equals(Integer.toString(rows)),
                "all " + rows + " acknowledged rows are there");

        primary.boot();
        await(primary.name() + " comes back as a follower", () -> primary.is("sync"));
        say(primary.name() + " is back and follows");
        write(replica);
        return failover;
    }

    /** One more row, or a failure. */
    private void write(Node node) {
        CommandLine.Result result = insertion(node);
        expect(result.ok(), "a write to " + node.name() + ": " + result.err());
        rows++;
    }

    private boolean insert(Node node) {
        boolean ok = insertion(node).ok();
        rows += ok ? 1 : 0;
        return ok;
    }

    private CommandLine.Result insertion(Node node) {
        return node.query("insert into rows values (" + rows + ")");
    }

    private void await(String what, BooleanSupplier condition) {
        Waiting.until(what, LIMIT, () -> first.said() + second.said(), () -> {
            expect(first.runs() || second.runs(), "a Patroni runs");
            return condition.getAsBoolean();
        });
    }

    private void expect(boolean holds, String what) {
        if (!holds) {
            throw new IllegalStateException("does not hold: " + what + "\n" + first.said() + second.said());
        }
    }

    @SuppressWarnings("SystemOut")
    private void say(String line) {
        System.out.printf("%6.1f s  %s%n", (System.nanoTime() - start) / 1e9, line);
    }

    @Override
    public void close() {
        first.close();
        second.close();
        members.close();
        DurableCluster.delete(root);
    }
}
