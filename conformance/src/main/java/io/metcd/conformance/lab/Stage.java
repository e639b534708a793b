package io.metcd.conformance.lab;

import io.metcd.conformance.Etcdctl;
import io.metcd.conformance.Health;
import io.metcd.conformance.Member;
import io.metcd.conformance.Namespaces;
import io.metcd.conformance.Waiting;
import io.metcd.conformance.client.KvClient;
import io.metcd.conformance.torture.Ledger;
import io.metcd.conformance.torture.Writers;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * A scenario's hosts and processes, and clients that write through every member the whole time. From this process a wire
 * leads to the client port of each; nobody forwards over it, so it is no way between them.
 *
 * <p>Members keep nothing, and each lives within a small heap: one that took more than its bounds would end, and that
 * fails the scenario. For one thread.
 */
final class Stage implements AutoCloseable {
    /** How soon all must be equal after a story. */
    private static final Duration EQUAL_LIMIT = Duration.ofSeconds(30);

    private static final Duration FORM_LIMIT = Duration.ofSeconds(60);
    /** A client asks twenty times a second, and bears what etcdctl bears. */
    private static final Writers.Pace PACE = new Writers.Pace(Duration.ofMillis(50), Duration.ofSeconds(5));

    private static final Duration CALL_LIMIT = Duration.ofSeconds(10);
    private static final long LOOK_NANOS = 100_000_000;
    private static final String KEYS = "t/";
    /** Where every peer that listens does so. */
    static final int MESH_PORT = 2380;

    private static final int CLIENT_PORT = 2379;

    private final Shape shape;
    private final Ground ground;
    private final Namespaces hosts = Namespaces.of();
    private final Path password;
    private final List<String> jvm;
    private final Sight sight;
    private final SortedMap<String, Member> processes = new TreeMap<>();
    private final Ledger ledger = new Ledger();
    private final List<String> facts = new ArrayList<>();
    private final Thread interrupted = new Thread(this::end, "lab-interrupted");
    private @Nullable Writers writers;
    private long markedTerm;

    /**
     * A stage with its hosts, and no process yet.
     *
     * @param jvm options for every process
     */
    Stage(Row row, Path password, List<String> jvm) {
        this.shape = row.shape();
        this.ground = row.ground();
        this.password = password;
        this.jvm = List.copyOf(jvm);
        this.sight = new Sight(this::endpoint, jvm);
        Runtime.getRuntime().addShutdownHook(interrupted);
        try {
            ground.lay(hosts, shape);
            shape.peers().forEach(peer -> hosts.wire(Namespaces.HERE, peer));
        } catch (RuntimeException e) {
            close();
            throw e;
        }
    }

    Namespaces hosts() {
        return hosts;
    }

    Sight sight() {
        return sight;
    }

    List<String> voters() {
        return shape.voters();
    }

    /** The voters but these. */
    List<String> without(String... names) {
        return voters().stream().filter(name -> !List.of(names).contains(name)).toList();
    }

    /** host:port of a peer's client port. */
    String endpoint(String name) {
        return hosts.address(name, Namespaces.HERE) + ":" + CLIENT_PORT;
    }

    Etcdctl client(String name) {
        return new Etcdctl(List.of(), endpoint(name));
    }

    /** Starts all but {@code later}, returns when every voter serves, and lets clients write from then on. */
    void form(String... later) {
        found(later);
        write();
    }

    /** Starts all but {@code later}, and returns when every voter serves. */
    void found(String... later) {
        long start = System.nanoTime();
        shape.peers().stream().filter(peer -> !List.of(later).contains(peer)).forEach(this::boot);
        voters().forEach(this::awaitServing);
        fact("formed in " + since(start).toMillis() + " ms");
    }

    /** Lets clients write through every voter until the end. */
    void write() {
        writers = new Writers(ledger, voters().stream().map(this::endpoint).toList(), 1, PACE);
        writers.start(KEYS);
        mark();
    }

    /** Starts a peer's process, whose last one must have ended. */
    void boot(String name) {
        List<String> serve = new ArrayList<>(List.of("serve", "--name", name, "--cluster", "lab"));
        serve.addAll(List.of("--password-file", password.toString()));
        serve.addAll(List.of("--listen-client-urls", "http://0.0.0.0:" + CLIENT_PORT));
        List<String> joins = shape.dialledBy(name).stream()
                .map(other -> ground.address(hosts, name, other) + ":" + MESH_PORT)
                .toList();
        if (!joins.isEmpty()) {
            serve.addAll(List.of("--join", String.join(",", joins)));
        }
        serve.addAll(
                shape.listens(name)
                        ? List.of("--listen-peer-urls", "http://0.0.0.0:" + MESH_PORT)
                        : List.of("--no-mesh-listen"));
        if (shape.relays().contains(name)) {
            serve.addAll(List.of("--role", "relay"));
        } else {
            serve.addAll(List.of("--ephemeral", "--founders", String.join(",", voters())));
            serve.addAll(List.of("--advertise-client-urls", "http://" + endpoint(name)));
        }
        processes.put(name, Member.start(name, Member.metcd(hosts.prefix(name), jvm, serve)));
    }

    void awaitServing(String voter) {
        Waiting.until(
                voter + " serves",
                FORM_LIMIT,
                process(voter)::said,
                () -> process(voter).alive() && Health.healthy(endpoint(voter)));
    }

    /** Starts a relay that was killed; returns when it says that it relays. */
    void returns(String relay) {
        boot(relay);
        process(relay).awaitOutput("ready to relay", FORM_LIMIT);
    }

    Member process(String name) {
        return Objects.requireNonNull(processes.get(name), "no process " + name);
    }

    /** One linearizable write through a member by a client that tries for so long. */
    boolean puts(String voter, Duration patience) {
        String key = KEYS + "once/" + voter + "/" + System.nanoTime();
        try (KvClient client = KvClient.open(endpoint(voter), patience)) {
            long before = ledger.attempt(key);
            ledger.acknowledge(key, client.put(key, Ledger.valueOf(key)), before);
            return true;
        } catch (IOException e) {
            return false; // refused, or no answer in time
        }
    }

    /** From here on elections and failed writes count. */
    void mark() {
        markedTerm = term();
        voters().forEach(this::forgetFailures);
    }

    private void forgetFailures(String voter) {
        writers().failed(endpoint(voter));
        writers().slowest(endpoint(voter));
    }

    /** Elections since the mark, by the terms that members tell. */
    long elections() {
        return term() - markedTerm;
    }

    private long term() {
        return voters().stream().mapToLong(sight::term).max().orElse(0);
    }

    /** Looks for so long whether the term changes, and returns when it has not. */
    void calm(Duration time) {
        long end = System.nanoTime() + time.toNanos();
        while (System.nanoTime() < end) {
            must(elections() == 0, "elections=" + elections() + " (limit 0)");
            LockSupport.parkNanos(LOOK_NANOS);
        }
        fact("elections=0 (limit 0)");
    }

    /** No write through these has failed since the mark, and each of them has had some. */
    void noWriteFailed(Collection<String> through) {
        List<String> slowest = new ArrayList<>();
        for (String voter : through) {
            long failed = writers().failed(endpoint(voter));
            must(
                    failed == 0,
                    "failed writes through " + voter + "=" + failed + " (limit 0), the last: "
                            + writers().lastFailure(endpoint(voter)));
            long millis = writers().slowest(endpoint(voter)).toMillis();
            must(millis > 0, "writes through " + voter + " go on");
            slowest.add(voter + " " + millis);
        }
        fact("failed writes=0 (limit 0), slowest ms " + String.join(", ", slowest));
    }

    /** Waits for something that must come within the limit after {@code fromNanos}; its time is a figure. */
    void within(String what, long fromNanos, Duration limit, BooleanSupplier condition) {
        Waiting.until(what, limit.multipliedBy(3), this::whatIsSeen, condition);
        Duration took = since(fromNanos);
        String fact = what + " " + took.toMillis() + " ms (limit " + limit.toMillis() + ")";
        must(took.compareTo(limit) <= 0, fact);
        fact(fact);
    }

    void must(boolean holds, String what) {
        if (!holds) {
            throw new IllegalStateException("does not hold: " + what + "; " + whatIsSeen());
        }
    }

    void fact(String text) {
        facts.add(text);
    }

    /** Forgets all figures but these: of what happened many times, the worst is told. */
    void onlyFacts(List<String> kept) {
        facts.clear();
        facts.addAll(kept);
    }

    List<String> facts() {
        return List.copyOf(facts);
    }

    /**
     * The end of every story: clients stop, every member has every acknowledged write, all are equal, and no process has
     * ended that should live.
     */
    void settle() {
        writers().close();
        writers().check();
        long start = System.nanoTime();
        Waiting.until("all members are equal", EQUAL_LIMIT, this::whatIsSeen, this::allEqual);
        Duration equal = since(start);
        for (String voter : voters()) {
            Ledger.Expectation expected = ledger.expect(KEYS);
            try (KvClient client = KvClient.open(endpoint(voter), CALL_LIMIT)) {
                expected.mustEqual(client.list(KEYS), voter);
            } catch (IOException e) {
                throw new UncheckedIOException("cannot read through " + voter, e);
            }
        }
        processes.forEach((name, process) -> {
            must(process.alive(), name + " lives: " + process.said());
            must(!process.output().contains("OutOfMemoryError"), name + " stays within its memory");
        });
        fact(ledger.acknowledged() + " acknowledged writes, 0 lost, all equal after " + equal.toMillis() + " ms");
    }

    private boolean allEqual() {
        return voters().stream()
                        .map(sight::status)
                        .map(page -> page.text("applied") + " " + page.text("stateHash"))
                        .distinct()
                        .count()
                == 1;
    }

    /** For the text of a failure. */
    private String whatIsSeen() {
        StringBuilder seen = new StringBuilder();
        for (String voter : voters()) {
            Page status = sight.status(voter);
            seen.append(voter)
                    .append(": term ")
                    .append(status.text("term"))
                    .append(" leader ")
                    .append(status.text("leaderName"))
                    .append(" applied ")
                    .append(status.text("applied"));
            for (Page peer : sight.mesh(voter).pages("peers")) {
                seen.append(", ").append(peer.text("explain"));
            }
            seen.append(" | ");
        }
        return seen.toString();
    }

    private Writers writers() {
        return Objects.requireNonNull(writers, "write() comes first");
    }

    static Duration since(long startNanos) {
        return Duration.ofNanos(System.nanoTime() - startNanos);
    }

    @Override
    public void close() {
        Runtime.getRuntime().removeShutdownHook(interrupted);
        end();
    }

    private void end() {
        processes.values().forEach(Member::close);
        Writers running = writers;
        if (running != null) {
            running.close();
        }
        hosts.close();
    }
}
