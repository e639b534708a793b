package io.metcd.embed;

import io.metcd.base.Clock;
import io.metcd.journal.file.FileDisk;
import io.metcd.mesh.Mesh;
import io.metcd.mesh.Profile;
import io.metcd.mesh.TopologyView;
import io.metcd.mesh.net.MeshServer;
import io.metcd.node.FoundingLock;
import io.metcd.node.Limits;
import io.metcd.node.Replica;
import io.metcd.node.ReplicaConfig;
import io.metcd.node.ReplicaStatus;
import io.metcd.node.ReplicaStatus.Phase;
import io.metcd.node.autopilot.Mode;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

/**
 * One member of a cluster, inside this process: keys and values, watches, leases, locks and elections, consistent over
 * all members. No port for clients is opened.
 *
 * <pre>{@code
 * try (Metcd node = Metcd.builder().name("orders-1").cluster("orders").password(secret)
 *         .join("10.0.0.7:2380").founders("orders-1", "orders-2", "orders-3").ephemeral().start()) {
 *     node.awaitReady(Duration.ofMinutes(1));
 *     node.kv().put("k", "v");
 *     try (Lock lock = node.lock("nightly").acquire(Duration.ofSeconds(10))) {
 *         use(lock.fencingToken());
 *     }
 * }
 * }</pre>
 *
 * <p>The cluster begins when all its founders have met once, and then serves as long as a majority of them lives and
 * finds a way to each other, directly or through other members. Threads: {@code metcd-replica-NAME} for consensus,
 * {@code metcd-mesh-NAME} for the network, {@code metcd-watch-NAME}, {@code metcd-timer-NAME} and
 * {@code metcd-callback-NAME-N} for watches, renewals and the listeners of this API, and for a durable member
 * {@code metcd-journal-NAME} and {@code metcd-snapshot-NAME} for its disk; all are daemons.
 *
 * <p>Everything here may be called from any thread, but not from a thread of the member's own that must not block.
 */
public final class Metcd implements AutoCloseable {
    private static final long LOOK_NANOS = 5_000_000L;

    private final MeshServer mesh;
    private final Replica replica;
    private final ReplicaThread thread;
    private final Storage storage;
    private final ExecutorService callbacks;
    private final ScheduledExecutorService timer;
    private final WatchPump pump;
    private final Kv kv;
    private final Leases leases;
    private final Contest.Room room;
    private final AtomicBoolean closed = new AtomicBoolean();

    /** What the builder has made. */
    record Parts(MeshServer mesh, Replica replica, ReplicaThread thread, Storage storage, Builder settings) {}

    Metcd(Parts parts) {
        this.mesh = parts.mesh();
        this.replica = parts.replica();
        this.thread = parts.thread();
        this.storage = parts.storage();
        Builder settings = parts.settings();
        String name = settings.name;
        Calls calls = new Calls(replica, Assembly.requestNanos(settings), settings.requestBytesMax);
        this.callbacks = Executors.newCachedThreadPool(daemons("metcd-callback-" + name + "-"));
        this.timer = Executors.newSingleThreadScheduledExecutor(daemons("metcd-timer-" + name + "-"));
        this.pump = new WatchPump(name, replica.root(), callbacks);
        this.kv = new Kv(calls);
        this.leases = new Leases(calls, timer, callbacks);
        this.room = new Contest.Room(kv, leases, pump, settings.holdTime);
        replica.subscribe(pump);
        thread.drive(replica);
    }

    /** Begins to say what the member is. */
    public static Builder builder() {
        return new Builder();
    }

    /**
     * Waits until this member serves: the cluster is founded and a leader is known. False when the time is over, or the
     * member cannot go on; {@link #waitsFor()} says why.
     */
    public boolean awaitReady(Duration timeout) {
        long deadline = Clock.system().nanos() + timeout.toNanos();
        while (true) {
            ReplicaStatus status = replica.status();
            long left = deadline - Clock.system().nanos();
            if (serves(status) || status.isOver() || left <= 0) {
                return serves(status);
            }
            // Nobody tells of a leader that is found again, so that this looks now and then.
            LockSupport.parkNanos(this, Math.min(left, LOOK_NANOS));
            if (Thread.currentThread().isInterrupted()) {
                return false;
            }
        }
    }

    /** What this member waits for, in words for an operator; empty when it serves. */
    public String waitsFor() {
        return replica.status().waitsFor();
    }

    /** Keys and values. */
    public Kv kv() {
        return kv;
    }

    /** Hears of every change, from now on, of keys that start with the prefix. */
    public Watcher watch(String prefix, Consumer<WatchEvent> listener) {
        return watch(Watch.prefix(prefix), listener::accept);
    }

    /** Hears of changes; from whichever revision the watch says, without a gap. */
    public Watcher watch(Watch watch, WatchListener listener) {
        return pump.watch(watch, listener);
    }

    /** Leases. */
    public Leases lease() {
        return leases;
    }

    /** A lock by its name. */
    public Mutex lock(String name) {
        return new Mutex(new Contest(room, name), () -> replica.status().epoch());
    }

    /** An election by its name. */
    public Election election(String name) {
        return new Election(new Contest(room, name), () -> replica.status().epoch());
    }

    /** The mesh below this member: who is there, and by which path. */
    public Mesh mesh() {
        return mesh;
    }

    /** The last strangers that were refused at this peer's door, and why. */
    public List<MeshServer.RefusedPeer> refusedPeers() {
        return mesh.refusedPeers();
    }

    /** For the modules that serve clients from this member; without a promise of compatibility, as {@link #disk()}. */
    public Replica replica() {
        return replica;
    }

    public Optional<FileDisk> disk() {
        return storage.disk();
    }

    /** Leaves in order: frees locks and leases, answers what waits, tells the others, closes every link. Idempotent. */
    @Override
    public void close() {
        if (!closed.compareAndSet(false, true)) {
            return;
        }
        if (replica.status().hasLeader()) {
            leases.close();
        }
        pump.close();
        replica.stop();
        thread.join();
        mesh.stop();
        storage.close();
        timer.shutdownNow();
        callbacks.shutdown();
    }

    private static boolean serves(ReplicaStatus status) {
        return status.phase() == Phase.RUNNING && status.hasLeader();
    }

    private static ThreadFactory daemons(String prefix) {
        AtomicLong number = new AtomicLong();
        return task -> {
            Thread made = new Thread(task, prefix + number.incrementAndGet());
            made.setDaemon(true);
            return made;
        };
    }

    /** Says what a member is. Needed: a name, and one of {@link #durable} and {@link #ephemeral}. Not thread-safe. */
    public static final class Builder {
        /** As etcd's default. */
        static final int REQUEST_BYTES_MAX = 1_572_864;

        static final int REQUEST_BYTES_LIMIT = 16 << 20;

        String name = "default";
        String cluster = "metcd";
        MeshSettings mesh = MeshSettings.DEFAULT;
        boolean ephemeral;
        boolean existing;
        boolean alone;
        int learnersMax = 1;
        String zone = "";
        Mode autopilot = Mode.ON;
        Optional<Integer> voters = Optional.empty();
        Optional<Duration> replaceAfter = Optional.empty();
        Optional<Path> directory = Optional.empty();
        List<String> founders = List.of();
        int expected;
        Optional<Path> foundingLockFile = Optional.empty();
        Optional<FoundingLock> foundingLock = Optional.empty();
        boolean splitRisk;
        List<String> clientUrls = List.of();
        int requestBytesMax = REQUEST_BYTES_MAX;
        long quotaBytes = Limits.DEFAULT.quotaBytes();
        ReplicaConfig.Timing timing = ReplicaConfig.Timing.LAN;
        Optional<Duration> requestTimeout = Optional.empty();
        Duration holdTime = Duration.ofSeconds(10);
        Consumer<TopologyView> onTopology = view -> {};

        private Builder() {}

        /** This member's name, unlike any other member's; "default" if not said. */
        public Builder name(String text) {
            name = text;
            return this;
        }

        /** The cluster's name, the same for all its members; "metcd" if not said. */
        public Builder cluster(String text) {
            cluster = text;
            return this;
        }

        /** How this member takes part in the mesh, from what was said of it so far. */
        public Builder mesh(UnaryOperator<MeshSettings> change) {
            mesh = change.apply(mesh);
            return this;
        }

        /**
         * The group key that every member must have, as {@code ./metcd password gen} makes it. Without one, the mesh is
         * refused beyond this machine.
         */
        public Builder password(String text) {
            return mesh(settings -> settings.withPassword(text));
        }

        /** Accepts a password that was not generated, and can be guessed by whoever gets this member to dial it. */
        public Builder allowWeakPassword() {
            return mesh(MeshSettings::withWeakPassword);
        }

        /** Runs the mesh without a password beyond this machine: whoever reaches it may join. */
        public Builder insecureMesh() {
            return mesh(MeshSettings::withoutProof);
        }

        /** Addresses of other members, as HOST:PORT; one that is reachable is enough. */
        public Builder join(String... addresses) {
            return mesh(settings -> settings.withSeeds(addresses));
        }

        /** The names of the members that found the cluster, this one among them; itself alone if not said. */
        public Builder founders(String... names) {
            return founders(List.of(names));
        }

        /** As {@link #founders(String...)}. */
        public Builder founders(List<String> names) {
            founders = List.copyOf(names);
            return this;
        }

        /**
         * Lets so many members found the cluster, whoever they are, instead of named ones. Two halves of a network must
         * not both do that, so this needs one of three: {@link #durable}, where every founder keeps its promise and
         * fewer than twice as many directories ever take part; a {@link #foundingLock(Path)}; or
         * {@link #acceptSplitRisk()}.
         */
        public Builder expect(int count) {
            if (count < 1) {
                throw new IllegalArgumentException("expect at least one founder, not " + count);
            }
            expected = count;
            return this;
        }

        /** A file that all founders share, and that belongs to whichever cluster of this name takes it first. */
        public Builder foundingLock(Path file) {
            foundingLockFile = Optional.of(file);
            return this;
        }

        /** Another place outside the cluster that decides which cluster of this name is founded. */
        public Builder foundingLock(FoundingLock lock) {
            foundingLock = Optional.of(lock);
            return this;
        }

        /**
         * Lets counted founders without a disk and without a lock found: each half of a network that has enough of them
         * founds a cluster of its own. When the two meet they tell of it in log and status and never merge; the one that
         * was founded later takes no writes while they can reach each other.
         */
        public Builder acceptSplitRisk() {
            splitRisk = true;
            return this;
        }

        /** Accepts other members at HOST:PORT; port 0 takes a free one. Without, a free port of this machine alone. */
        public Builder listen(String address) {
            return mesh(settings -> settings.withListen(address));
        }

        /** Accepts nobody, and only dials. */
        public Builder noListen() {
            return mesh(MeshSettings::withoutListening);
        }

        /** Carries no traffic of others. */
        public Builder noRelay() {
            return mesh(MeshSettings::withoutRelaying);
        }

        /**
         * Keeps everything in this directory, which is this member's alone; it is made if there is none. A member that
         * restarts goes on as the same one.
         */
        public Builder durable(Path path) {
            directory = Optional.of(path);
            return this;
        }

        /**
         * Comes into a cluster that exists: to the place that was made for this member, known by {@link #peerUrls}, or,
         * where an autopilot is on, as one that waits until its vote is needed. After its first start a member needs to be
         * told no more. Of {@link #founders} only its own name is asked for.
         */
        public Builder existing() {
            existing = true;
            return this;
        }

        /**
         * Begins a new cluster, of which this member is the only one, with what its directory holds: for when the others
         * are gone for good. Without effect on a member that is alone already.
         */
        public Builder forceNewCluster() {
            alone = true;
            return this;
        }

        /** How many learners operators may add to the cluster; 1 if not said. */
        public Builder maxLearners(int learners) {
            learnersMax = learners;
            return this;
        }

        /** Where this member runs: what members of one zone have in common may fail, and takes all of them with it. */
        public Builder zone(String name) {
            zone = name;
            return this;
        }

        /**
         * Whether this member, when it leads, changes by itself who votes; the same for all members, ON if not said. The
         * place of a voter that is lost (after 15 minutes if members are durable, else after 10 seconds) is taken by one
         * that has come with {@link #existing}; so are places that were never taken, and zones are evened out.
         */
        public Builder autopilot(Mode mode) {
            autopilot = mode;
            return this;
        }

        /** How many members should vote: 3, 5 or 7; enough for the founders if not said. */
        public Builder voters(int count) {
            voters = Optional.of(count);
            return this;
        }

        /** For how long a voter must be gone before another takes its place. */
        public Builder replaceAfter(Duration time) {
            replaceAfter = Optional.of(time);
            return this;
        }

        /** Keeps nothing on disk: a member that restarts is another one, and takes the place of its earlier life. */
        public Builder ephemeral() {
            ephemeral = true;
            return this;
        }

        /** Where clients of a server in this process may connect, as the member list says it. */
        public Builder clientUrls(List<String> urls) {
            clientUrls = List.copyOf(urls);
            return this;
        }

        /** Where other members may dial this one, as http://HOST:PORT; what follows from the listener if not said. */
        public Builder peerUrls(List<String> urls) {
            return mesh(settings -> settings.withUrls(urls));
        }

        /** Heartbeats, and how long none may come before an election; 100 ms and 1 s. Both are longer on slow paths. */
        public Builder timing(Duration heartbeat, Duration election) {
            timing = Assembly.timing(timing, heartbeat, election);
            return this;
        }

        /**
         * Lets the leader answer reads without asking the others, who promise not to elect another for an election time.
         * All members must do so or none: stop them all to change it. Their clocks must not differ in speed by more than
         * a tenth, nor stand still with the machine while others go on. A leader that vanishes is replaced later.
         */
        public Builder leaseReads() {
            timing = timing.withLeaseReads();
            return this;
        }

        /** Lets a new leader go on with what was left of long leases minutes ago, not with all of their time. */
        public Builder leaseCheckpoints() {
            timing = timing.withLeaseCheckpoints();
            return this;
        }

        /** The intervals and bounds of the mesh; those of a local network if not said. */
        public Builder profile(Profile intervals) {
            return mesh(settings -> settings.withProfile(intervals));
        }

        /**
         * The size of the store at which this member refuses writes with {@link MetcdException.Reason#NO_SPACE}, and
         * raises the alarm NOSPACE, which keeps every member from writing until it is disarmed; 2 GiB if not said, 0 or
         * less for none. Never more than 45 % of the maximum heap.
         */
        public Builder quotaBytes(long bytes) {
            quotaBytes = bytes;
            return this;
        }

        /**
         * The largest request that members hand each other: the same for all members, at most 16 MiB; 1.5 MiB if not
         * said. A server on this member must not allow a larger one.
         */
        public Builder requestBytesMax(int bytes) {
            requestBytesMax = bytes;
            return this;
        }

        /** How long a request of this API may take; 5 s and two election times if not said. */
        public Builder requestTimeout(Duration limit) {
            requestTimeout = Optional.of(limit);
            return this;
        }

        /** After how long a lock or leadership of a member that has vanished is free again; 10 s if not said. */
        public Builder holdTime(Duration time) {
            holdTime = time;
            return this;
        }

        /** Hears of each change of the mesh, on the mesh's thread, which it must not block. */
        public Builder onTopology(Consumer<TopologyView> listener) {
            onTopology = listener;
            return this;
        }

        /**
         * Starts the member and returns; {@link Metcd#awaitReady} waits until it serves.
         *
         * @throws io.metcd.mesh.net.MeshStartFailure if a port is taken, an address or the password is wrong; says the
         *     fix
         * @throws StorageFailure if the directory is in use, another member's, or damaged; says the fix
         * @throws IllegalArgumentException if the settings do not fit together; says the fix
         */
        public Metcd start() {
            return Assembly.start(this);
        }
    }
}
