package io.metcd.conformance;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** etcdctl with users, roles and rights against durable members as processes, each with the answer that etcd gives. */
final class AuthTable implements AutoCloseable {
    private static final Duration SOON = Duration.ofSeconds(10);
    private static final String NAMELESS = "etcdserver: user name is empty";
    private static final String DENIED = "etcdserver: permission denied";
    private static final String SECRET = "sesame-canary-29";
    private static final String ROOT = "root:" + SECRET;
    private static final String ANN = "ann:first";

    private final DurableCluster cluster;
    private final List<String> report = new ArrayList<>();

    private AuthTable(DurableCluster cluster) {
        this.cluster = cluster;
    }

    /** The whole story, one line a fact. */
    static List<String> play(Product product) {
        try (AuthTable table = new AuthTable(DurableCluster.start(product, LineCluster.NAMES))) {
            table.enable();
            table.nobody();
            table.usersAndRoles();
            table.rights();
            table.administration();
            table.takenBack();
            table.passwords();
            table.restart();
            table.secrets();
            table.disable();
            return List.copyOf(table.report);
        }
    }

    private void enable() {
        refused(as(""), "etcdserver: root user does not exist", "auth", "enable");
        equal("User root created", as("").must("user", "add", ROOT));
        as("").must("put", "private", "p");
        // The second try of etcdctl makes the role root and grants it by itself.
        check(as("").must("auth", "enable").contains("Authentication Enabled"), "enabled");
        fact("auth enable: only with a user root, who gets the role root");
    }

    private void nobody() {
        for (String member : LineCluster.NAMES) {
            refused(as("", member), NAMELESS, "get", "private");
            refused(as("", member), NAMELESS, "put", "private", "x");
            refused(as("", member), NAMELESS, "lease", "grant", "60");
            refused(as("", member), NAMELESS, "lock", "l", "true");
            refused(as("", member), NAMELESS, "member", "list");
            refused(as("", member), NAMELESS, "user", "list");
            refused(
                    as("root:wrong", member),
                    "etcdserver: authentication failed, invalid user ID or password",
                    "get",
                    "private");
            equal("private\np", as(ROOT, member).must("get", "private"));
        }
        fact("without a name, and with a wrong password: refused at each member; root reads at each");
    }

    private void usersAndRoles() {
        equal("User ann created", as(ROOT).must("user", "add", ANN));
        refused(as(ROOT), "etcdserver: user name already exists", "user", "add", ANN);
        equal("Role app created", as(ROOT).must("role", "add", "app"));
        refused(as(ROOT), "etcdserver: role name already exists", "role", "add", "app");
        equal("Role app updated", as(ROOT).must("role", "grant-permission", "app", "readwrite", "app/", "--prefix"));
        equal("Role app updated", as(ROOT).must("role", "grant-permission", "app", "write", "inbox"));
        equal("Role app is granted to user ann", as(ROOT).must("user", "grant-role", "ann", "app"));
        equal("User: ann\nRoles: app", as(ANN, "b").must("user", "get", "ann"));
        String role = as(ANN, "c").must("role", "get", "app");
        check(role.startsWith("Role app\nKV Read:\n\t[app/, app0)"), role);
        check(role.contains("KV Write:\n\t[app/, app0)") && role.contains("\n\tinbox"), role);
        equal("ann\nroot", as(ROOT, "b").must("user", "list"));
        refused(as(ANN, "b"), DENIED, "user", "get", "root");
        fact("user add, get, list, grant-role; role add, get, grant-permission: a user sees itself and its roles");
    }

    private void rights() {
        for (String member : LineCluster.NAMES) {
            Etcdctl ann = as(ANN, member);
            equal("OK", ann.must("put", "app/1", member));
            equal("app/1\n" + member, ann.must("get", "app/1"));
            equal("app/1\n" + member, ann.must("get", "--prefix", "app/"));
            equal("OK", ann.must("put", "inbox", member));
            refused(ann, DENIED, "put", "--prev-kv", "inbox", "x");
            refused(ann, DENIED, "get", "inbox");
            refused(ann, DENIED, "get", "app0");
            refused(ann, DENIED, "get", "--from-key", "app/");
            refused(ann, DENIED, "del", "private");
            refused(ann, DENIED, "lock", "l", "true");
            String request = "version(\"app/1\") > \"0\"\n\nput app/1 allowed\n\nget private\n\n";
            CommandLine.Result txn = CommandLine.run(SOON, ann.command("txn"), request);
            check(!txn.ok() && txn.err().contains(DENIED), "a branch that is not taken needs rights: " + txn);
            equal("app/1\n" + member, ann.must("get", "app/1"));
        }
        watch();
        fact("put, get, del, txn, lock: what was granted through a is allowed at each member, and no more");
    }

    private void watch() {
        try (Member watcher = Member.start("watch", as(ANN, "b").command("watch", "--prefix", "app/"))) {
            Waiting.until("the watcher hears", SOON, watcher::said, () -> {
                as(ANN, "c").must("put", "app/watched", "w");
                return watcher.output().contains("app/watched");
            });
        }
        try (Member watcher = Member.start("beyond", as(ANN, "b").command("watch", "--prefix", ""))) {
            Waiting.until(
                    "the watcher is refused",
                    SOON,
                    watcher::said,
                    () -> watcher.said().contains(DENIED));
        }
    }

    private void administration() {
        refused(as(ANN), DENIED, "compaction", "1");
        refused(as(ANN), DENIED, "user", "add", "eve:e");
        refused(as(ANN), DENIED, "role", "grant-permission", "app", "read", "private");
        refused(as(ANN), DENIED, "auth", "disable");
        refused(as(ANN), DENIED, "member", "remove", "1234");
        refused(as(ROOT), "etcdserver: invalid auth management", "user", "delete", "root");
        refused(as(ROOT), "etcdserver: invalid auth management", "user", "revoke-role", "root", "root");
        check(as(ANN).must("member", "list").lines().count() == LineCluster.NAMES.size(), "every user lists members");
        fact("compaction, users, roles, members: root's alone; root stays root");
    }

    private void takenBack() {
        equal(
                "Permission of range [app/, app0) is revoked from role app",
                as(ROOT, "c").must("role", "revoke-permission", "app", "app/", "--prefix"));
        for (String member : LineCluster.NAMES) {
            refused(as(ANN, member), DENIED, "get", "app/1");
        }
        as(ROOT, "c").must("role", "grant-permission", "app", "readwrite", "app/", "--prefix");
        fact("role revoke-permission counts at once, at each member");
    }

    private void passwords() {
        String changed = CommandLine.run(
                        SOON, as(ROOT).command("user", "passwd", "ann", "--interactive=false"), "second\n")
                .orThrow(List.of("user", "passwd"));
        check(changed.contains("Password updated"), changed);
        refused(as(ANN, "b"), "authentication failed", "get", "app/1");
        check(as("ann:second", "b").run("get", "app/1").ok(), "the new password is good");
        fact("user passwd: the old one is void");
    }

    private void restart() {
        cluster.stopAll();
        LineCluster.NAMES.forEach(cluster::boot);
        LineCluster.NAMES.forEach(cluster::awaitServing);
        for (String member : LineCluster.NAMES) {
            refused(as("", member), NAMELESS, "get", "app/1");
            check(as("ann:second", member).run("get", "app/1").ok(), "ann is known at " + member);
        }
        fact("after all members were killed and started again users and rights are as before");
    }

    /** Neither logs nor directories hold what somebody typed. */
    private void secrets() {
        for (String name : LineCluster.NAMES) {
            check(!cluster.member(name).said().contains(SECRET), "no password in the words of " + name);
        }
        try (Stream<Path> files = Files.walk(cluster.root())) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                String content = new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1);
                check(!content.contains(SECRET), "no password in " + file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        fact("no file and no log holds a password");
    }

    private void disable() {
        as(ROOT).must("auth", "disable");
        equal("private\np", as("", "b").must("get", "private"));
        as("", "c").must("user", "delete", "ann");
        as("", "c").must("role", "delete", "app");
        fact("auth disable: nobody is asked any more");
    }

    private Etcdctl as(String user) {
        return as(user, "a");
    }

    /** {@code NAME:PASSWORD}, empty for nobody. */
    private Etcdctl as(String user, String member) {
        Etcdctl client = new Etcdctl(List.of(), cluster.endpoint(member));
        return user.isEmpty() ? client : client.as(user);
    }

    private static void refused(Etcdctl client, String error, String... arguments) {
        CommandLine.Result result = client.run(arguments);
        check(
                !result.ok() && result.err().contains(error),
                String.join(" ", arguments) + " is refused with '" + error + "', but: " + result);
    }

    private void fact(String text) {
        report.add(text);
    }

    private static void equal(String expected, String actual) {
        check(expected.equals(actual), "expected:\n" + expected + "\nbut was:\n" + actual);
    }

    private static void check(boolean holds, String text) {
        if (!holds) {
            throw new IllegalStateException("does not hold: " + text);
        }
    }

    @Override
    public void close() {
        cluster.close();
    }
}
