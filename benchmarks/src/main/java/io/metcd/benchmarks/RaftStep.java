package io.metcd.benchmarks;

import io.metcd.base.Bytes;
import io.metcd.base.RandomSource;
import io.metcd.raft.Applied;
import io.metcd.raft.Entry;
import io.metcd.raft.Message;
import io.metcd.raft.Proposal;
import io.metcd.raft.Raft;
import io.metcd.raft.RaftConfig;
import io.metcd.raft.RaftStart;
import io.metcd.raft.Ready;
import io.metcd.raft.Role;
import io.metcd.raft.membership.Configuration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * One round of consensus among three members, messages handed over without a network: propose a batch of 256-byte
 * commands, replicate, commit and apply it on all three. The time is that of all three cores together for one batch.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 3, time = 1)
@Fork(1)
public class RaftStep {
    private static final int COMMAND_SIZE = 256;
    private static final int ELECTION_TICKS_MAX = 1000;
    private static final int KEPT_ENTRIES = 10_000;

    @Param({"1", "100"})
    public int batch;

    private final List<Raft> members = new ArrayList<>();
    private final Queue<Message> wire = new ArrayDeque<>();
    private List<Bytes> commands = List.of();
    private int leader;
    private long committed;

    @Setup
    public void elect() {
        RandomSource random = RandomSource.seeded(1);
        Configuration configuration = new Configuration(List.of(1L, 2L, 3L), List.of(), List.of());
        for (long id = 1; id <= 3; id++) {
            members.add(new Raft(RaftConfig.of(id, configuration), RaftStart.fresh(), random.fork()));
        }
        commands = Collections.nCopies(batch, random.bytes(COMMAND_SIZE));
        for (int tick = 0; tick < ELECTION_TICKS_MAX && !elected(); tick++) {
            members.forEach(Raft::tick);
            settle();
        }
        if (!elected()) {
            throw new IllegalStateException("no leader after " + ELECTION_TICKS_MAX + " ticks");
        }
    }

    @Benchmark
    public long round() {
        Proposal proposal = members.get(leader).propose(commands);
        if (!(proposal instanceof Proposal.Accepted)) {
            throw new IllegalStateException("refused: " + proposal);
        }
        settle();
        return committed;
    }

    private boolean elected() {
        for (int i = 0; i < members.size(); i++) {
            if (members.get(i).status().role() == Role.LEADER) {
                leader = i;
                return true;
            }
        }
        return false;
    }

    private void settle() {
        boolean busy = true;
        while (busy) {
            busy = false;
            for (Raft member : members) {
                busy |= turn(member);
            }
            for (Message message = wire.poll(); message != null; message = wire.poll()) {
                members.get((int) message.to() - 1).step(message);
                busy = true;
            }
        }
    }

    private boolean turn(Raft member) {
        if (!member.hasReady()) {
            return false;
        }
        Ready ready = member.ready();
        wire.addAll(ready.sendNow());
        ready.durable().ifPresent(member::advance);
        wire.addAll(ready.sendWhenDurable());
        if (!ready.committed().isEmpty()) {
            Entry last = ready.committed().get(ready.committed().size() - 1);
            committed = last.index();
            member.advance(new Applied(last.index()));
            if (last.index() % KEPT_ENTRIES < batch) {
                member.compact(last.index());
            }
        }
        return !ready.isEmpty();
    }
}
