package io.metcd.conformance;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.UnaryOperator;

/** The verbs of etcdctl through each member of a line, each with the answer that etcd gives (contract: client.1). */
public final class ClientTable {
    /** Where {@code conformance/clients/install} builds it, if there is a Go. */
    private static final Path NEWEST = Path.of(
            Objects.requireNonNullElse(System.getenv("ETCD_TOOLS"), "conformance/target/etcd-tools"), "etcdctl");

    private static final Duration SOON = Duration.ofSeconds(10);

    /** One verb through one member. */
    private interface Row {
        void run(Etcdctl client, String member);
    }

    private final Map<String, Row> rows = new LinkedHashMap<>();

    private ClientTable() {
        rows.put("put, get, delete", ClientTable::keys);
        rows.put("ranges", ClientTable::ranges);
        rows.put("transactions", ClientTable::txn);
        rows.put("watch: history, live", ClientTable::watch);
        rows.put("leases: grant, keep-alive, revoke", ClientTable::lease);
        rows.put("locks", ClientTable::lock);
        rows.put("elections", ClientTable::elect);
        rows.put("members, status", ClientTable::members);
        rows.put("errors in etcd's words", ClientTable::refusals);
        rows.put("compaction, alarms, defragment, hashes", ClientTable::maintenance);
        rows.put("mirrors", ClientTable::mirror);
    }

    /** Runs every row through every member of a metcd line, by each etcdctl that there is. */
    static List<Findings> play() {
        try (LineCluster cluster = LineCluster.start()) {
            return play(cluster::endpoint);
        }
    }

    /** The same against any cluster whose members are named a, b and c: a real etcd is the oracle of this table. */
    static List<Findings> play(UnaryOperator<String> endpoints) {
        List<Findings> all = new ArrayList<>(List.of(play("etcdctl", endpoints)));
        if (Files.isExecutable(NEWEST)) {
            all.add(play(NEWEST.toString(), endpoints));
        }
        return all;
    }

    /** How many rows hold by Debian's etcdctl through each of the members a, b and c. */
    public static int rowsThrough(UnaryOperator<String> endpoints) {
        return play("etcdctl", endpoints).rows().size();
    }

    private static Findings play(String binary, UnaryOperator<String> endpoints) {
        Map<String, Row> rows = new ClientTable().rows;
        new Etcdctl(List.of(), endpoints.apply("a")).by(binary).must("del", "--prefix", "");
        rows.values()
                .forEach(row -> LineCluster.NAMES.forEach(
                        member -> row.run(new Etcdctl(List.of(), endpoints.apply(member)).by(binary), member)));
        String version = version(binary);
        String name = "etcdctl " + version.substring(0, version.lastIndexOf('.'));
        return new Findings(name, version, LineCluster.NAMES, List.copyOf(rows.keySet()));
    }

    private static String version(String binary) {
        return CommandLine.must(binary, "version")
                .lines()
                .findFirst()
                .orElse("")
                .replace("etcdctl version: ", "");
    }

    private static void keys(Etcdctl client, String member) {
        expect("OK", client.must("put", "kv/" + member, "first"));
        expect("OK\nkv/" + member + "\nfirst", client.must("put", "--prev-kv", "kv/" + member, "second"));
        expect("kv/" + member + "\nsecond", client.must("get", "kv/" + member));
        expect("", client.must("get", "kv/missing"));
        delete(client, member);
    }

    private static void refusals(Etcdctl client, String member) {
        String future = "etcdserver: mvcc: required revision is a future revision";
        refused(client, future, "get", "--rev=1000000000", "kv/" + member);
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

    private static void maintenance(Etcdctl client, String member) {
        String key = "maintenance/" + member;
        client.must("put", key, "1");
        client.must("put", key, "2");
        String revision = Long.toString(revision(client, key));
        expect("compacted revision " + revision, client.must("compaction", "--physical", revision));
        refused(client, "etcdserver: mvcc: required revision has been compacted", "compaction", revision);
        expect("", client.must("alarm", "list"));
        expect("", client.must("alarm", "disarm"));
        String defragmented = client.must("defrag");
        check(defragmented.startsWith("Finished defragmenting etcd member"), defragmented);
        String hash = client.must("endpoint", "hashkv");
        check(hash.contains(client.endpoint() + ", "), hash);
        expect(hash, client.must("endpoint", "hashkv"));
        String status = client.must("endpoint", "status");
        check(status.startsWith(client.endpoint() + ", " + client.memberId() + ", 3."), status);
    }

    /** From one prefix to another of the same cluster, what is there and what comes. */
    private static void mirror(Etcdctl client, String member) {
        String from = "mirror/" + member + "/";
        String to = "mirrored/" + member + "/";
        client.must("put", from + "1", "there");
        List<String> command =
                client.command("make-mirror", "--prefix=" + from, "--dest-prefix=" + to, client.endpoint());
        try (Member mirror = Member.start("mirror-" + member, command)) {
            Waiting.until(
                    "what is there",
                    SOON,
                    mirror::output,
                    () -> client.must("get", to + "1").equals(to + "1\nthere"));
            client.must("put", from + "2", "comes");
            client.must("del", from + "1");
            Waiting.until(
                    "what comes",
                    SOON,
                    mirror::output,
                    () -> client.must("get", "--prefix", to).equals(to + "2\ncomes"));
        }
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
