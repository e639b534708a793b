package io.metcd.conformance.etcdfile;

import io.metcd.conformance.CommandLine;
import io.metcd.conformance.DurableCluster;
import io.metcd.conformance.EtcdProduct;
import io.metcd.conformance.Health;
import io.metcd.conformance.Member;
import io.metcd.conformance.MetcdProduct;
import io.metcd.conformance.Ports;
import io.metcd.conformance.Product;
import io.metcd.conformance.Seat;
import io.metcd.conformance.client.StateClient;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * First a metcd and a real etcd are changed alike, and say the same hash at every step. Then the state goes from metcd
 * to etcd and back: saved by etcdctl, restored by etcdutl, served by etcd; changed there, saved again, imported by
 * metcd. On each way every revision must have the hash it had, and every lease its keys. The same is saved and restored
 * by the etcdctl 3.4 of the distribution, and served by its etcd: of a file that etcdctl 3.4 has restored, etcd 3.6 says
 * that its member is unknown, whoever saved it. Last, etcd is given users: on both ways they must come along, with their
 * passwords and rights (contract: maint.snapshot.2, maint.snapshot.3, maint.hash.2).
 *
 * <p>Arguments: {@code --seed N} and {@code --steps N}, if wanted.
 */
public final class SnapshotRoundtrip {
    private static final Duration BOOT_LIMIT = Duration.ofMinutes(1);
    private static final Duration TOOL_LIMIT = Duration.ofMinutes(2);
    private static final String NAME = "one";

    private final EtcdTools tools;
    private final Path root;
    private final long seed;
    private final int steps;
    private final Product metcd = MetcdProduct.asLaunched();
    private final Product etcd;

    private SnapshotRoundtrip(EtcdTools tools, Path root, long seed, int steps) {
        this.tools = tools;
        this.root = root;
        this.seed = seed;
        this.steps = steps;
        this.etcd = new EtcdProduct(tools.path("etcd"));
    }

    @SuppressWarnings("SystemOut")
    public static void main(String[] arguments) {
        try {
            run(arguments);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @SuppressWarnings("SystemOut")
    private static void run(String[] arguments) throws IOException {
        if (arguments.length % 2 != 0) {
            System.err.println("snapshot-roundtrip takes --seed N and --steps N, or nothing");
            System.exit(2);
        }
        long seed = 1;
        int steps = 600;
        for (int i = 0; i < arguments.length; i += 2) {
            switch (arguments[i]) {
                case "--seed" -> seed = Long.parseLong(arguments[i + 1]);
                case "--steps" -> steps = Integer.parseInt(arguments[i + 1]);
                default -> throw new IllegalArgumentException("unknown option " + arguments[i]);
            }
        }
        Path root = DurableCluster.freshRoot();
        try {
            SnapshotRoundtrip trip = new SnapshotRoundtrip(EtcdTools.find(), root, seed, steps);
            System.out.println("  " + trip.alike());
            System.out.println("  " + trip.thereAndBack());
            System.out.println("snapshot-roundtrip: every hash is equal, seed " + seed + ", " + steps + " steps");
        } catch (IllegalStateException e) {
            System.out.println("  FAILED (seed " + seed + "): " + e.getMessage());
            System.exit(1);
        } finally {
            DurableCluster.delete(root);
        }
    }

    /** One member that begins with what is in its directory. */
    private final class Running implements AutoCloseable {
        final Seat seat;
        final Member process;
        final StateClient state;

        Running(Product product, Seat seat) throws IOException {
            this.seat = seat;
            this.process = Member.start(seat.name(), product.serve(List.of(), seat, cluster(seat)));
            try {
                Health.await(seat.endpoint(), BOOT_LIMIT);
                this.state = StateClient.open(seat.endpoint());
            } catch (IllegalStateException | IOException e) {
                process.close();
                throw new IllegalStateException(e.getMessage() + "\n" + process.said(), e);
            }
        }

        /** As etcdctl and etcdutl keep it and see it. */
        Path save(String file) {
            Path saved = root.resolve(file);
            tool("etcdctl", "--endpoints", seat.endpoint(), "snapshot", "save", saved.toString());
            String told = tool("etcdutl", "snapshot", "status", saved.toString(), "-w", "json");
            try {
                String expected = "\"revision\":" + state.hash(0).revision() + ",\"totalKey\":" + state.count() + ",";
                check(told.contains(expected), "etcdutl says " + told + ", not " + expected);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            return saved;
        }

        /** As {@link #save}, with users and authentication on, which is the last thing this member is for. */
        Path saveGuarded(String file) {
            String endpoint = "--endpoints=" + seat.endpoint();
            tool("etcdctl", endpoint, "user", "add", "root:secret");
            tool("etcdctl", endpoint, "user", "grant-role", "root", "root");
            tool("etcdctl", endpoint, "user", "add", "alice:hers");
            tool("etcdctl", endpoint, "role", "add", "reader");
            tool("etcdctl", endpoint, "role", "grant-permission", "reader", "read", "key/", "--prefix");
            tool("etcdctl", endpoint, "user", "grant-role", "alice", "reader");
            tool("etcdctl", endpoint, "auth", "enable");
            Path saved = root.resolve(file);
            asRoot("snapshot", "save", saved.toString());
            return saved;
        }

        void asRoot(String... arguments) {
            CommandLine.Result result = as("root:secret", arguments);
            check(result.ok(), result.out() + result.err());
        }

        /** What {@link #saveGuarded} made must hold here. */
        void checkGuard() {
            check(as("alice:hers", "get", "key/", "--prefix").ok(), "a user cannot read what its role allows");
            refused("permission denied", as("alice:hers", "put", "key/1", "x"));
            refused(
                    "permission denied",
                    as(
                            "alice:hers",
                            "snapshot",
                            "save",
                            root.resolve("never.db").toString()));
            refused("invalid user ID or password", as("alice:secret", "get", "key/1"));
            refused("user name is empty", as("", "get", "key/1"));
        }

        private void refused(String why, CommandLine.Result result) {
            check(
                    !result.ok() && result.err().contains(why),
                    seat.directory() + " does not say " + why + ": " + result);
        }

        private CommandLine.Result as(String user, String... arguments) {
            List<String> command = new ArrayList<>(List.of(tools.path("etcdctl"), "--endpoints=" + seat.endpoint()));
            if (!user.isEmpty()) {
                command.add("--user=" + user);
            }
            command.addAll(List.of(arguments));
            return CommandLine.run(TOOL_LIMIT, command);
        }

        @Override
        public void close() {
            state.close();
            process.close();
        }
    }

    /** Both kinds, changed by the same steps. */
    private String alike() throws IOException {
        try (Running ours = new Running(metcd, seat("ours"));
                Running theirs = new Running(etcd, seat("theirs"))) {
            Walk walk = new Walk(seed, 1, 0);
            for (int i = 0; i < steps; i++) {
                walk.step(List.of(ours.state, theirs.state));
                compare("after step " + i, theirs.state.hash(0), ours.state.hash(0));
                long revision = walk.readable();
                compare("at revision " + revision, theirs.state.hash(revision), ours.state.hash(revision));
            }
            StateClient.Hash last = ours.state.hash(0);
            return "metcd and etcd, changed alike: " + 2 * steps + " hashes up to revision " + last.revision()
                    + " are equal";
        }
    }

    private String thereAndBack() throws IOException {
        Path first;
        Path second;
        Path guarded;
        long file;
        long[] hashes;
        StateClient.Hash bare;
        Walk walk = new Walk(seed + 1, 1, 0);
        try (Running start = new Running(metcd, seat("start"))) {
            for (int i = 0; i < steps; i++) {
                walk.step(List.of(start.state));
            }
            first = start.save("first.db");
            CommandLine.must("etcdctl", "--endpoints", start.seat.endpoint(), "snapshot", "save", first + ".debian");
            hashes = hashes(start.state);
        }
        Seat there = seat("there");
        restore(tools.path("etcdutl"), first, there);
        int revisions = older(Path.of(first + ".debian"), hashes);
        try (Running other = new Running(etcd, there)) {
            revisions += same("from metcd to etcd", hashes, hashes(other.state));
            for (int i = 0; i < steps; i++) {
                walk.step(List.of(other.state));
            }
            second = other.save("second.db");
            hashes = hashes(other.state);
            revoke(walk, other.state);
            bare = other.state.hash(0);
            guarded = other.saveGuarded("guarded.db");
        }
        Seat back = seat("back");
        Run imported = importing(second, back);
        check(imported.exit() == 0, imported.said());
        guarded(guarded, bare);
        try (Running home = new Running(metcd, back)) {
            revisions += same("from etcd to metcd", hashes, hashes(home.state));
            revoke(walk, home.state);
            compare("without leases", bare, home.state.hash(0));
            file = home.state.fileHash();
        }
        try (Running again = new Running(metcd, back)) {
            check(file != 0 && file == again.state.fileHash(), "Hash does not survive a restart: it was " + file);
            return "metcd to etcd to metcd: " + revisions + " revisions have their hash, "
                    + walk.leases().size() + " leases their keys; " + again.state.count()
                    + " keys are left without them; users have their passwords and rights";
        }
    }

    /** By the distribution's etcdctl and etcd, 3.4. */
    private int older(Path file, long[] hashes) throws IOException {
        Seat seat = seat("older");
        restore("etcdctl", file, seat);
        try (Running etcd = new Running(new EtcdProduct("etcd"), seat)) {
            String told = CommandLine.must("etcdctl", "snapshot", "status", file.toString(), "-w", "json");
            String expected = "\"revision\":" + etcd.state.hash(0).revision() + ",";
            check(told.contains(expected), "etcdctl says " + told + ", not " + expected);
            return same("from metcd to etcd 3.4", hashes, hashes(etcd.state));
        }
    }

    /** From etcd to metcd and to etcd again: nobody gets in without a name, and who had a right has it. */
    private void guarded(Path file, StateClient.Hash expected) throws IOException {
        Seat ours = seat("guarded");
        Run imported = importing(file, ours);
        check(imported.exit() == 0 && imported.said().contains("authentication is on"), imported.said());
        Path again = root.resolve("guarded-again.db");
        try (Running metcd = new Running(this.metcd, ours)) {
            metcd.checkGuard();
            metcd.asRoot("snapshot", "save", again.toString());
            metcd.asRoot("auth", "disable");
            compare("with users", expected, metcd.state.hash(0));
        }
        Seat theirs = seat("guarded-there");
        restore(tools.path("etcdutl"), again, theirs);
        try (Running etcd = new Running(this.etcd, theirs)) {
            etcd.checkGuard();
            etcd.asRoot("auth", "disable");
            compare("with users, in etcd", expected, etcd.state.hash(0));
        }
    }

    private static void restore(String program, Path file, Seat seat) {
        CommandLine.must(
                program,
                "snapshot",
                "restore",
                file.toString(),
                "--data-dir",
                seat.directory().toString(),
                "--name",
                seat.name(),
                "--initial-cluster",
                seat.name() + "=" + seat.peerUrl(),
                "--initial-cluster-token",
                "torture",
                "--initial-advertise-peer-urls",
                seat.peerUrl());
    }

    /** What a command said, and how it ended. */
    private record Run(int exit, String said) {}

    private static Run importing(Path file, Seat seat, String... more) throws IOException {
        List<String> command = new ArrayList<>(List.of("snapshot", "import", file.toString()));
        command.addAll(List.of("--data-dir", seat.directory().toString(), "--name", seat.name()));
        command.addAll(List.of("--cluster", "torture"));
        command.addAll(List.of(more));
        try (Member process = Member.start("import", Member.metcd(List.of(), command.toArray(String[]::new)))) {
            int exit = process.awaitExit(BOOT_LIMIT);
            return new Run(exit, process.said());
        }
    }

    /** Only a lease that is there can be revoked, and what it takes along shows in the hash. */
    private static void revoke(Walk walk, StateClient state) throws IOException {
        for (long lease : walk.leases()) {
            state.revoke(lease);
        }
    }

    /** Of every revision above the compacted one, by its distance from the newest; the first is that itself. */
    private static long[] hashes(StateClient state) throws IOException {
        StateClient.Hash newest = state.hash(0);
        long[] hashes = new long[(int) (newest.revision() - Math.max(1, newest.compactRevision()))];
        for (int i = 0; i < hashes.length; i++) {
            hashes[i] = state.hash(newest.revision() - i).hash();
        }
        check(hashes.length > 0, "nothing to compare: all is compacted");
        return hashes;
    }

    private static int same(String way, long[] expected, long[] actual) {
        check(expected.length == actual.length, way + ": " + expected.length + " revisions become " + actual.length);
        for (int i = 0; i < expected.length; i++) {
            check(expected[i] == actual[i], way + ": the hash of revision -" + i + " has changed");
        }
        return expected.length;
    }

    private static void compare(String when, StateClient.Hash theirs, StateClient.Hash ours) {
        check(theirs.equals(ours), when + ": etcd says " + theirs + ", metcd says " + ours);
    }

    private Seat seat(String directory) {
        return new Seat(NAME, Ports.free(), Ports.free(), root.resolve(directory));
    }

    private static List<String> cluster(Seat seat) {
        return List.of(
                "--initial-cluster",
                seat.name() + "=" + seat.peerUrl(),
                "--initial-cluster-state",
                "new",
                "--initial-cluster-token",
                "torture");
    }

    private String tool(String program, String... arguments) {
        List<String> command = new ArrayList<>(List.of(tools.path(program)));
        command.addAll(List.of(arguments));
        return CommandLine.run(TOOL_LIMIT, command).orThrow(command);
    }

    private static void check(boolean holds, String text) {
        if (!holds) {
            throw new IllegalStateException(text);
        }
    }
}
