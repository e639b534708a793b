package io.metcd.raft;

import io.metcd.base.Bytes;
import io.metcd.base.RandomSource;
import io.metcd.raft.membership.Configuration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.PriorityQueue;
import java.util.TreeMap;
import java.util.function.BiPredicate;
import java.util.function.Consumer;

/**
 * Three members in virtual time with a number of clients at the leader, each with one command under way: what a network
 * of a given delay, jitter and loss leaves of a throughput. Processors take no time, and disks only what is said.
 */
final class VirtualCluster {
    static final long MILLI = 1_000_000;

    private final PriorityQueue<Event> events = new PriorityQueue<>();
    private final List<Raft> members = new ArrayList<>();
    private final TreeMap<Long, Long> proposedAt = new TreeMap<>();
    private final RandomSource random;
    private final Network network;
    private final long tickNanos;
    private long now;
    private long order;
    private int clients;
    private long packets;
    private long diskNanos;

    /** Latencies of committed commands in nanoseconds. */
    private long[] latencies = new long[1024];

    private int committed;
    private BiPredicate<Long, Long> open = (from, to) -> true;

    /** A packet takes at least {@code delay} and at most {@code jitter} longer. */
    record Network(long delayNanos, long jitterNanos, double loss) {}

    /** What came of it. */
    record Result(long perSecond, double p50Millis, double p99Millis, double maxMillis, double packetsPerCommand) {}

    private record Event(long at, long order, int member, Consumer<Raft> what) implements Comparable<Event> {
        @Override
        public int compareTo(Event other) {
            return at == other.at ? Long.compare(order, other.order) : Long.compare(at, other.at);
        }
    }

    VirtualCluster(long seed, Network network, long tickNanos) {
        this.random = RandomSource.seeded(seed);
        this.network = network;
        this.tickNanos = tickNanos;
        int ticks = (int) (MILLI * 100 / tickNanos);
        for (int id = 1; id <= 3; id++) {
            RaftConfig config = new RaftConfig(id, Configuration.of(1, 2, 3), ticks, ticks * 10, Limits.DEFAULT);
            members.add(new Raft(config, RaftStart.fresh(), random.fork()));
            later(tickNanos, id, this::tick);
        }
    }

    /** From now on a write takes so long. */
    void disks(long nanos) {
        diskNanos = nanos;
    }

    /** After a delay, the mesh shows a member that there is no path to another. */
    void unreachable(long delayNanos, long at, long member) {
        later(delayNanos, at, raft -> raft.hintUnreachable(member));
    }

    private void tick(Raft raft) {
        raft.tick();
        later(tickNanos, raft.status().self(), this::tick);
    }

    /** Runs until there is a leader, and returns its id. */
    long elect() {
        while (leader() == 0) {
            step(Long.MAX_VALUE);
        }
        return leader();
    }

    long leader() {
        long leader = 0;
        long term = 0;
        for (Raft raft : members) {
            RaftStatus status = raft.status();
            if (status.role() == Role.LEADER && status.term() > term && isOpen(status.self())) {
                leader = status.self();
                term = status.term();
            }
        }
        return leader;
    }

    private boolean isOpen(long id) {
        return open.test(id, id);
    }

    /** Packets pass between two members only where this says so; a member that cannot hear itself is down. */
    void open(BiPredicate<Long, Long> passes) {
        this.open = passes;
    }

    long now() {
        return now;
    }

    /** The clients propose; each again when its last command is committed. */
    void clients(int count) {
        clients = count;
    }

    /** What the clients see in a span of time, after a second to warm up. */
    Result measure(long spanNanos) {
        run(now + 1000 * MILLI);
        committed = 0;
        packets = 0;
        run(now + spanNanos);
        long[] sorted = Arrays.copyOf(latencies, committed);
        Arrays.sort(sorted);
        return new Result(
                committed * 1000L * MILLI / spanNanos,
                sorted[committed / 2] / (double) MILLI,
                sorted[(int) (committed * 0.99)] / (double) MILLI,
                sorted[committed - 1] / (double) MILLI,
                packets / (double) committed);
    }

    void run(long until) {
        now = Math.max(now, Math.min(now, until));
        while (now < until) {
            step(until);
        }
    }

    /** How far a member is. */
    RaftStatus status(long id) {
        return members.get((int) id - 1).status();
    }

    void propose(int count) {
        Raft leader = members.get((int) leader() - 1);
        for (int i = 0; i < count; i++) {
            leader.propose(List.of(Bytes.utf8("command of some length, as commands are: " + i)));
        }
        turn(leader);
    }

    private void step(long until) {
        if (events.isEmpty() || events.peek().at() > until) {
            now = until;
            return;
        }
        now = events.peek().at();
        boolean[] touched = new boolean[members.size()];
        while (!events.isEmpty() && events.peek().at() == now) {
            Event event = events.remove();
            Raft raft = members.get(event.member() - 1);
            if (!isOpen(event.member())) {
                continue;
            }
            touched[event.member() - 1] = true;
            event.what().accept(raft);
        }
        for (int i = 0; i < touched.length; i++) {
            if (touched[i]) {
                turn(members.get(i));
            }
        }
    }

    private void turn(Raft raft) {
        propose(raft);
        while (raft.hasReady()) {
            Ready ready = raft.ready();
            ready.sendNow().forEach(this::send);
            write(raft, ready);
            if (!ready.committed().isEmpty()) {
                apply(raft, ready.committed());
            }
            propose(raft);
        }
    }

    private void write(Raft raft, Ready ready) {
        if (diskNanos == 0 || ready.durable().isEmpty()) {
            ready.durable().ifPresent(raft::advance);
            ready.sendWhenDurable().forEach(this::send);
        } else {
            later(diskNanos, raft.status().self(), written -> {
                ready.sendWhenDurable().forEach(this::send);
                written.advance(ready.durable().orElseThrow());
            });
        }
    }

    private void propose(Raft raft) {
        while (proposedAt.size() < clients
                && raft.propose(List.of(Bytes.utf8("256 bytes, more or less"))) instanceof Proposal.Accepted accepted) {
            proposedAt.put(accepted.firstIndex(), now);
        }
    }

    private void apply(Raft raft, List<Entry> entries) {
        for (Entry entry : entries) {
            Long at = raft.status().role() == Role.LEADER ? proposedAt.remove(entry.index()) : null;
            if (at != null) {
                if (committed == latencies.length) {
                    latencies = Arrays.copyOf(latencies, committed * 2);
                }
                latencies[committed++] = now - at;
            }
        }
        long last = entries.get(entries.size() - 1).index();
        raft.advance(new Applied(last));
        raft.compact(Math.max(raft.log().snapshotIndex(), last - 20_000));
    }

    private void send(Message message) {
        packets++;
        if (!random.chance(network.loss()) && open.test(message.from(), message.to())) {
            long jitter = network.jitterNanos() == 0 ? 0 : random.between(0, network.jitterNanos());
            later(network.delayNanos() + jitter, message.to(), raft -> raft.step(message));
        }
    }

    private void later(long delay, long member, Consumer<Raft> what) {
        events.add(new Event(now + delay, order++, (int) member, what));
    }
}
