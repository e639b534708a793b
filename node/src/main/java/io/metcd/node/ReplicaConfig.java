package io.metcd.node;

import java.util.List;

/**
 * How one replica takes part.
 *
 * @param cluster the cluster's name, the same for all its members
 * @param name this member's name, which must be one of the founders
 * @param founders the slots of the founding, sorted
 * @param durability whether members of this cluster keep their disks across restarts
 * @param incarnation of this life of the peer, as the mesh has it
 * @param clientUrls where clients may connect; may be empty
 * @param peerUrls where the mesh listens, as etcd's clients are shown it
 * @param timing ticks and time-outs
 * @param limits every bound
 */
public record ReplicaConfig(
        String cluster,
        String name,
        List<String> founders,
        Durability durability,
        long incarnation,
        List<String> clientUrls,
        List<String> peerUrls,
        Timing timing,
        Limits limits) {
    /** What a restart means for the members of a cluster. */
    public enum Durability {
        /** Nothing is kept: a peer that restarts is another peer, and founding needs every founder's promise. */
        EPHEMERAL,
        /** Log and votes are kept: each founder computes the same first configuration and starts at once. */
        DURABLE
    }

    /**
     * Ticks and what is counted in them.
     *
     * @param tickMillis one tick
     * @param heartbeatTicks between a leader's heartbeats
     * @param electionTicks without a leader until an election; the time-outs of consensus are up to twice that
     */
    public record Timing(int tickMillis, int heartbeatTicks, int electionTicks) {
        /** Heartbeats every 100 ms, elections after 1 s. */
        public static final Timing LAN = new Timing(20, 5, 50);

        public Timing {
            if (tickMillis < 1 || heartbeatTicks < 1 || electionTicks < 2 * heartbeatTicks) {
                throw new IllegalArgumentException(
                        "the election time-out must be at least two heartbeat intervals, and both at least one tick");
            }
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
                Durability.EPHEMERAL,
                incarnation,
                List.of(),
                List.of("http://" + name + ".mesh:2380"),
                Timing.LAN,
                Limits.DEFAULT);
    }

    public ReplicaConfig {
        founders = founders.stream().sorted().distinct().toList();
        clientUrls = List.copyOf(clientUrls);
        peerUrls = List.copyOf(peerUrls);
        if (cluster.isBlank() || name.isBlank()) {
            throw new IllegalArgumentException("a cluster and a member need a name");
        }
        if (!founders.contains(name)) {
            throw new IllegalArgumentException("member '" + name + "' is not one of the founders "
                    + String.join(", ", founders) + ": add it to them, or use one of their names");
        }
        if (founders.size() > limits.foundersMax()) {
            throw new IllegalArgumentException(
                    founders.size() + " founders are more than the maximum of " + limits.foundersMax());
        }
    }

    public ReplicaConfig withUrls(List<String> newClientUrls, List<String> newPeerUrls) {
        return new ReplicaConfig(
                cluster, name, founders, durability, incarnation, newClientUrls, newPeerUrls, timing, limits);
    }

    public ReplicaConfig withTiming(Timing newTiming) {
        return new ReplicaConfig(
                cluster, name, founders, durability, incarnation, clientUrls, peerUrls, newTiming, limits);
    }

    public ReplicaConfig withLimits(Limits newLimits) {
        return new ReplicaConfig(
                cluster, name, founders, durability, incarnation, clientUrls, peerUrls, timing, newLimits);
    }

    /** For members that keep a disk. */
    public ReplicaConfig durable() {
        return new ReplicaConfig(
                cluster, name, founders, Durability.DURABLE, incarnation, clientUrls, peerUrls, timing, limits);
    }
}
