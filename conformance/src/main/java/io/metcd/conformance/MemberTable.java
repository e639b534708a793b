package io.metcd.conformance;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/** etcdctl's verbs of membership against durable members as processes, each with the answer that etcd gives. */
final class MemberTable implements AutoCloseable {
    private static final Duration SOON = Duration.ofSeconds(30);

    private final DurableCluster cluster;
    private final List<String> report = new ArrayList<>();

    private MemberTable(DurableCluster cluster) {
        this.cluster = cluster;
    }

    /** The whole story, one line a fact. */
    static List<String> play(Product product) {
        try (MemberTable table = new MemberTable(DurableCluster.start(product, LineCluster.NAMES))) {
            table.refusals();
            table.learnerJoins();
            table.leaderMoves();
            table.update();
            table.remove();
            table.voterJoins();
            return List.copyOf(table.report);
        }
    }

    private void refusals() {
        String taken = "--peer-urls=" + cluster.seat("b").peerUrl();
        Waiting.until(
                "the members are connected for long enough to be changed",
                SOON,
                () -> "",
                () -> !a().run("member", "add", "other", taken).err().contains("etcdserver: unhealthy cluster"));
        refused("Peer URLs already exist", "etcdserver: Peer URLs already exists", "member", "add", "other", taken);
        refused("Member not found", "etcdserver: member not found", "member", "remove", "1234");
        refused("Member not found", "etcdserver: member not found", "member", "promote", "1234");
        refused("a voter is no learner", "etcdserver: can only promote a learner member", "member", "promote", id("b"));
        fact("member add, remove, promote of what cannot be: etcd's errors");
    }

    private void learnerJoins() {
        Seat seat = cluster.addSeat("d");
        String added = a().must("member", "add", "d", "--learner", "--peer-urls=" + seat.peerUrl());
        check(added.startsWith("Member ") && added.contains(" added to cluster "), added);
        check(added.contains("ETCD_INITIAL_CLUSTER_STATE=\"existing\""), added);
        check(list().contains(id("d") + ", unstarted, "), list());
        check(list().lines().anyMatch(line -> line.startsWith(id("d")) && line.endsWith(", true")), list());
        refused(
                "a learner that has nothing",
                "etcdserver: can only promote a learner member which is in sync with leader",
                "member",
                "promote",
                id("d"));
        cluster.joinExisting("d", List.of("a", "b", "c", "d"));
        cluster.boot("d");
        await("d is listed as started", () -> list().contains(id("d") + ", started, d, "));
        fact("member add --learner, and its process joins with --initial-cluster-state existing");
        await("d is promoted", () -> a().run("member", "promote", id("d")).ok());
        check(list().lines().anyMatch(line -> line.startsWith(id("d")) && line.endsWith(", false")), list());
        cluster.awaitServing("d");
        client("d").must("put", "joined", "d");
        equal("joined\nd", a().must("get", "joined"));
        fact("member promote: it votes, and a put through it is read through a");
    }

    private void leaderMoves() {
        String leader = cluster.leader();
        String other = cluster.names().stream()
                .filter(name -> !name.equals(leader))
                .findFirst()
                .orElseThrow();
        String moved = client(leader).must("move-leader", id(other));
        check(moved.startsWith("Leadership transferred from " + id(leader) + " to " + id(other)), moved);
        await(other + " leads", () -> a().leader().equals(id(other)));
        check(!client(leader).run("move-leader", id(other)).ok(), "only the leader hands its leadership over");
        client(leader).must("put", "moved", other);
        fact("move-leader: " + leader + " hands leadership over to " + other + ", writes go on");
    }

    /** An address that is added: the old one stays in use. */
    private void update() {
        String own = cluster.seat("b").peerUrl();
        String second = "http://127.0.0.1:" + Ports.free();
        String updated = a().must("member", "update", id("b"), "--peer-urls=" + own + "," + second);
        check(updated.startsWith("Member " + id("b") + " updated in cluster "), updated);
        check(list().contains(second), list());
        a().must("member", "update", id("b"), "--peer-urls=" + own);
        check(!list().contains(second), list());
        fact("member update: the list shows the new addresses");
    }

    private void remove() {
        String gone = id("d");
        String removed = a().must("member", "remove", gone);
        // etcdctl fills an id of fewer digits with spaces.
        check(removed.replace("  ", " ").startsWith("Member " + gone + " removed from cluster "), removed);
        check(!list().contains(gone), list());
        check(cluster.member("d").endsWithin(SOON), "the process of a removed member ends");
        cluster.boot("d");
        check(cluster.member("d").endsWithin(SOON), "a removed member does not come back");
        check(!list().contains(gone), list());
        LineCluster.NAMES.forEach(name -> client(name).must("put", "after", name));
        cluster.removeSeat("d");
        fact("member remove: its process ends, and started again it ends again; the others go on");
    }

    private void voterJoins() {
        Seat seat = cluster.addSeat("e");
        a().must("member", "add", "e", "--peer-urls=" + seat.peerUrl());
        cluster.joinExisting("e", List.of("a", "b", "c", "e"));
        cluster.boot("e");
        cluster.awaitServing("e");
        equal("joined\nd", client("e").must("get", "joined"));
        fact("member add: a voter joins at once and has what was written before");
    }

    private String id(String name) {
        return list().lines()
                .filter(line -> line.contains(cluster.seat(name).peerUrl()))
                .map(line -> line.substring(0, line.indexOf(',')))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("no " + name + " in\n" + list()));
    }

    private String list() {
        return a().must("member", "list");
    }

    private Etcdctl a() {
        return client("a");
    }

    private Etcdctl client(String name) {
        return new Etcdctl(List.of(), cluster.endpoint(name));
    }

    private void await(String what, Supplier<Boolean> condition) {
        Waiting.until(what, SOON, () -> list() + "\n" + cluster.member("d").said(), condition::get);
    }

    private void refused(String what, String error, String... arguments) {
        CommandLine.Result result = a().run(arguments);
        check(!result.ok() && result.err().contains(error), what + " is refused, but: " + result);
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
