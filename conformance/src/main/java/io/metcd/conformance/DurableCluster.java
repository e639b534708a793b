package io.metcd.conformance;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Members of one product with data directories on this disk, whose processes come and go. */
public final class DurableCluster implements AutoCloseable {
    public static final Duration BOOT_LIMIT = Duration.ofSeconds(60);

    private final Product product;
    private final Path root;
    private final Map<String, Seat> seats = new TreeMap<>();
    private final Map<String, Member> members = new TreeMap<>();
    private final Map<String, Long> bootNanos = new TreeMap<>();
    private final Map<String, List<String>> flags = new TreeMap<>();

    private DurableCluster(Product product, Path root, List<String> names) {
        this.product = product;
        this.root = root;
        names.forEach(this::addSeat);
        names.forEach(name -> flags.put(name, flags("new", names)));
    }

    private List<String> flags(String state, List<String> names) {
        String cluster =
                names.stream().map(name -> name + "=" + seat(name).peerUrl()).collect(Collectors.joining(","));
        return List.of(
                "--initial-cluster", cluster, "--initial-cluster-state", state, "--initial-cluster-token", "torture");
    }

    /** Founds a cluster of members of these names and returns when each serves. */
    public static DurableCluster start(Product product, List<String> names) {
        return start(product, freshRoot(), names);
    }

    /** The same with the members' directories under {@code root}. */
    public static DurableCluster start(Product product, Path root, List<String> names) {
        DurableCluster cluster = new DurableCluster(product, root, names);
        try {
            names.forEach(cluster::boot);
            names.forEach(cluster::awaitServing);
            return cluster;
        } catch (RuntimeException e) {
            cluster.close();
            throw e;
        }
    }

    /** An empty directory of this disk; it goes with this process if it is empty then. */
    public static Path freshRoot() {
        try {
            Path target = Files.createDirectories(Path.of("target"));
            Path fresh = Files.createTempDirectory(target, "durable").toAbsolutePath();
            fresh.toFile().deleteOnExit();
            return fresh;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public List<String> names() {
        return List.copyOf(seats.keySet());
    }

    public Seat seat(String name) {
        return Objects.requireNonNull(seats.get(name), "no seat " + name);
    }

    public String endpoint(String name) {
        return seat(name).endpoint();
    }

    public List<String> endpoints() {
        return seats.values().stream().map(Seat::endpoint).toList();
    }

    /** A place for one more member, on free ports. */
    public Seat addSeat(String name) {
        Seat seat = new Seat(name, Ports.free(), Ports.free(), root.resolve(name));
        seats.put(name, seat);
        return seat;
    }

    /** From now on the seat's member is started to join the cluster that these form, itself among them. */
    public void joinExisting(String name, List<String> names) {
        flags.put(name, flags("existing", names));
    }

    /** The seat's member is gone for good, and so is its directory. */
    public void removeSeat(String name) {
        member(name).close();
        members.remove(name);
        delete(seat(name).directory());
        seats.remove(name);
    }

    /** The process that sits there now, or sat there last. */
    public Member member(String name) {
        return Objects.requireNonNull(members.get(name), "no member " + name);
    }

    public List<Member> members() {
        return List.copyOf(members.values());
    }

    /** Starts a process on the seat, whose last one must have ended. */
    public Member boot(String name) {
        return bootUnder(List.of(), name);
    }

    /** The same under a tool, such as strace, that becomes the process it runs. */
    public Member bootUnder(List<String> prefix, String name) {
        Member last = members.get(name);
        if (last != null) {
            if (last.alive()) {
                throw new IllegalStateException(name + " still runs");
            }
            last.deleteOutput();
        }
        bootNanos.put(name, System.nanoTime());
        Member member = Member.start(name, product.serve(prefix, seat(name), flagsOf(name)));
        members.put(name, member);
        return member;
    }

    /**
     * Waits until the member answers a linearizable read; a process that ends instead is a failure. Returns the time
     * since its process was started.
     */
    public Duration awaitServing(String name) {
        Member member = member(name);
        Waiting.until(name + " serves", BOOT_LIMIT, member::said, () -> {
            if (!member.alive()) {
                throw new IllegalStateException(
                        name + " does not boot from " + seat(name).directory() + ": exited with "
                                + member.awaitExit(Duration.ofSeconds(1)) + "\n" + member.said());
            }
            return Health.healthy(endpoint(name));
        });
        return Duration.ofNanos(System.nanoTime() - Objects.requireNonNull(bootNanos.get(name)));
    }

    /** The flags by which the seat's member finds its cluster. */
    public List<String> flagsOf(String name) {
        return Objects.requireNonNull(flags.get(name), "no flags for " + name);
    }

    public Product.StateMark state(String name) {
        return product.state(endpoint(name));
    }

    /** The member that leads now, or nobody. */
    public String leader() {
        for (String name : seats.keySet()) {
            Etcdctl client = new Etcdctl(List.of(), endpoint(name));
            String leader = client.leader();
            if (!leader.equals("0") && leader.equals(client.memberId())) {
                return name;
            }
        }
        throw new IllegalStateException("no member leads now");
    }

    /** Ends all processes; their directories stay. */
    public void stopAll() {
        members.values().stream().filter(Member::alive).forEach(Member::strike);
        members.values().forEach(member -> member.awaitExit(Duration.ofSeconds(10)));
    }

    public Path root() {
        return root;
    }

    /** Ends all processes and deletes what is under the root, which stays: it may be a mount. */
    @Override
    public void close() {
        stopAll();
        try (var files = Files.list(root)) {
            files.forEach(DurableCluster::delete);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Deletes a directory with all that is in it. */
    public static void delete(Path directory) {
        try (var files = Files.walk(directory)) {
            List<Path> all = new ArrayList<>(files.toList());
            all.sort(Comparator.reverseOrder());
            for (Path file : all) {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
