package io.metcd.simulator.consensus;

import io.metcd.base.Bytes;
import io.metcd.base.Invariants;
import io.metcd.base.RandomSource;
import io.metcd.raft.Applied;
import io.metcd.raft.Durable;
import io.metcd.raft.Entry;
import io.metcd.raft.Message;
import io.metcd.raft.Proposal;
import io.metcd.raft.Raft;
import io.metcd.raft.RaftConfig;
import io.metcd.raft.RaftEvent;
import io.metcd.raft.RaftStatus;
import io.metcd.raft.ReadState;
import io.metcd.raft.Ready;
import io.metcd.raft.Role;
import io.metcd.raft.SnapshotInstalled;
import io.metcd.raft.Transfer;
import io.metcd.raft.codec.EntryCodec;
import io.metcd.raft.membership.Configuration;
import io.metcd.simulator.world.SimProcess;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Drives one life of one member's {@link Raft} as its javadoc says, with a disk whose writes take time, and tells the
 * checkers of every step.
 */
final class RaftHost {
    private final RaftWorld world;
    private final SimProcess process;
    private final RaftConfig config;
    private final HostDisk disk;
    private final RandomSource random;
    private final Raft raft;
    private final Diary diary;
    private final MirrorLog log;
    private final ArrayDeque<List<Outgoing>> outbox = new ArrayDeque<>();
    private final ArrayDeque<Ready> applying = new ArrayDeque<>();
    private final Map<Long, Long> readFloors = new TreeMap<>();
    private final ArrayDeque<Durable> unconfirmed = new ArrayDeque<>();
    private long nextRead;
    private long committed;
    private long applied;
    private long lastWriteDue;

    /** Up to where the own clock was ticked for. */
    private long ticked;

    private boolean turnScheduled;
    private boolean fetching;

    /** A message that waits for a write; for an acknowledgement with the term of the entry that it vouches for. */
    private record Outgoing(Message message, long matchTerm) {}

    RaftHost(RaftWorld world, SimProcess process, RaftConfig config, HostDisk disk, RandomSource random) {
        this.world = world;
        this.process = process;
        this.config = config;
        this.disk = disk;
        this.random = random;
        var start = disk.start();
        this.raft = new Raft(config, start, random.fork());
        this.diary = world.diary(raft, process);
        log = new MirrorLog(config.initial());
        log.reset(
                start.snapshotIndex(),
                start.snapshotTerm(),
                start.configuration().orElse(config.initial()));
        for (Entry entry : start.entries()) {
            log.set(entry.index(), entry.term(), RaftChecks.hash(entry));
            if (entry.kind() == Entry.Kind.CONFIGURATION) {
                log.configure(entry.index(), EntryCodec.change(entry).configuration());
            }
        }
        applied = start.snapshotIndex();
        committed = applied;
        ticked = process.clock().nanos();
        scheduleTick(random.between(1, world.options().tickNanos()));
        wake();
    }

    long id() {
        return config.self();
    }

    SimProcess process() {
        return process;
    }

    HostDisk disk() {
        return disk;
    }

    long applied() {
        return applied;
    }

    /** Ends at once, amid its writes. */
    void crash() {
        process.end();
        diary.crashed(disk.crash(world.crashes()));
    }

    RaftStatus status() {
        return raft.status();
    }

    boolean leads() {
        return !process.ended() && raft.status().role() == Role.LEADER;
    }

    void receive(Message message) {
        if (process.ended() || process.paused()) {
            return;
        }
        world.say(() -> "take " + message);
        raft.step(message);
        wake();
    }

    Proposal propose(List<Bytes> commands) {
        Proposal proposal = raft.propose(commands);
        wake();
        return proposal;
    }

    Proposal reconfigure(Configuration target) {
        Proposal proposal = raft.proposeConfiguration(target, Bytes.EMPTY);
        world.say(() -> process + " changes to " + target + ": " + proposal);
        wake();
        return proposal;
    }

    void transfer(long target) {
        Transfer transfer = raft.transferLeadership(target);
        world.say(() -> process + " hands over to " + target + ": " + transfer);
        if (transfer instanceof Transfer.Begun) {
            world.checks().saw("transfer");
        }
        wake();
    }

    void pace(int heartbeatTicks, int electionTicks) {
        raft.pace(heartbeatTicks, electionTicks);
    }

    Configuration configurationAt(long index) {
        return raft.configurationAt(index);
    }

    /** Asks for a linearizable read; it must see whatever was committed by now. */
    void read() {
        long read = nextRead++;
        long floor = world.checks().committed().last();
        if (raft.requestRead(read)) {
            readFloors.put(read, floor);
        }
        wake();
    }

    void hintUnreachable(long member) {
        raft.hintUnreachable(member);
        wake();
    }

    void hintQuorumConnected(boolean connected) {
        raft.hintQuorumConnected(connected);
    }

    private void scheduleTick(long delay) {
        process.scheduler().schedule(delay, () -> {
            if (world.options().leases()) {
                tick();
            } else {
                raft.tick();
            }
            wake();
            scheduleTick(world.options().tickNanos());
        });
    }

    /** For all the time that has passed, by the own clock, which differs from the others'. */
    private void tick() {
        long now = process.clock().nanos();
        while (now - ticked >= world.options().tickNanos()) {
            ticked += world.options().tickNanos();
            raft.tick();
        }
    }

    private void wake() {
        diary.look();
        if (!turnScheduled) {
            turnScheduled = true;
            long delay = world.options().turnNanosMax() == 0
                    ? 0
                    : random.between(0, world.options().turnNanosMax());
            process.scheduler().schedule(delay, this::turn);
        }
    }

    private void turn() {
        turnScheduled = false;
        if (world.options().leases()) {
            tick();
        }
        while (raft.hasReady()) {
            Ready ready = raft.ready();
            world.say(() -> process + " " + ready);
            take(ready);
        }
        maybeCompact();
        check();
    }

    private void check() {
        RaftStatus status = raft.status();
        world.checks().stepped(status, log, committed);
        committed = status.commit();
        world.state(id(), () -> describe(status));
    }

    /** {@code log} says the terms of all entries: {@code 1*3,4*2} are three of term 1, then two of term 4. */
    private String describe(RaftStatus status) {
        return String.format(
                "term=%d role=%s vote=%d leader=%d commit=%d durable=%d log=%s voters=%s learners=%s outgoing=%s",
                status.term(),
                status.role(),
                status.vote(),
                status.leader(),
                status.commit(),
                status.durable(),
                log.terms(),
                status.configuration().voters(),
                status.configuration().learners(),
                status.configuration().outgoing());
    }

    private void take(Ready ready) {
        boolean removal = false;
        for (RaftEvent event : ready.events()) {
            if (event instanceof RaftEvent.RoleChanged changed && changed.role() == Role.LEADER) {
                world.checks().won(id(), changed.term());
            }
            if (event instanceof RaftEvent.TransferTimedOut) {
                world.checks().saw("transfer timed out");
            }
            removal |= event instanceof RaftEvent.Removed;
            Invariants.check(!(event instanceof RaftEvent.EntriesLost), "no disk lost anything, but %s", event);
        }
        world.checks().appended(ready.append(), log);
        if (raft.status().role() == Role.LEADER) {
            world.checks().leads(raft.status(), ready.append(), log);
        }
        check();
        diary.handedOut(ready.durable().isPresent());
        ready.sendNow().forEach(message -> send(outgoing(message)));
        write(ready);
        apply(ready);
        for (ReadState read : ready.readStates()) {
            answer(read);
        }
        ready.failedReads().forEach(readFloors::remove);
        ready.snapshot().ifPresent(this::fetch);
        if (removal) {
            world.checks().removed(id(), raft.status().commit());
            world.removed(this);
        }
    }

    private void answer(ReadState read) {
        Long floor = readFloors.remove(read.readId());
        if (floor == null) {
            throw new Invariants.Violation("read " + read + " is answered, but does not wait");
        }
        Invariants.check(floor <= read.index(), "stale read: %s, but %s was committed before it", read, floor);
        world.readAnswered();
    }

    private void write(Ready ready) {
        List<Outgoing> outgoing = new ArrayList<>(ready.sendWhenDurable().size());
        for (Message message : ready.sendWhenDurable()) {
            outgoing.add(outgoing(message));
        }
        if (ready.durable().isPresent()) {
            disk.write(ready);
            outbox.addLast(outgoing);
            unconfirmed.addLast(ready.durable().get());
            long latency = world.writeNanos(random);
            if (latency == 0 && outbox.size() == 1) {
                written();
            } else {
                lastWriteDue = Math.max(lastWriteDue, world.queue().now() + latency);
                world.queue().at(lastWriteDue, process, this::written);
            }
        } else if (outbox.isEmpty()) {
            outgoing.forEach(this::send);
        } else {
            outbox.getLast().addAll(outgoing);
        }
    }

    private Outgoing outgoing(Message message) {
        long match = message instanceof Message.AppendReply reply ? reply.match() : 0;
        boolean known = match >= log.first() && match <= log.last();
        return new Outgoing(message, known ? log.term(match) : 0);
    }

    private void written() {
        disk.complete();
        diary.written();
        outbox.removeFirst().forEach(this::send);
        raft.advance(unconfirmed.removeFirst());
        diary.persisted();
        wake();
    }

    private void send(Outgoing outgoing) {
        DurableFirst.leaves(outgoing.message, outgoing.matchTerm, disk);
        diary.left(outgoing.message);
        world.send(outgoing.message);
    }

    private void apply(Ready ready) {
        if (ready.committed().isEmpty()) {
            return;
        }
        long latency = world.applyNanos(random);
        if (latency == 0 && applying.isEmpty()) {
            applyNow(ready);
        } else {
            applying.addLast(ready);
            world.queue().at(world.queue().now() + latency, process, () -> {
                if (!applying.isEmpty()) {
                    applyNow(applying.removeFirst());
                    wake();
                }
            });
        }
    }

    private void applyNow(Ready ready) {
        for (Entry entry : ready.committed()) {
            Invariants.check(entry.index() == applied + 1, "entry %s is applied behind %s", entry.index(), applied);
            world.checks().committed().applied(id(), entry.index(), entry.term(), RaftChecks.hash(entry));
            applied = entry.index();
        }
        raft.advance(new Applied(applied));
    }

    private void maybeCompact() {
        long keep = world.options().logKept();
        if (keep == 0 || applied - log.first() < 2 * keep) {
            return;
        }
        long index = applied - keep;
        disk.snapshot(applied, log.term(applied), raft.configurationAt(applied));
        raft.compact(index);
        log.compact(index);
    }

    private void fetch(Message.SnapshotOffer offer) {
        if (fetching) {
            return;
        }
        fetching = true;
        long delay = random.between(1_000_000, 200_000_000);
        process.scheduler().schedule(delay, () -> world.fetch(this, offer));
    }

    /** The source is gone or has nothing: the next offer asks again. */
    void fetchFailed() {
        fetching = false;
    }

    /** Another member's state as of the index has arrived; it is installed when no write is under way. */
    void fetched(long index, long term, Configuration configuration) {
        if (raft.hasReady() || !disk.idle() || !applying.isEmpty()) {
            process.scheduler().schedule(1_000_000, () -> fetched(index, term, configuration));
            wake();
            return;
        }
        fetching = false;
        if (index <= applied) {
            return;
        }
        world.say(() -> process + " installs a snapshot at " + index + " of term " + term);
        disk.install(index, term, configuration);
        if (log.holds(index, term)) {
            log.compact(index);
        } else {
            log.reset(index, term, configuration);
        }
        applied = index;
        committed = Math.max(committed, index);
        raft.advance(new SnapshotInstalled(index, term, configuration));
        wake();
    }
}
