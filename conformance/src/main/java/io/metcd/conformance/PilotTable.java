package io.metcd.conformance;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;

/** An autopilot over durable members as processes: who is lost is replaced, and comes back as a standby. */
final class PilotTable implements AutoCloseable {
    private static final Duration SOON = Duration.ofSeconds(60);
    private static final Duration LOST = Duration.ofSeconds(6);
    private static final List<String> NAMES = List.of("a", "b", "c", "d");

    private final DurableCluster cluster = DurableCluster.start(
            MetcdProduct.flagged("--autopilot", "on", "--replace-after", LOST.toSeconds() + "s"), LineCluster.NAMES);
    private final List<String> report = new ArrayList<>();

    private PilotTable() {}

    /** The whole story, one line a fact. */
    static List<String> play() {
        try (PilotTable table = new PilotTable()) {
            table.standbyComes();
            table.lostVoterIsReplaced();
            table.lostVoterComesBack();
            table.pause();
            return List.copyOf(table.report);
        }
    }

    private void standbyComes() {
        cluster.addSeat("d");
        cluster.joinExisting("d", NAMES);
        cluster.boot("d");
        cluster.awaitServing("d");
        check(line("d").endsWith(", true"), list());
        a().must("put", "k", "v");
        await(
                "d has what a has",
                () -> client("d").must("get", "k", "--consistency=s").equals("k\nv"));
        report.add("a member that nobody has added comes as a learner, and takes the log");
    }

    private void lostVoterIsReplaced() {
        String gone = id("c");
        cluster.member("c").kill();
        Duration took = await("d votes in the place of c", () -> line("d").endsWith(", false"));
        check(!list().contains(gone), list());
        check(list().lines().filter(line -> line.endsWith(", false")).count() == LineCluster.NAMES.size(), list());
        a().must("put", "without-c", "v");
        report.add("a voter is killed, and replaced in one step, " + took.toSeconds() + " s later (" + LOST.toSeconds()
                + " s until it counts as lost)");
    }

    private void lostVoterComesBack() {
        cluster.boot("c");
        cluster.awaitServing("c");
        await("c is a learner", () -> line("c").endsWith(", true"));
        await(
                "c has what a has",
                () -> client("c").must("get", "without-c", "--consistency=s").equals("without-c\nv"));
        check(cluster.member("c").alive(), "its process goes on");
        report.add("it comes back from its old directory as another member, a learner, by itself");
    }

    private void pause() {
        metcd("autopilot", "pause");
        String gone = id("b");
        cluster.member("b").kill();
        Waiting.until("twice the time has passed", SOON, () -> "", passed(LOST.multipliedBy(2)));
        check(list().contains(gone), "nothing is done while it is paused:\n" + list());
        check(metcd("status").contains("autopilot   paused"), metcd("status"));
        metcd("autopilot", "resume");
        await("c votes in the place of b", () -> line("c").endsWith(", false"));
        check(!list().contains(gone), list());
        report.add("metcd autopilot pause keeps it from that, for every leader, and resume lets it go on");
    }

    private static BooleanSupplier passed(Duration time) {
        long end = System.nanoTime() + time.toNanos();
        return () -> System.nanoTime() - end >= 0;
    }

    private Duration await(String what, BooleanSupplier condition) {
        return Waiting.until(what, SOON, () -> list() + "\n" + why(), condition);
    }

    private String why() {
        StringBuilder text = new StringBuilder();
        cluster.endpoints()
                .forEach(endpoint ->
                        text.append(CommandLine.run(SOON, Member.metcd(List.of(), "why", "--endpoints", endpoint))
                                .out()));
        return text.toString();
    }

    private String metcd(String... words) {
        List<String> arguments = new ArrayList<>(List.of(words));
        arguments.addAll(List.of("--endpoints", cluster.endpoint("a")));
        List<String> command = Member.metcd(List.of(), arguments.toArray(String[]::new));
        return CommandLine.run(SOON, command).orThrow(command);
    }

    private String line(String name) {
        return list().lines()
                .filter(line -> line.contains(", " + name + ", "))
                .findFirst()
                .orElse("");
    }

    private String id(String name) {
        return line(name).substring(0, line(name).indexOf(','));
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
