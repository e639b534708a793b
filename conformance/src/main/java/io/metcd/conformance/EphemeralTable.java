package io.metcd.conformance;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Three members that keep nothing, as processes: restarted one by one they lose nothing, without their majority they stop
 * and say so, and an operator begins a new cluster with what one of them holds.
 */
final class EphemeralTable implements AutoCloseable {
    private static final Duration SOON = Duration.ofSeconds(60);
    private static final List<String> NAMES = List.of("a", "b", "c");
    private static final List<String> LOST = List.of("a", "b");
    private static final String SURVIVOR = "c";

    private final Path password = LineCluster.passwordFile();
    private final Map<String, Seat> seats = new TreeMap<>();
    private final Map<String, Member> members = new TreeMap<>();
    private final Map<String, String> written = new TreeMap<>();
    private final List<String> report = new ArrayList<>();

    private EphemeralTable() {
        NAMES.forEach(name -> seats.put(name, new Seat(name, Ports.free(), Ports.free(), Path.of("."))));
    }

    /** The whole story, one line a fact. */
    static List<String> play() {
        try (EphemeralTable table = new EphemeralTable()) {
            NAMES.forEach(table::boot);
            NAMES.forEach(table::awaitServing);
            table.rollingRestart();
            table.majorityLost();
            table.refound();
            return List.copyOf(table.report);
        }
    }

    private void rollingRestart() {
        for (String name : NAMES) {
            String other = name.equals("a") ? "b" : "a";
            put(other, "before-" + name);
            String before = id(other, name);
            Member old = member(name);
            if (name.equals(SURVIVOR)) {
                old.kill();
            } else {
                old.stop();
            }
            put(other, "without-" + name);
            boot(name);
            awaitServing(name);
            Waiting.until(
                    name + " votes under another id",
                    SOON,
                    () -> list(other) + member(name).said(),
                    () -> list(other)
                                    .lines()
                                    .filter(line -> line.contains(", started, ") && line.endsWith(", false"))
                                    .count()
                            == NAMES.size());
            check(!id(other, name).equals(before), name + " came back as " + before + "\n" + list(other));
            check(!list(other).contains(before), "the earlier life is gone:\n" + list(other));
            put(name, "after-" + name);
        }
        NAMES.forEach(this::holdsEverything);
        report.add("all three are restarted one by one, each as a new member: " + written.size()
                + " keys, all at each of them");
    }

    private void majorityLost() {
        LOST.forEach(name -> member(name).strike());
        LOST.forEach(name -> check(member(name).endsWithin(SOON), name + " is killed"));
        LOST.forEach(this::boot);
        Waiting.until(
                SURVIVOR + " says what it needs", SOON, () -> status(SURVIVOR).out(), () -> {
                    CommandLine.Result status = status(SURVIVOR);
                    return !status.ok()
                            && status.out().contains("has no majority")
                            && status.out().contains("./metcd refound");
                });
        for (String name : LOST) {
            Waiting.until(
                    name + " waits",
                    SOON,
                    () -> status(name).out(),
                    () -> status(name).out().contains("./metcd refound"));
        }
        check(!client(SURVIVOR).run("--command-timeout=3s", "put", "k", "v").ok(), "nothing is written meanwhile");
        report.add(
                "two of three are killed at once: the cluster stops, and each member says that it waits for refound");
    }

    private void refound() {
        String cluster = clusterId(SURVIVOR);
        CommandLine.Result done = metcd("refound", "--endpoints", seat(SURVIVOR).endpoint());
        check(done.ok(), "refound: " + done);
        Waiting.until(
                "all vote",
                SOON,
                () -> list(SURVIVOR),
                () -> list(SURVIVOR)
                                .lines()
                                .filter(line -> line.endsWith(", false"))
                                .count()
                        == NAMES.size());
        NAMES.forEach(this::awaitServing);
        check(!clusterId(SURVIVOR).equals(cluster), "the cluster has a new id");
        NAMES.forEach(this::holdsEverything);
        NAMES.forEach(name -> put(name, "refound-" + name));
        NAMES.forEach(this::holdsEverything);
        check(!metcd("refound", "--endpoints", seat("a").endpoint()).ok(), "a cluster with a leader is not refounded");
        report.add("refound at the survivor: a cluster of a new id that has every key, and the others come into it");
    }

    private void put(String through, String key) {
        client(through).must("put", key, key + " through " + through);
        written.put(key, key + " through " + through);
    }

    private void holdsEverything(String name) {
        String expected = written.entrySet().stream()
                .map(entry -> entry.getKey() + "\n" + entry.getValue())
                .collect(Collectors.joining("\n"));
        String actual = client(name).must("get", "", "--prefix");
        check(actual.equals(expected), name + " should hold\n" + expected + "\nbut holds\n" + actual);
    }

    private void boot(String name) {
        Seat seat = seat(name);
        String others = seats.values().stream()
                .filter(each -> !each.equals(seat))
                .map(each -> "127.0.0.1:" + each.peerPort())
                .collect(Collectors.joining(","));
        List<String> arguments = new ArrayList<>(List.of("serve", "--ephemeral", "--name", name));
        arguments.addAll(List.of("--cluster", "conformance", "--founders", String.join(",", NAMES)));
        arguments.addAll(List.of("--password-file", password.toString()));
        arguments.addAll(List.of("--listen-peer-urls", seat.peerUrl(), "--join", others));
        arguments.addAll(List.of("--listen-client-urls", seat.clientUrl()));
        arguments.addAll(List.of("--advertise-client-urls", seat.clientUrl()));
        members.put(name, Member.start(name, Member.quick(List.of(), arguments)));
    }

    private void awaitServing(String name) {
        Waiting.until(
                name + " serves",
                SOON,
                member(name)::said,
                () -> Health.healthy(seat(name).endpoint()));
    }

    private Seat seat(String name) {
        return Objects.requireNonNull(seats.get(name), name);
    }

    private Member member(String name) {
        return Objects.requireNonNull(members.get(name), name);
    }

    private Etcdctl client(String name) {
        return new Etcdctl(List.of(), seat(name).endpoint());
    }

    private String list(String through) {
        return client(through).must("member", "list");
    }

    private String id(String through, String name) {
        return list(through)
                .lines()
                .filter(line -> line.contains(", started, " + name + ", "))
                .map(line -> line.substring(0, line.indexOf(',')))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("no " + name + " in\n" + list(through)));
    }

    private CommandLine.Result status(String name) {
        return metcd("status", "--endpoints", seat(name).endpoint());
    }

    private String clusterId(String name) {
        return status(name)
                .out()
                .lines()
                .filter(line -> line.startsWith("clusterId"))
                .findFirst()
                .orElse("");
    }

    private static CommandLine.Result metcd(String... arguments) {
        return CommandLine.run(SOON, Member.metcd(List.of(), arguments));
    }

    private static void check(boolean holds, String text) {
        if (!holds) {
            throw new IllegalStateException("does not hold: " + text);
        }
    }

    @Override
    public void close() {
        members.values().forEach(Member::close);
    }
}
