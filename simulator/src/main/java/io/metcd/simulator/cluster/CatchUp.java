package io.metcd.simulator.cluster;

import io.metcd.base.Bytes;
import io.metcd.base.Invariants;
import io.metcd.base.RandomSource;
import io.metcd.journal.MemoryJournal;
import io.metcd.mesh.MeshConfig;
import io.metcd.node.IdentityStore;
import io.metcd.node.Outcome;
import io.metcd.node.Replica;
import io.metcd.node.ReplicaConfig;
import io.metcd.node.ReplicaStatus;
import io.metcd.simulator.world.EventQueue;
import io.metcd.simulator.world.Path;
import io.metcd.simulator.world.Paths;
import io.metcd.simulator.world.SimNetwork;
import io.metcd.simulator.world.SimProcess;
import io.metcd.simulator.world.TraceHash;
import io.metcd.simulator.world.Wire;
import io.metcd.store.command.Op;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;

/**
 * One member behind a narrow line is cut off while much is written, and comes back when the log is not enough any more:
 * it fetches the state while a few clients go on writing.
 */
public final class CatchUp {
    private static final String CLUSTER = "catchup";
    private static final long MILLI = 1_000_000L;
    private static final long SECOND = 1_000 * MILLI;
    private static final long STEP = 5 * MILLI;
    private static final int WRITES_UNDER_WAY = 8;
    private static final long LIGHT_LOAD_NANOS = 50 * MILLI;
    private static final int LIGHT_VALUE_BYTES = 512;
    private static final int PIECE_BYTES = 256 << 10;
    /** More than is kept for a member that fetches. */
    private static final int LOGS_IN_BURST = 6;

    private static final long WRITE_NANOS_MAX = 5 * SECOND;
    /** What the narrow line itself stores, as a shaper does: a twentieth of a second. */
    private static final int QUEUES_PER_SECOND = 20;

    private final Plan plan;
    private final EventQueue queue = new EventQueue(new TraceHash());
    private final SimNetwork network;
    private final List<Life> lives = new ArrayList<>();
    private final SimProcess outside = new SimProcess(queue, -3, "writer");
    private int underWay;
    private int written;
    private boolean lightly;
    private long answeredAt;
    private long longestGap;
    private long restlessTurns;
    private long calmTerm;
    private long packets;
    private long packetAt;
    private long longestSilence;

    /**
     * What happens.
     *
     * @param members founders, of which the last is behind the narrow line
     * @param bytes written while it is cut off
     * @param bytesPerSecond of its line, each way
     * @param logBytesKept by every member
     */
    public record Plan(
            int members, long bytes, int valueBytes, long bytesPerSecond, long logBytesKept, Mishap mishap) {}

    /** What happens when half of the state is there. */
    public enum Mishap {
        NONE,
        /** The member that it comes from dies. */
        SOURCE_DIES,
        /** So much is written that the log behind the state is cut. */
        BURST
    }

    /**
     * What came of it.
     *
     * @param virtualNanos from the moment when the member knew the leader again until it had everything
     * @param elections turns of members that knew no leader, or another term, in that time
     * @param longestGapNanos between two answers to those who wrote meanwhile
     * @param longestSilenceNanos between two packets of consensus that reached the member that fetched
     * @param served pieces of the state, by the members that gave them
     * @param taken pieces that came
     * @param leader the member that led
     * @param equal whether all had the same state at last
     */
    public record Result(
            long virtualNanos,
            long elections,
            long longestGapNanos,
            long longestSilenceNanos,
            Map<String, Long> served,
            long taken,
            long installed,
            String leader,
            boolean equal,
            String hash) {}

    private CatchUp(Plan plan, RandomSource random) {
        this.plan = plan;
        int last = plan.members() - 1;
        Paths paths = new Paths(plan.members(), Path.Conditions.delay(MILLI / 2));
        this.network = new SimNetwork(queue, random.fork(), paths, SimNetwork.Limits.DEFAULT);
        long queued = plan.bytesPerSecond() / QUEUES_PER_SECOND;
        Wire in = new Wire(queue, plan.bytesPerSecond(), queued);
        Wire out = new Wire(queue, plan.bytesPerSecond(), queued);
        for (int other = 0; other < last; other++) {
            // Each member is farther from the narrow one than the member before.
            Path.Conditions far = Path.Conditions.delay((4 + 8 * other) * MILLI);
            paths.path(other, last).set(far);
            paths.path(last, other).set(far);
            paths.path(other, last).through(in);
            paths.path(last, other).through(out);
        }
        for (int member = 0; member < plan.members(); member++) {
            lives.add(begin(member, random));
        }
    }

    public static Result run(long seed, Plan plan) {
        return new CatchUp(plan, RandomSource.seeded(seed)).play();
    }

    private Result play() {
        await(120 * SECOND, "a leader", () -> leader().isPresent());
        Replica leader = leader().orElseThrow();
        int last = plan.members() - 1;
        Replica narrow = replica(last);
        // Whoever leads: the narrow member must not, and the others are asked at the one that does.
        if (leader == narrow) {
            handOver(narrow);
            leader = leader().orElseThrow();
        }
        for (int other = 0; other < last; other++) {
            network.paths().cutBoth(other, last);
        }
        fill(leader, "d/", plan.bytes());
        network.healAll();
        writeLightly(leader);
        Replica leading = leader;
        long term = leader.status().term();
        await(
                60 * SECOND,
                "a way back",
                () -> narrow.status().hasLeader() && narrow.status().term() == term);
        long back = queue.now();
        calmTerm = term;
        if (plan.mishap() != Mishap.NONE) {
            await(patience(), "half of the pieces", () -> pieces(narrow) >= plan.bytes() / PIECE_BYTES / 2);
        }
        switch (plan.mishap()) {
            case NONE -> {}
            case SOURCE_DIES -> network.crash(lives.get(source()).process(), SimNetwork.Death.PROCESS);
            case BURST -> fill(leader, "burst/", LOGS_IN_BURST * plan.logBytesKept());
        }
        await(patience(), "the whole state", () -> installed(narrow) > 0 && isUpToDate(narrow, leading));
        long took = queue.now() - back;
        lightly = false;
        await(10 * SECOND, "silence", () -> underWay == 0);
        queue.runUntil(queue.now() + 2 * SECOND);
        long elections = restlessTurns;
        return result(leading, narrow, took, elections);
    }

    private Result result(Replica leader, Replica narrow, long took, long elections) {
        Map<String, Long> served = new TreeMap<>();
        boolean equal = true;
        for (Life life : lives) {
            Replica each = life.replica().orElseThrow();
            long pieces = each.status().counters().snapshotPiecesServed();
            if (pieces > 0) {
                served.put(each.config().name(), pieces);
            }
            equal &= !life.up() || each.root().stateHash() == narrow.root().stateHash();
        }
        return new Result(
                took,
                elections,
                longestGap,
                longestSilence,
                served,
                pieces(narrow),
                installed(narrow),
                leader.config().name(),
                equal,
                queue.trace().toString());
    }

    /** Twice as long as the line takes, and time to find each other again. */
    private long patience() {
        return 60 * SECOND + 2 * plan.bytes() * 1_000 / plan.bytesPerSecond() * MILLI;
    }

    private void handOver(Replica narrow) {
        long successor = replica(0).status().memberId();
        narrow.handOver(successor, 10 * SECOND, done -> {});
        await(
                30 * SECOND,
                "another leader",
                () -> leader().filter(each -> each != narrow).isPresent());
    }

    private void fill(Replica leader, String prefix, long bytes) {
        Bytes value = Bytes.wrap(new byte[plan.valueBytes()]);
        long end = written + bytes / plan.valueBytes();
        for (long begun = 0; written < end; ) {
            while (underWay < WRITES_UNDER_WAY && written + underWay < end) {
                put(leader, prefix + begun++, value);
            }
            queue.runUntil(queue.now() + STEP);
        }
    }

    private void writeLightly(Replica leader) {
        lightly = true;
        answeredAt = queue.now();
        longestGap = 0;
        Bytes value = Bytes.wrap(new byte[LIGHT_VALUE_BYTES]);
        outside.scheduler().schedule(LIGHT_LOAD_NANOS, new Runnable() {
            private int number;

            @Override
            public void run() {
                if (lightly) {
                    put(leader, "l/" + number++ % 100, value);
                    outside.scheduler().schedule(LIGHT_LOAD_NANOS, this);
                }
            }
        });
    }

    private void put(Replica at, String key, Bytes value) {
        underWay++;
        at.submit(Op.Put.of(Bytes.utf8(key), value), WRITE_NANOS_MAX, outcome -> {
            underWay--;
            Invariants.check(outcome instanceof Outcome.Done, "a write at the leader has failed: %s", outcome);
            written++;
            longestGap = Math.max(longestGap, queue.now() - answeredAt);
            answeredAt = queue.now();
        });
    }

    /** The member that has given away most pieces so far. */
    private int source() {
        int most = 0;
        for (int member = 1; member < plan.members() - 1; member++) {
            if (served(member) > served(most)) {
                most = member;
            }
        }
        return most;
    }

    private long served(int member) {
        return replica(member).status().counters().snapshotPiecesServed();
    }

    private static long pieces(Replica replica) {
        return replica.status().counters().snapshotPiecesTaken();
    }

    private static long installed(Replica replica) {
        return replica.status().counters().snapshotsInstalled();
    }

    /** But for what is on its way just now. */
    private static boolean isUpToDate(Replica narrow, Replica leader) {
        return leader.status().commit() - narrow.root().appliedIndex() <= 10;
    }

    private Optional<Replica> leader() {
        return lives.stream()
                .flatMap(life -> life.replica().stream())
                .filter(replica -> replica.status().isLeader())
                .findFirst();
    }

    private Replica replica(int member) {
        return lives.get(member).replica().orElseThrow();
    }

    private void await(long nanos, String what, BooleanSupplier reached) {
        long end = queue.now() + nanos;
        while (!reached.getAsBoolean()) {
            Invariants.check(queue.now() < end, "no %s within %s s", what, nanos / SECOND);
            queue.runUntil(queue.now() + STEP);
        }
    }

    /** After each turn of a member: once it is back, the term stays, and everybody knows the leader. */
    private void turned(ReplicaStatus status) {
        if (calmTerm > 0 && (status.term() != calmTerm || !status.hasLeader())) {
            restlessTurns++;
        }
        boolean fetches = status.name().equals(name(plan.members() - 1))
                && status.counters().snapshotsInstalled() == 0;
        if (calmTerm > 0 && fetches && status.counters().packetsReceived() > packets) {
            packets = status.counters().packetsReceived();
            longestSilence = packetAt == 0 ? 0 : Math.max(longestSilence, queue.now() - packetAt);
            packetAt = queue.now();
        }
    }

    private Life begin(int member, RandomSource random) {
        String name = name(member);
        List<String> founders = new ArrayList<>();
        List<String> seeds = new ArrayList<>();
        for (int each = 0; each < plan.members(); each++) {
            founders.add(name(each));
            if (each != member) {
                seeds.add(name(each) + ":2380");
            }
        }
        SimProcess process = new SimProcess(queue, member, name);
        MeshConfig mesh =
                MeshConfig.of(CLUSTER, name, 1).withSeeds(seeds).withListen(name + ":2380", List.of(name + ":2380"));
        Life.Surroundings around = new Life.Surroundings(network, () -> 0, this::turned);
        Life life = new Life(process, mesh, member, random.fork(), around);
        ReplicaConfig config = ReplicaConfig.ephemeral(CLUSTER, name, founders, 1);
        life.start(
                Optional.of(config.withLimits(config.limits().withLogBytesKept(plan.logBytesKept()))),
                new MemoryJournal(),
                IdentityStore.NONE,
                random.fork());
        return life;
    }

    private static String name(int member) {
        return "h" + member;
    }
}
