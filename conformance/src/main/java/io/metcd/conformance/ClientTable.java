package io.metcd.conformance;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.UnaryOperator;

/** The verbs of etcdctl through each member of a line, each with the answer that etcd gives. */
final class ClientTable {
    private static final Duration SOON = Duration.ofSeconds(10);

    /** One verb through one member. */
    private interface Row {
        void run(Etcdctl client, String member);
    }

    private final Map<String, Row> rows = new TreeMap<>();

    private ClientTable() {
        rows.put("put, get", ClientTable::putGet);
        rows.put("get --prefix --limit --rev", ClientTable::ranges);
        rows.put("del", ClientTable::delete);
        rows.put("txn", ClientTable::txn);
        rows.put("watch: history, live", ClientTable::watch);
        rows.put("lease grant, keep-alive, revoke", ClientTable::lease);
        rows.put("lock", ClientTable::lock);
        rows.put("elect", ClientTable::elect);
        rows.put("member list, endpoint health", ClientTable::members);
    }

    /** Runs every row through every member of a metcd line and returns the table, one line a row. */
    static List<String> play() {
        try (LineCluster cluster = LineCluster.start()) {
            return play(cluster::endpoint);
        }
    }

    /** The same against any cluster whose members are named a, b and c: a real etcd is the oracle of this table. */
    static List<String> play(UnaryOperator<String> endpoints) {
        ClientTable table = new ClientTable();
        List<String> report = new ArrayList<>();
        report.add(String.format("%-34s  %s", "etcdctl " + version(), "a     b     c"));
        table.rows.forEach((name, row) -> {
            StringBuilder line = new StringBuilder(String.format("%-34s", name));
            for (String member : LineCluster.NAMES) {
                row.run(new Etcdctl(List.of(), endpoints.apply(member)), member);
                line.append("  ok  ");
            }
            report.add(line.toString().stripTrailing());
        });
        return report;
    }

    private static String version() {
        return CommandLine.must("etcdctl", "version")
                .lines()
                .findFirst()
                .orElse("")
                .replace("etcdctl version: ", "");
    }

    private static void putGet(Etcdctl client, String member) {
        expect("OK", client.must("put", "kv/" + member, "first"));
        expect("OK\nkv/" + member + "\nfirst", client.must("put", "--prev-kv", "kv/" + member, "second"));
        expect("kv/" + member + "\nsecond", client.must("get", "kv/" + member));
        expect("", client.must("get", "kv/missing"));
        refused(client, "etcdserver: requested lease not found", "put", "--lease=1234", "kv/x", "y");
    }

    private static void ranges(Etcdctl client, String member) {
        String prefix = "range/" + member + "/";
        for (String key : List.of("1", "2", "3")) {
            client.must("put", prefix + key, "v" + key);
        }
        long revision = revision(client, prefix + "3");
        client.must("put", prefix + "3", "later");
        expect(prefix + "1\nv1\n" + prefix + "2\nv2", client.must("get", "--prefix", "--limit=2", prefix));
        expect(prefix + "3\nv3", client.must("get", "--rev=" + revision, prefix + "3"));
        expect(
                prefix + "3\n\n" + prefix + "2\n\n" + prefix + "1",
                client.must("get", "--prefix", "--keys-only", "--order=DESCEND", "--sort-by=KEY", prefix));
        refused(
                client,
                "etcdserver: mvcc: required revision is a future revision",
                "get",
                "--rev=" + (revision + 1_000_000),
                prefix);
    }

    private static void delete(Etcdctl client, String member) {
        for (String key : List.of("1", "2", "3")) {
            client.must("put", "del/" + member + "/" + key, "v");
        }
        expect("1", client.must("del", "del/" + member + "/1"));
        expect("2", client.must("del", "--prefix", "del/" + member + "/"));
        expect("0", client.must("del", "--prefix", "del/" + member + "/"));
    }

    private static void txn(Etcdctl client, String member) {
        String key = "txn/" + member;
        String request = "create(\"" + key + "\") = \"0\"\n\nput " + key + " created\n\nget " + key + "\n\n";
        expect("SUCCESS\n\nOK", client.mustWithInput(request, "txn"));
        expect("FAILURE\n\n" + key + "\ncreated", client.mustWithInput(request, "txn"));
    }

    private static void watch(Etcdctl client, String member) {
        String key = "watch/" + member;
        client.must("put", key, "history");
        long revision = revision(client, key);
        try (Member watcher = Member.start("watch-" + member, client.command("watch", "--rev=" + revision, key))) {
            watcher.awaitOutput("history", SOON);
            client.must("put", key, "live");
            watcher.awaitOutput("live", SOON);
            client.must("del", key);
            watcher.awaitOutput("DELETE", SOON);
            expect(
                    "PUT\n" + key + "\nhistory\nPUT\n" + key + "\nlive\nDELETE\n" + key,
                    watcher.output().strip());
        }
    }

    private static void lease(Etcdctl client, String member) {
        String granted = client.must("lease", "grant", "60");
        String id = List.of(granted.split(" ", -1)).get(1);
        expect("lease " + id + " granted with TTL(60s)", granted);
        client.must("put", "--lease=" + id, "lease/" + member, "v");
        expect("lease " + id + " keepalived with TTL(60)", client.must("lease", "keep-alive", "--once", id));
        String left = client.must("lease", "timetolive", "--keys", id);
        check(left.startsWith("lease " + id + " granted with TTL(60s), remaining("), left);
        check(left.endsWith("attached keys([lease/" + member + "])"), left);
        expect("lease " + id + " revoked", client.must("lease", "revoke", id));
        expect("", client.must("get", "lease/" + member));
        client.must("put", "kv/expiring", "v");
    }

    private static void lock(Etcdctl client, String member) {
        expect("held", client.must("lock", "lock/" + member, "echo", "held"));
        expect("", client.must("get", "--prefix", "lock/" + member));
    }

    private static void elect(Etcdctl client, String member) {
        String name = "elect/" + member;
        try (Member candidate = Member.start("elect-" + member, client.command("elect", name, "me"))) {
            candidate.awaitOutput("me", SOON);
            try (Member observer = Member.start("observe-" + member, client.command("elect", "--listen", name))) {
                observer.awaitOutput("me", SOON);
            }
        }
    }

    private static void members(Etcdctl client, String member) {
        List<String> list = client.must("member", "list").lines().toList();
        check(list.size() == LineCluster.NAMES.size(), "three members, but: " + list);
        for (String name : LineCluster.NAMES) {
            check(list.stream().anyMatch(line -> line.contains(", started, " + name + ", ")), name + " in " + list);
        }
        check(client.run("endpoint", "health").ok(), member + " is healthy");
    }

    private static long revision(Etcdctl client, String key) {
        return client.must("get", "-w", "fields", key)
                .lines()
                .filter(line -> line.startsWith("\"ModRevision\" :"))
                .map(line ->
                        Long.parseLong(line.substring(line.indexOf(':') + 1).strip()))
                .findFirst()
                .orElseThrow();
    }

    private static void refused(Etcdctl client, String error, String... arguments) {
        CommandLine.Result result = client.run(arguments);
        check(!result.ok(), String.join(" ", arguments) + " must be refused, but: " + result.out());
        check(result.err().contains(error), "expected the error '" + error + "', but: " + result.err());
    }

    private static void expect(String expected, String actual) {
        check(expected.equals(actual), "expected:\n" + expected + "\nbut was:\n" + actual);
    }

    private static void check(boolean holds, String text) {
        if (!holds) {
            throw new IllegalStateException("does not hold: " + text);
        }
    }
}
