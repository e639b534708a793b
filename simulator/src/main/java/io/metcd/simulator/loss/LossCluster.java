package io.metcd.simulator.loss;

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
import io.metcd.simulator.world.DatagramNetwork;
import io.metcd.simulator.world.EventQueue;
import io.metcd.simulator.world.Path;
import io.metcd.simulator.world.Paths;
import io.metcd.simulator.world.SimProcess;
import io.metcd.simulator.world.TraceHash;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.stream.LongStream;

/** Members without disks, and a client at the leader that keeps a number of operations in flight. */
final class LossCluster {
    private static final long TICK_NANOS = RaftConfig.TICK_MILLIS * 1_000_000L;
    private static final long LOG_KEPT = 20_000;
    private static final Bytes COMMAND = Bytes.copyOf(new byte[64]);

    private final EventQueue queue = new EventQueue(new TraceHash());
    private final DatagramNetwork<Message> network;
    private final List<Member> members = new ArrayList<>();
    private final Tally tally = new Tally();

    /** Told of each operation that the leader has applied, and of each member that begins to lead. */
    static final class Tally {
        private long[] begun = new long[1 << 16];
        private long done;
        private long[] latencies = new long[1 << 20];
        private boolean counting;
    }

    LossCluster(int size, Path.Conditions conditions, RandomSource random) {
        Configuration configuration =
                Configuration.of(LongStream.rangeClosed(1, size).toArray());
        network = new DatagramNetwork<>(
                queue,
                random.fork(),
                new Paths(size, conditions),
                (from, to, message) -> members.get(to).receive(message));
        for (int host = 0; host < size; host++) {
            SimProcess process = new SimProcess(queue, host, "member " + host);
            Raft raft = new Raft(RaftConfig.of(host + 1L, configuration), RaftStart.fresh(), random.fork());
            members.add(new Member(process, raft, random.between(1, TICK_NANOS)));
        }
    }

    EventQueue queue() {
        return queue;
    }

    Paths paths() {
        return network.paths();
    }

    List<Member> members() {
        return Collections.unmodifiableList(members);
    }

    /** Runs until a member leads that knows a commit of its own term; returns it. */
    Member awaitLeader() {
        while (true) {
            for (Member member : members) {
                if (member.leads() && member.raft.status().commit() > 0) {
                    return member;
                }
            }
            queue.step();
        }
    }

    /** One member: everything that it hands out is done at once. */
    final class Member {
        private final SimProcess process;
        private final Raft raft;
        private boolean turnScheduled;
        private long ledSince = -1;
        private long firstCommit = -1;
        private int inFlight;

        Member(SimProcess process, Raft raft, long firstTick) {
            this.process = process;
            this.raft = raft;
            tickAfter(firstTick);
        }

        SimProcess process() {
            return process;
        }

        boolean leads() {
            return !process.ended() && raft.status().role() == Role.LEADER;
        }

        long term() {
            return raft.status().term();
        }

        long lastIndex() {
            return raft.status().lastIndex();
        }

        long commit() {
            return raft.status().commit();
        }

        /** From its election to the first commit that it learnt as a leader; -1 before that. */
        long firstCommitNanos() {
            return firstCommit < 0 ? -1 : firstCommit - ledSince;
        }

        void begin(int operations) {
            inFlight = operations;
            propose(operations);
        }

        void propose(int count) {
            if (raft.propose(Collections.nCopies(count, COMMAND)) instanceof Proposal.Accepted accepted) {
                for (long index = accepted.firstIndex(); index <= accepted.lastIndex(); index++) {
                    tally.begun[(int) (index & 0xffff)] = queue.now();
                }
                wake();
            }
        }

        private void receive(Message message) {
            if (!process.ended()) {
                raft.step(message);
                wake();
            }
        }

        private void tickAfter(long delay) {
            process.scheduler().schedule(delay, () -> {
                raft.tick();
                wake();
                tickAfter(TICK_NANOS);
            });
        }

        private void wake() {
            if (!turnScheduled) {
                turnScheduled = true;
                process.scheduler().execute(this::turn);
            }
        }

        private void turn() {
            turnScheduled = false;
            while (raft.hasReady()) {
                Ready ready = raft.ready();
                ready.sendNow().forEach(this::send);
                ready.sendWhenDurable().forEach(this::send);
                ready.durable().ifPresent(raft::advance);
                apply(ready.committed());
            }
            if (raft.status().role() == Role.LEADER) {
                ledSince = ledSince < 0 ? queue.now() : ledSince;
            }
        }

        private void apply(List<Entry> committed) {
            if (committed.isEmpty()) {
                return;
            }
            Entry last = committed.get(committed.size() - 1);
            raft.advance(new Applied(last.index()));
            if (last.index() % 1024 < committed.size()) {
                raft.compact(Math.max(0, last.index() - LOG_KEPT));
            }
            if (!leads()) {
                return;
            }
            if (ledSince >= 0 && firstCommit < 0) {
                firstCommit = queue.now();
            }
            int done = 0;
            for (Entry entry : committed) {
                done += entry.kind() == Entry.Kind.COMMAND ? 1 : 0;
            }
            if (inFlight > 0 && done > 0) {
                count(committed);
                propose(done);
            }
        }

        private void count(List<Entry> committed) {
            if (!tally.counting) {
                return;
            }
            for (Entry entry : committed) {
                if (tally.done == tally.latencies.length) {
                    tally.latencies = Arrays.copyOf(tally.latencies, tally.latencies.length * 2);
                }
                tally.latencies[(int) tally.done++] = queue.now() - tally.begun[(int) (entry.index() & 0xffff)];
            }
        }

        private void send(Message message) {
            network.send((int) message.from() - 1, (int) message.to() - 1, message);
        }
    }

    /** Counts what is done in the given time; the client must have begun. */
    Row measure(long nanos) {
        tally.counting = true;
        tally.done = 0;
        queue.runUntil(queue.now() + nanos);
        tally.counting = false;
        long[] sorted = Arrays.copyOf(tally.latencies, (int) tally.done);
        Arrays.sort(sorted);
        int count = sorted.length;
        double seconds = nanos / 1e9;
        return count == 0 ? new Row(0, 0, 0) : new Row(count / seconds, sorted[count * 99 / 100], sorted[count - 1]);
    }

    /** Operations a virtual second, and the 99th percentile and maximum of their latency in nanoseconds. */
    record Row(double perSecond, long p99, long max) {}
}
