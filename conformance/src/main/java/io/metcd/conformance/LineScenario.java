package io.metcd.conformance;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Scenario "line-of-three" with real hosts: a and c cannot exchange a packet, b relays for them. The cluster forms and
 * serves on all three; loses a leader at an end of the line; loses its relay for a while; loses one wire for a while.
 * Every write that was acknowledged in any of it must be there at the end.
 */
final class LineScenario implements AutoCloseable {
    private static final Duration ELECTION_LIMIT = Duration.ofSeconds(3);
    private static final Duration RESUME_LIMIT = Duration.ofSeconds(5);
    private static final Duration HEAL_LIMIT = Duration.ofSeconds(10);

    private final Namespaces hosts = Namespaces.of("a", "b", "c");
    private final Map<String, Member> members = new TreeMap<>();
    private final Map<String, String> acknowledged = new TreeMap<>();
    private final List<String> report = new ArrayList<>();
    private int writes;

    /** Runs the whole story and returns one line a fact, each with its figure. */
    static List<String> play() {
        try (LineScenario scenario = new LineScenario()) {
            scenario.form();
            scenario.freezeTheRelay();
            scenario.cutAndHeal();
            scenario.killALeaderAtAnEnd();
            scenario.nothingIsLost();
            return List.copyOf(scenario.report);
        }
    }

    private void form() {
        hosts.wire("a", "b");
        hosts.wire("b", "c");
        check(hosts.reaches("a", hosts.address("b", "a")), "a reaches b");
        check(!hosts.reaches("a", hosts.address("c", "b")), "a has no path to c");
        Path password = LineCluster.passwordFile();
        long start = System.nanoTime();
        for (String name : LineCluster.NAMES) {
            List<String> arguments = new ArrayList<>(List.of("serve", "--ephemeral", "--name", name));
            arguments.addAll(List.of("--cluster", "line", "--founders", "a,b,c"));
            arguments.addAll(List.of("--password-file", password.toString()));
            arguments.addAll(
                    switch (name) {
                        case "b" -> List.of("--listen-peer-urls", "http://0.0.0.0:2380");
                        default -> List.of("--no-mesh-listen", "--join", hosts.address("b", name) + ":2380");
                    });
            members.put(name, Member.start(name, Member.quick(hosts.prefix(name), arguments)));
        }
        members.values().forEach(m -> m.awaitOutput("ready to serve client requests", LineCluster.READY_LIMIT));
        fact("formed and served on all three", Duration.ofNanos(System.nanoTime() - start), null);
        for (String name : LineCluster.NAMES) {
            check(put(name), "a put through " + name + " is acknowledged");
        }
    }

    /** Without the relay no two members hear each other: nothing may be acknowledged, and nothing may break. */
    private void freezeTheRelay() {
        member("b").freeze();
        String error = "";
        try {
            CommandLine.Result refused = etcdctl("a").run("--command-timeout=20s", "put", "frozen", "refused");
            error = refused.err();
            check(!refused.ok(), "a write without a quorum is refused, but got: " + refused.out());
            check(error.contains("etcdserver: "), "the refusal is etcd's own error, but was: " + error);
        } finally {
            member("b").thaw();
        }
        Duration resumed = Waiting.until(
                "a write through a after b goes on", RESUME_LIMIT.multipliedBy(3), () -> "", () -> put("a"));
        fact("relay frozen: refused with '" + etcdError(error) + "', writes went on after", resumed, RESUME_LIMIT);
        awaitPut("c");
    }

    private void cutAndHeal() {
        hosts.cut("b", "c");
        awaitPut("a");
        awaitPut("b");
        CommandLine.Result minority = etcdctl("c").run("--command-timeout=2s", "put", "minority", "refused");
        check(!minority.ok(), "c alone must not acknowledge, but got: " + minority.out());
        for (int i = 0; i < 20; i++) {
            check(put(i % 2 == 0 ? "a" : "b"), "a put while c is cut off");
        }
        hosts.heal();
        Duration healed = Waiting.until("a write through c after the heal", HEAL_LIMIT, () -> "", () -> put("c"));
        fact("b–c cut and healed: c serves writes after", healed, HEAL_LIMIT);
    }

    private void killALeaderAtAnEnd() {
        String leader = moveLeaderToAnEnd();
        String other = leader.equals("a") ? "c" : "a";
        String old = etcdctl("b").leader();
        member(leader).kill();
        long killed = System.nanoTime();
        Waiting.until("a new leader seen by b", ELECTION_LIMIT.multipliedBy(5), member("b")::output, () -> {
            String now = etcdctl("b").leader();
            return !now.equals("0") && !now.equals(old);
        });
        fact("leader at " + leader + " killed: new leader after", sinceNanos(killed), ELECTION_LIMIT);
        awaitPut("b");
        awaitPut(other);
        fact("  and a write through both that remain after", sinceNanos(killed), RESUME_LIMIT.multipliedBy(2));
        members.remove(leader);
    }

    /** The relay is often elected, being nearest to both: it then hands its leadership over. */
    private String moveLeaderToAnEnd() {
        String leader = etcdctl("b").leader();
        String a = etcdctl("a").memberId();
        if (leader.equals(etcdctl("c").memberId())) {
            return "c";
        }
        if (!leader.equals(a)) {
            etcdctl("b").must("move-leader", a);
        }
        Waiting.until(
                "a leads",
                ELECTION_LIMIT,
                member("b")::output,
                () -> etcdctl("b").leader().equals(a));
        return "a";
    }

    private void nothingIsLost() {
        for (String name : members.keySet()) {
            Map<String, String> stored = new TreeMap<>();
            List<String> lines =
                    etcdctl(name).must("get", "--prefix", "write/").lines().toList();
            for (int i = 0; i + 1 < lines.size(); i += 2) {
                stored.put(lines.get(i), lines.get(i + 1));
            }
            acknowledged.forEach((key, value) -> check(
                    value.equals(stored.get(key)), key + " was acknowledged and " + name + " has " + stored.get(key)));
        }
        report.add(acknowledged.size() + " acknowledged writes, 0 lost, read through "
                + String.join(" and ", members.keySet()));
    }

    private boolean put(String name) {
        String key = String.format("write/%05d", ++writes);
        String value = name + "-" + writes;
        boolean ok =
                etcdctl(name).run("--command-timeout=2s", "put", key, value).ok();
        if (ok) {
            acknowledged.put(key, value);
        }
        return ok;
    }

    private void awaitPut(String name) {
        Waiting.until("a put through " + name, HEAL_LIMIT.multipliedBy(2), member(name)::output, () -> put(name));
    }

    private Member member(String name) {
        return Objects.requireNonNull(members.get(name), "no member " + name);
    }

    private Etcdctl etcdctl(String name) {
        return new Etcdctl(hosts.prefix(name), "127.0.0.1:2379");
    }

    private void fact(String text, Duration took, @Nullable Duration limit) {
        report.add(text + " " + took.toMillis() + " ms" + (limit == null ? "" : " (limit " + limit.toMillis() + ")"));
        check(limit == null || took.compareTo(limit) <= 0, report.get(report.size() - 1));
    }

    private static String etcdError(String stderr) {
        int at = stderr.indexOf("etcdserver: ");
        return at < 0
                ? stderr
                : stderr.substring(at)
                        .lines()
                        .findFirst()
                        .orElse("")
                        .replace("\"}", "")
                        .strip();
    }

    private static Duration sinceNanos(long start) {
        return Duration.ofNanos(System.nanoTime() - start);
    }

    private static void check(boolean holds, String text) {
        if (!holds) {
            throw new IllegalStateException("does not hold: " + text);
        }
    }

    @Override
    public void close() {
        members.values().forEach(Member::close);
        hosts.close();
    }
}
