package io.metcd.conformance.torture;

import io.metcd.conformance.CommandLine;
import io.metcd.conformance.DurableCluster;
import io.metcd.conformance.Etcdctl;
import io.metcd.conformance.Member;
import io.metcd.conformance.Ports;
import io.metcd.conformance.Product;
import io.metcd.conformance.Seat;
import io.metcd.conformance.Waiting;
import io.metcd.conformance.client.KvClient;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;

/** Disks that fail, fill up, or are not the member's: each must end in a clear word, and nothing may be lost. */
final class DiskTorture {
    private static final List<String> ONE = List.of("a");
    private static final Duration SOON = Duration.ofSeconds(30);
    private static final int SYNCS_BEFORE_FAILURE = 60;
    private static final int FULL_WRITES_MAX = 2_000;
    private static final int FULL_VALUE_BYTES = 32 * 1024;
    private static final String NO_SPACE = "etcdserver: mvcc: database space exceeded";

    private final Product product;
    private final Consumer<String> report;

    private DiskTorture(Product product, Consumer<String> report) {
        this.product = product;
        this.report = report;
    }

    /** All of them, one line a fact. */
    static void play(Product product, String tmpfsSize, Consumer<String> report) {
        DiskTorture torture = new DiskTorture(product, report);
        torture.failingSync();
        torture.secondProcess();
        torture.foreignDirectories();
        torture.readOnly();
        torture.full(tmpfsSize);
    }

    /** A sync that failed says nothing of what is on the disk: the member must stop, and never answer from it. */
    private void failingSync() {
        try (DurableCluster cluster = DurableCluster.start(product, ONE)) {
            cluster.member("a").stop();
            Member member = cluster.bootUnder(Strace.failSyncFrom(SYNCS_BEFORE_FAILURE), "a");
            Ledger ledger = new Ledger();
            try (Writers writers = new Writers(ledger, cluster.endpoints(), 2)) {
                writers.start("t/");
                check(member.endsWithin(SOON), "a member whose syncs fail stops\n" + member.said());
                writers.check();
            }
            stopped(member, "disk has failed");
            report.accept("EIO from fdatasync: stopped with '" + complaint(member) + "'");
            cluster.boot("a");
            cluster.awaitServing("a");
            compare(cluster, ledger);
            report.accept("  and started again: " + ledger.acknowledged() + " acknowledged writes, 0 lost");
        }
    }

    private void secondProcess() {
        try (DurableCluster cluster = DurableCluster.start(product, ONE)) {
            Member second = startAt(cluster, cluster.seat("a").directory());
            stopped(second, cluster.seat("a").directory().toString());
            report.accept("second process on one directory: refused with '" + complaint(second) + "'");
            put(cluster, "still", "serving");
        }
    }

    private void foreignDirectories() {
        try (DurableCluster cluster = DurableCluster.start(product, ONE)) {
            put(cluster, "kept", "yes");
            cluster.member("a").stop();
            Path own = cluster.seat("a").directory();

            List<String> flags = new ArrayList<>(cluster.flagsOf("a"));
            flags.set(flags.indexOf("--initial-cluster-token") + 1, "another");
            Member other = Member.start("other", product.serve(List.of(), cluster.seat("a"), flags));
            stopped(other, own.toString());
            report.accept("directory of another cluster: refused with '" + complaint(other) + "'");

            Path foreign = Files.createDirectories(cluster.root().resolve("foreign"));
            Files.writeString(Files.createDirectories(foreign.resolve("member")).resolve("db"), "not ours");
            Files.writeString(foreign.resolve("notes.txt"), "nor this");
            Member stranger = startAt(cluster, foreign);
            stopped(stranger, foreign.toString());
            check(Files.readString(foreign.resolve("notes.txt")).equals("nor this"), "what is there stays");
            report.accept("directory that holds something else: refused with '" + complaint(stranger) + "'");

            cluster.boot("a");
            cluster.awaitServing("a");
            equal("kept\nyes", client(cluster).must("get", "kept"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void readOnly() {
        Path root = mount("1g");
        try (DurableCluster cluster = DurableCluster.start(product, root, ONE)) {
            put(cluster, "kept", "yes");
            cluster.member("a").stop();
            CommandLine.must("mount", "-o", "remount,ro", root.toString());
            Member member = cluster.boot("a");
            stopped(member, root.toString());
            report.accept("read-only directory: refused with '" + complaint(member) + "'");
            CommandLine.must("mount", "-o", "remount,rw", root.toString());
            cluster.boot("a");
            cluster.awaitServing("a");
            equal("kept\nyes", client(cluster).must("get", "kept"));
        } finally {
            unmount(root);
        }
    }

    private void full(String size) {
        Path root = mount(size);
        try (DurableCluster cluster = DurableCluster.start(product, root, ONE)) {
            put(cluster, "first", "kept");
            String refusal = writeUntilRefused(cluster);
            check(refusal.contains(NO_SPACE), "a full disk is told as '" + NO_SPACE + "', but: " + refusal);
            check(
                    cluster.member("a").alive(),
                    "a member with a full disk goes on\n" + cluster.member("a").said());
            equal("first\nkept", client(cluster).must("get", "first"));
            check(client(cluster).must("alarm", "list").contains("alarm:NOSPACE"), "the alarm is listed");
            report.accept("full disk of " + size + ": NOSPACE, reads go on");
            equal("1", client(cluster).must("del", "full/0000"));
            client(cluster).must("del", "--prefix", "full/");
            report.accept("  and deletes are taken");
            Path filler = root.resolve("filler");
            CommandLine.run(SOON, List.of("sh", "-c", "cat /dev/zero > " + filler)); // to the last byte
            cluster.member("a").kill();
            cluster.boot("a");
            Waiting.until(
                    "a member starts on a full disk",
                    SOON,
                    () -> cluster.member("a").said(),
                    () -> client(cluster).run("get", "first").ok());
            equal("first\nkept", client(cluster).must("get", "first"));
            report.accept("  and killed -9 it starts on the full disk, and reads go on");
            CommandLine.must("rm", filler.toString());
            CommandLine.must("mount", "-o", "remount,size=1g", root.toString());
            client(cluster).must("alarm", "disarm");
            Waiting.until(
                    "writes go on when there is room",
                    SOON,
                    () -> "",
                    () -> client(cluster).run("put", "after", "room").ok());
            report.accept("  and with room again writes go on, without a restart");
            cluster.member("a").kill();
            cluster.boot("a");
            cluster.awaitServing("a");
            equal("first\nkept\nafter\nroom", values(cluster, "first") + "\n" + values(cluster, "after"));
            report.accept("  and a kill -9 later all of it is there");
        } finally {
            unmount(root);
        }
    }

    private static String writeUntilRefused(DurableCluster cluster) {
        String value = "v".repeat(FULL_VALUE_BYTES);
        try (KvClient client = KvClient.open(cluster.endpoint("a"), SOON)) {
            for (int i = 0; i < FULL_WRITES_MAX; i++) {
                client.put(String.format("full/%04d", i), value);
            }
        } catch (IOException e) {
            LockSupport.parkNanos(1);
        }
        CommandLine.Result again = client(cluster).run("put", "full/again", value);
        return again.ok() ? "it was taken" : again.err();
    }

    private Member startAt(DurableCluster cluster, Path directory) {
        Seat seat = new Seat("a", Ports.free(), Ports.free(), directory);
        List<String> flags = List.of("--initial-cluster", "a=" + seat.peerUrl(), "--initial-cluster-token", "torture");
        return Member.start("a-again-" + cluster.names().size(), product.serve(List.of(), seat, flags));
    }

    private static void stopped(Member member, String word) {
        check(member.endsWithin(SOON), "it ends\n" + member.said());
        int exit = member.awaitExit(SOON);
        check(exit != 0, "the exit code is not 0\n" + member.said());
        check(!member.output().contains("\n\tat "), "it ends without a stack trace\n" + member.said());
        check(complaint(member).contains(word), "its complaint names '" + word + "'\n" + member.said());
    }

    /** The last line that is meant for its operator. */
    private static String complaint(Member member) {
        return member.output()
                .lines()
                .filter(line -> line.startsWith("metcd: ") || line.contains(" ERROR "))
                .reduce("", (first, last) -> last);
    }

    private static void compare(DurableCluster cluster, Ledger ledger) {
        Ledger.Expectation expected = ledger.expect("t/");
        try (KvClient client = KvClient.open(cluster.endpoint("a"), SOON)) {
            expected.mustEqual(client.list("t/"), "a");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String values(DurableCluster cluster, String key) {
        return client(cluster).must("get", key);
    }

    private static void put(DurableCluster cluster, String key, String value) {
        client(cluster).must("put", key, value);
    }

    private static Etcdctl client(DurableCluster cluster) {
        return new Etcdctl(List.of(), cluster.endpoint("a"));
    }

    private static Path mount(String size) {
        Path root = DurableCluster.freshRoot();
        CommandLine.must("mount", "-t", "tmpfs", "-o", "size=" + size, "tmpfs", root.toString());
        return root;
    }

    /** The mount alone goes; what was in it goes with it. */
    private static void unmount(Path root) {
        CommandLine.run(SOON, List.of("umount", "-l", root.toString()));
    }

    private static void equal(String expected, String actual) {
        check(expected.equals(actual), "expected:\n" + expected + "\nbut was:\n" + actual);
    }

    private static void check(boolean holds, String text) {
        if (!holds) {
            throw new Ledger.BrokenPromise("does not hold: " + text);
        }
    }
}
