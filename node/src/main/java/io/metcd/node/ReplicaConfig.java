package io.metcd.node;

import io.metcd.node.autopilot.Rules;
import java.util.List;

/**
 * How one replica takes part.
 *
 * @param cluster the cluster's name, the same for all its members
 * @param name this member's name, which must be one of the founders if they are named
 * @param founders the slots of the founding, sorted; none if the founders are counted, or this member comes later
 * @param expect how many founders, if they are counted
 * @param durability whether members of this cluster keep their disks across restarts
 * @param incarnation of this life of the peer, as the mesh has it
 * @param clientUrls where clients may connect; may be empty
 * @param peerUrls where the mesh listens, as etcd's clients are shown it
 * @param timing ticks and time-outs
 * @param limits every bound
 * @param zone where this member runs, empty if nobody says: members of one zone may be lost together
 * @param autopilot by what this member, when it leads, changes who votes
 */
public record ReplicaConfig(
        String cluster,
        String name,
        List<String> founders,
        Expect expect,
        Durability durability,
        long incarnation,
        List<String> clientUrls,
        List<String> peerUrls,
        Timing timing,
        Limits limits,
        String zone,
        Rules autopilot) {
    /** What a restart means for the members of a cluster. */
    public enum Durability {
        /** Nothing is kept: a peer that restarts is another peer, and founding needs every founder's promise. */
        EPHEMERAL,
        /** Log and votes are kept: each founder computes the same first configuration and starts at once. */
        DURABLE,
        /** As DURABLE, but at its first start the member comes into a cluster that exists and has made a place for it. */
        JOINING
    }

    /** What keeps counted founders from founding two clusters of one name. */
    public enum Guard {
        /** Every founder keeps its promise on its disk; fewer than twice as many as expected may ever take part. */
        KEPT_PROMISES,
        /** A {@link FoundingLock} outside the cluster. */
        LOCK,
        /** Nothing: when two clusters of the name meet, both say so. */
        SPLIT_RISK
    }

    /**
     * Founders that are counted, not named; 0 for named ones.
     *
     * @param stableNanos so long the same candidates must be seen; a shorter time leaves more promises that cannot be
     *     kept, and never two clusters
     */
    public record Expect(int founders, Guard guard, long stableNanos) {
        private static final long STABLE_NANOS = 2_000_000_000L;
        /** Founders are named. */
        public static final Expect NOBODY = new Expect(0, Guard.KEPT_PROMISES);

        /** With two seconds. */
        public Expect(int founders, Guard guard) {
            this(founders, guard, STABLE_NANOS);
        }
    }

    /**
     * Ticks and what is counted in them.
     *
     * @param tickMillis one tick
     * @param heartbeatTicks between a leader's heartbeats
     * @param electionTicks without a leader until an election; the time-outs of consensus are up to twice that
     * @param leaseReads whether a leader answers reads without asking anybody, because a quorum has just promised not to
     *     elect another for an election time-out; the same on all members, with clocks of which none is a tenth faster
     *     than another. An unreachable leader is then replaced only when its time is over
     * @param checkpointSeconds how often a leader puts what is left of longer leases into the log, for the leader after
     *     it; 0 for never
     */
    public record Timing(
            int tickMillis, int heartbeatTicks, int electionTicks, boolean leaseReads, int checkpointSeconds) {
        /** Heartbeats every 100 ms, elections after 1 s. */
        public static final Timing LAN = new Timing(20, 5, 50);

        private static final int CHECKPOINT_SECONDS = 300;

        public Timing {
            if (tickMillis < 1 || heartbeatTicks < 1 || electionTicks < 2 * heartbeatTicks) {
                throw new IllegalArgumentException(
                        "the election time-out must be at least two heartbeat intervals, and both at least one tick");
            }
        }

        /** Every read asks a quorum, and leases have no checkpoints. */
        public Timing(int tickMillis, int heartbeatTicks, int electionTicks) {
            this(tickMillis, heartbeatTicks, electionTicks, false, 0);
        }

        public Timing withLeaseReads() {
            return new Timing(tickMillis, heartbeatTicks, electionTicks, true, checkpointSeconds);
        }

        /** With checkpoints of leases every five minutes, as etcd makes them. */
        public Timing withLeaseCheckpoints() {
            return withLeaseCheckpoints(CHECKPOINT_SECONDS);
        }

        public Timing withLeaseCheckpoints(int seconds) {
            return new Timing(tickMillis, heartbeatTicks, electionTicks, leaseReads, seconds);
        }

        public long tickNanos() {
            return tickMillis * 1_000_000L;
        }

        public long electionNanos() {
            return electionTicks * tickNanos();
        }

        /** What etcd grants a replicated request: 5 s and two election time-outs. */
        public long requestNanos() {
            return 5_000_000_000L + 2 * electionNanos();
        }
    }

    /** An in-memory member with LAN timing and no client URLs. */
    public static ReplicaConfig ephemeral(String cluster, String name, List<String> founders, long incarnation) {
        return new ReplicaConfig(
                cluster,
                name,
                founders,
                Expect.NOBODY,
                Durability.EPHEMERAL,
                incarnation,
                List.of(),
                List.of("http://" + name + ".mesh:2380"),
                Timing.LAN,
                Limits.DEFAULT,
                "",
                Rules.FORGETTING);
    }

    public ReplicaConfig {
        founders = founders.stream().sorted().distinct().toList();
        clientUrls = List.copyOf(clientUrls);
        peerUrls = List.copyOf(peerUrls);
        if (cluster.isBlank() || name.isBlank()) {
            throw new IllegalArgumentException("a cluster and a member need a name");
        }
        if (expect.founders() < 0 || expect.founders() > limits.foundersMax()) {
            throw new IllegalArgumentException(
                    "from 1 to " + limits.foundersMax() + " founders can be expected, not " + expect.founders());
        }
        if (expect.founders() > 0 && !founders.isEmpty()) {
            throw new IllegalArgumentException("founders are named or counted, not both: leave out one of them");
        }
        boolean named = expect.founders() == 0 && (!founders.isEmpty() || durability != Durability.EPHEMERAL);
        if (named && !founders.contains(name)) {
            throw new IllegalArgumentException("member '" + name + "' is not one of the founders "
                    + String.join(", ", founders) + ": add it to them, or use one of their names");
        }
        if (founders.size() > limits.foundersMax()) {
            throw new IllegalArgumentException(
                    founders.size() + " founders are more than the maximum of " + limits.foundersMax());
        }
    }

    /** For founders that are counted. */
    public ReplicaConfig expecting(Expect newExpect) {
        return new ReplicaConfig(
                cluster,
                name,
                List.of(),
                newExpect,
                durability,
                incarnation,
                clientUrls,
                peerUrls,
                timing,
                limits,
                zone,
                autopilot);
    }

    public ReplicaConfig withUrls(List<String> newClientUrls, List<String> newPeerUrls) {
        return new ReplicaConfig(
                cluster,
                name,
                founders,
                expect,
                durability,
                incarnation,
                newClientUrls,
                newPeerUrls,
                timing,
                limits,
                zone,
                autopilot);
    }

    public ReplicaConfig withTiming(Timing newTiming) {
        return new ReplicaConfig(
                cluster,
                name,
                founders,
                expect,
                durability,
                incarnation,
                clientUrls,
                peerUrls,
                newTiming,
                limits,
                zone,
                autopilot);
    }

    public ReplicaConfig withLimits(Limits newLimits) {
        return new ReplicaConfig(
                cluster,
                name,
                founders,
                expect,
                durability,
                incarnation,
                clientUrls,
                peerUrls,
                timing,
                newLimits,
                zone,
                autopilot);
    }

    public ReplicaConfig withZone(String newZone) {
        return new ReplicaConfig(
                cluster,
                name,
                founders,
                expect,
                durability,
                incarnation,
                clientUrls,
                peerUrls,
                timing,
                limits,
                newZone,
                autopilot);
    }

    public ReplicaConfig withAutopilot(Rules rules) {
        return new ReplicaConfig(
                cluster,
                name,
                founders,
                expect,
                durability,
                incarnation,
                clientUrls,
                peerUrls,
                timing,
                limits,
                zone,
                rules);
    }

    /** Whether founders promise to each other; named ones with disks need no word. */
    boolean foundsByPromise() {
        return expect.founders() > 0 || (durability == Durability.EPHEMERAL && !founders.isEmpty());
    }

    /** Whether this member comes, at its first start, into a cluster that others have founded. */
    boolean comesLater() {
        return durability == Durability.JOINING
                || (durability == Durability.EPHEMERAL && founders.isEmpty() && expect.founders() == 0);
    }

    /** For members that keep nothing, and come into a cluster that exists. */
    public ReplicaConfig guest() {
        return new ReplicaConfig(
                cluster,
                name,
                List.of(),
                Expect.NOBODY,
                Durability.EPHEMERAL,
                incarnation,
                clientUrls,
                peerUrls,
                timing,
                limits,
                zone,
                autopilot);
    }

    /** For members that keep a disk, and come into a cluster that exists. */
    public ReplicaConfig joining() {
        return new ReplicaConfig(
                cluster,
                name,
                founders,
                expect,
                Durability.JOINING,
                incarnation,
                clientUrls,
                peerUrls,
                timing,
                limits,
                zone,
                autopilot);
    }

    /** For members that keep a disk. */
    public ReplicaConfig durable() {
        return new ReplicaConfig(
                cluster,
                name,
                founders,
                expect,
                Durability.DURABLE,
                incarnation,
                clientUrls,
                peerUrls,
                timing,
                limits,
                zone,
                autopilot);
    }
}
