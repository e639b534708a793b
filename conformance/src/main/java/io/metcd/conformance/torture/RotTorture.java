package io.metcd.conformance.torture;

import io.metcd.conformance.CommandLine;
import io.metcd.conformance.DurableCluster;
import io.metcd.conformance.Etcdctl;
import io.metcd.conformance.Member;
import io.metcd.conformance.Product;
import io.metcd.conformance.Waiting;
import io.metcd.conformance.client.KvClient;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;

/**
 * One of three directories is not as its member left it. The member must refuse it and say what to do, and that must
 * work; or it must start with everything that was there. It never serves less, and the others go on.
 */
final class RotTorture {
    private static final List<String> NAMES = List.of("a", "b", "c");
    private static final Duration SOON = Duration.ofSeconds(30);
    private static final String VICTIM = "c";
    /** One for each, so small that the files of the log are, too, and snapshots come early. */
    private static final String DISK = "size=48m,mode=0700";

    private static final int VALUE_BYTES = 256 * 1024;
    /** Three segments and two snapshots. */
    private static final int WRITES = 44;

    private static final int MORE_WRITES = 5;
    private static final String CURE = "recover this member from its peers: `etcdctl member remove`";

    private final DurableCluster cluster;
    private final Consumer<String> report;
    private final Path directory;
    private final Path aside;

    private RotTorture(DurableCluster cluster, Consumer<String> report) {
        this.cluster = cluster;
        this.report = report;
        this.directory = cluster.seat(VICTIM).directory();
        this.aside = cluster.root().resolve("aside");
    }

    /** All ways, one line a fact. */
    static void play(Product product, Consumer<String> report) {
        Path root = DurableCluster.freshRoot();
        for (String name : NAMES) {
            CommandLine.must("mkdir", root.resolve(name).toString());
            CommandLine.must(
                    "mount",
                    "-t",
                    "tmpfs",
                    "-o",
                    DISK,
                    "tmpfs",
                    root.resolve(name).toString());
        }
        try {
            DurableCluster cluster = DurableCluster.start(product, root, NAMES);
            try {
                new RotTorture(cluster, report).run();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            } finally {
                cluster.stopAll();
            }
        } finally {
            for (String name : NAMES) {
                CommandLine.run(SOON, List.of("umount", root.resolve(name).toString()));
            }
            DurableCluster.delete(root);
        }
    }

    /** What is done to the directory of a member that is stopped. */
    private interface Harm {
        /** Returns what the member must name. */
        String at(Path directory) throws IOException;
    }

    private void run() throws IOException {
        fill(WRITES);
        Waiting.until("two snapshots", SOON, () -> files(directory, "snapshot-").toString(), () -> {
            return files(directory, "snapshot-").size() == 2;
        });
        stopAndKeep();
        refused("bytes in the middle of the log", where -> flip(segment(where)));
        refused("a segment cut short", where -> cut(segment(where)));
        refused("a segment deleted", where -> delete(segment(where)));
        refused("a segment of zeros", where -> zeros(segment(where)));
        refused("the file meta", where -> flip(where.resolve("meta")));
        refused("the file member", where -> flip(where.resolve("member")));
        refused("all deleted but the member's papers", RotTorture::deleteLog);
        snapshotAlone();
        replaced();
        rollback();
    }

    private void fill(int writes) throws IOException {
        try (KvClient client = KvClient.open(cluster.endpoint("a"), SOON)) {
            for (int i = 0; i < writes; i++) {
                client.put("r/" + i, i + "v".repeat(VALUE_BYTES));
            }
        }
    }

    private void stopAndKeep() {
        cluster.member(VICTIM).stop();
        copy(directory, aside);
    }

    private void restore() {
        copy(aside, directory);
    }

    private static void copy(Path from, Path to) {
        CommandLine.must("mkdir", "-p", to.toString());
        empty(to);
        CommandLine.must("cp", "-a", from + "/.", to.toString());
    }

    /** Of what is in it; a place to mount a disk on stays. */
    private static void empty(Path directory) {
        CommandLine.must("find", directory.toString(), "-mindepth", "1", "-delete");
    }

    private void refused(String what, Harm harm) throws IOException {
        String named = harm.at(directory);
        Member member = cluster.boot(VICTIM);
        check(member.endsWithin(SOON), "a member with " + what + " damaged ends\n" + member.said());
        String complaint = complaint(member);
        check(member.awaitExit(SOON) != 0, "the exit code is not 0\n" + member.said());
        check(!member.output().contains("\n\tat "), "it ends without a stack trace\n" + member.said());
        check(complaint.contains(directory.toString()), complaint + " names the directory");
        check(complaint.contains(named), complaint + " names '" + named + "'");
        check(complaint.contains(CURE), complaint + " says the cure");
        CommandLine.Result tool = CommandLine.run(SOON, Member.metcd(List.of(), "data", "check", directory.toString()));
        check(!tool.ok(), "the tool finds " + what + ", too: " + tool.out());
        client("a").must("put", "meanwhile", what);
        report.accept(what + ": refused with '" + complaint + "'");
        restore();
    }

    /** The older one and the log behind it have everything. */
    private void snapshotAlone() throws IOException {
        List<String> snapshots = files(directory, "snapshot-");
        flip(directory.resolve(snapshots.get(snapshots.size() - 1)));
        cluster.boot(VICTIM);
        cluster.awaitServing(VICTIM);
        equalStates();
        report.accept("the newer of two snapshots: starts from the older one and the log, with the same state");
    }

    /** What the refusal says is done, word for word. */
    private void replaced() throws IOException {
        stopAndKeep();
        flip(segment(directory));
        check(cluster.boot(VICTIM).endsWithin(SOON), "refused");
        String old = id();
        long begun = System.nanoTime();
        must("member", "remove", old);
        must("member", "add", VICTIM, "--peer-urls=" + cluster.seat(VICTIM).peerUrl());
        empty(directory);
        cluster.joinExisting(VICTIM, NAMES);
        cluster.boot(VICTIM);
        cluster.awaitServing(VICTIM);
        long seconds = Duration.ofNanos(System.nanoTime() - begun).toSeconds();
        equalStates();
        check(!id().equals(old), "it is another member: " + id());
        report.accept("removed, added again, started with an empty directory: serves the same state after " + seconds
                + " s, as another member");
    }

    /** A whole directory of before, in which nothing is damaged: the leader remembers what the member had acknowledged. */
    private void rollback() throws IOException {
        stopAndKeep();
        cluster.boot(VICTIM);
        cluster.awaitServing(VICTIM);
        fill(MORE_WRITES);
        equalStates();
        cluster.member(VICTIM).stop();
        restore();
        Member member = cluster.boot(VICTIM);
        check(member.endsWithin(SOON), "a member that has forgotten what it had acknowledged ends\n" + member.said());
        String said = member.output();
        check(said.contains("has lost entries that it had acknowledged"), member.said());
        check(said.contains(CURE), "it says the cure\n" + member.said());
        report.accept("an older copy of the whole directory: ends with '" + complaint(member) + "'");
    }

    /** Asked again while the cluster says that a member was connected only a moment ago. */
    private void must(String... words) {
        Waiting.until(
                String.join(" ", words),
                SOON,
                () -> client("a").run(words).err(),
                () -> client("a").run(words).ok());
    }

    private String id() {
        String list = client("a").must("member", "list");
        return list.lines()
                .filter(line -> line.contains(cluster.seat(VICTIM).peerUrl()))
                .map(line -> line.substring(0, line.indexOf(',')))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("no " + VICTIM + " in\n" + list));
    }

    private void equalStates() {
        Waiting.until("one state", SOON, () -> "", () -> {
            return NAMES.stream().map(cluster::state).distinct().count() == 1;
        });
    }

    private static List<String> files(Path directory, String prefix) {
        try (var files = Files.list(directory)) {
            return files.map(file -> String.valueOf(file.getFileName()))
                    .filter(name -> name.startsWith(prefix) && !name.endsWith(".part"))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The last of the log. */
    private static Path segment(Path directory) {
        List<String> segments = files(directory, "log-");
        return directory.resolve(segments.get(segments.size() - 1));
    }

    /** Some bytes between the head of the file and its last byte that is not zero. */
    private static String flip(Path path) throws IOException {
        try (RandomAccessFile file = new RandomAccessFile(path.toFile(), "rw")) {
            byte[] content = new byte[(int) file.length()];
            file.readFully(content);
            int used = content.length;
            while (content[used - 1] == 0) {
                used--;
            }
            for (int at = used / 2; at < Math.min(used / 2 + 8, used); at++) {
                content[at] ^= 0x55;
            }
            file.seek(0);
            file.write(content);
        }
        return String.valueOf(path.getFileName());
    }

    private static String cut(Path path) throws IOException {
        try (RandomAccessFile file = new RandomAccessFile(path.toFile(), "rw")) {
            file.setLength(file.length() / 2);
        }
        return String.valueOf(path.getFileName());
    }

    private static String zeros(Path path) throws IOException {
        try (RandomAccessFile file = new RandomAccessFile(path.toFile(), "rw")) {
            file.write(new byte[(int) file.length()]);
        }
        return String.valueOf(path.getFileName());
    }

    private static String delete(Path path) throws IOException {
        Files.delete(path);
        return String.valueOf(path.getFileName());
    }

    private static String deleteLog(Path directory) throws IOException {
        for (String prefix : List.of("log-", "snapshot-", "spare-", "meta")) {
            for (String name : files(directory, prefix)) {
                Files.delete(directory.resolve(name));
            }
        }
        return "its log is gone";
    }

    private static String complaint(Member member) {
        return member.output()
                .lines()
                .filter(line -> line.startsWith("metcd: ") || line.contains(" ERROR "))
                .reduce("", (first, last) -> last);
    }

    private Etcdctl client(String name) {
        return new Etcdctl(List.of(), cluster.endpoint(name));
    }

    private static void check(boolean holds, String text) {
        if (!holds) {
            throw new Ledger.BrokenPromise("does not hold: " + text);
        }
    }
}
