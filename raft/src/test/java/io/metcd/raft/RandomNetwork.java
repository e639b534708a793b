package io.metcd.raft;

import io.metcd.base.Bytes;
import io.metcd.base.RandomSource;
import io.metcd.raft.codec.MessageCodec;
import io.metcd.raft.membership.Configuration;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.TreeSet;

/** Members, packets and disks that do what operations say; an operation means something in whatever state it finds. */
final class RandomNetwork {
    private static final int PACKETS_MAX = 400;
    private static final int LOG_BYTES_WANTED = 8000;

    private final List<Member> members = new ArrayList<>();
    private final List<Message> packets = new ArrayList<>();
    private final TreeSet<Long> down = new TreeSet<>();
    private final TreeSet<String> cuts = new TreeSet<>();
    private final List<Message.SnapshotOffer> offers = new ArrayList<>();
    private Safety safety = new Safety(members);

    /** What has happened, and how often: a test that never sees a thing happen shows nothing about it. */
    final TreeMap<String, Integer> marks = new TreeMap<>();

    private long commands;
    private long reads;

    /** What can happen. */
    enum Kind {
        DELIVER,
        READY,
        WRITTEN,
        TICK,

        /** Hears nothing for about an election time-out. */
        SLUMBER,
        PROPOSE,
        READ,
        DROP,
        REPEAT,
        CRASH,
        RESTART,
        COMPACT,
        FETCH,
        CUT,
        HEAL,
        HINT,
        SETUP
    }

    record Op(Kind kind, int a, int b) {}

    RandomNetwork() {
        setup(0, 0);
    }

    void perform(Op op) {
        Member member = members.get(op.a() % members.size());
        switch (op.kind()) {
            case SETUP -> setup(op.a(), op.b());
            case DELIVER -> packet(op.a(), true, true);
            case DROP -> packet(op.a(), false, true);
            case REPEAT -> packet(op.a(), true, false);
            case READY -> ready(member);
            case WRITTEN -> written(member);
            case TICK -> tick(member, 1);
            case SLUMBER -> tick(member, 8 + op.b() % 8);
            case PROPOSE -> propose(member, op.b());
            case READ -> read(member);
            case CRASH -> down.add(member.id);
            case RESTART -> restart(member);
            case COMPACT -> compact(member, op.b());
            case FETCH -> fetch(op.b());
            case CUT -> cuts.add(member.id + ">" + members.get(op.b() % members.size()).id);
            case HEAL -> cuts.clear();
            case HINT -> hint(member, op.b());
        }
    }

    void heal() {
        cuts.clear();
        members.forEach(this::restart);
        members.forEach(member -> member.raft.hintQuorumConnected(true));
    }

    /** True when a command comes to be committed on all members within some election time-outs. */
    boolean settles() {
        for (int round = 0; round < 400; round++) {
            quiesce();
            RaftStatus first = members.get(0).raft.status();
            boolean even = members.stream().allMatch(member -> {
                RaftStatus status = member.raft.status();
                return status.applied() == status.lastIndex()
                        && status.lastIndex() == first.lastIndex()
                        && status.term() == first.term()
                        && status.leader() != 0;
            });
            if (even && round > 50) {
                return true;
            }
            members.forEach(member -> member.raft.tick());
        }
        return false;
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder();
        members.forEach(member -> text.append('\n').append(member.raft.status()));
        return text.toString();
    }

    private void quiesce() {
        boolean busy = true;
        for (int i = 0; busy && i < 2000; i++) {
            busy = !packets.isEmpty();
            for (Member member : members) {
                busy |= member.raft.hasReady() || member.isWriting();
                ready(member);
                while (member.isWriting()) {
                    written(member);
                }
            }
            while (!packets.isEmpty()) {
                packet(0, true, true);
            }
            while (!offers.isEmpty()) {
                fetch(0);
            }
        }
    }

    private void setup(int a, int b) {
        members.clear();
        packets.clear();
        safety = new Safety(members);
        RandomSource random = RandomSource.seeded(((long) a << 20) + b);
        int size = random.chance(0.7) ? 3 : 5;
        Configuration configuration = size == 3 ? Configuration.of(1, 2, 3) : Configuration.of(1, 2, 3, 4, 5);
        Limits limits = new Limits(
                (int) random.between(60, 400),
                (int) random.between(1, 12),
                (int) random.between(100, 2000),
                (int) random.between(500, 5000),
                (int) random.between(0, 2000),
                (int) random.between(10_000, 20_000),
                (int) random.between(60, 400),
                20);
        for (long id = 1; id <= size; id++) {
            RaftConfig config = new RaftConfig(id, configuration, 2, 6, limits);
            members.add(new Member(config, RaftStart.fresh(), random.fork()));
        }
    }

    private boolean isUp(Member member) {
        return !down.contains(member.id);
    }

    private void packet(int which, boolean arrives, boolean leaves) {
        if (packets.isEmpty()) {
            return;
        }
        int at = which % packets.size();
        Message message = leaves ? packets.remove(at) : packets.get(at);
        Member to = members.get((int) message.to() - 1);
        if (arrives && isUp(to) && !cuts.contains(message.from() + ">" + message.to())) {
            to.raft.step(message);
        }
    }

    private void ready(Member member) {
        if (!isUp(member)) {
            return;
        }
        boolean expected = member.raft.hasReady();
        Ready ready = member.raft.ready();
        if (!expected && !ready.isEmpty()) {
            throw new AssertionError("hasReady missed " + ready);
        }
        safety.ready(member, ready);
        mark(ready);
        ready.sendNow().forEach(message -> send(member, message));
        member.write(ready);
        member.apply(ready.committed());
        if (member.raft.status().logBytes() > LOG_BYTES_WANTED) {
            compact(member, Integer.MAX_VALUE);
        }
        ready.snapshot().ifPresent(offers::add);
        for (RaftEvent event : ready.events()) {
            if (event instanceof RaftEvent.EntriesLost || event instanceof RaftEvent.Refused) {
                throw new AssertionError(member.id + ": " + event);
            }
        }
    }

    private void mark(Ready ready) {
        mark("committed", ready.committed().size());
        mark("read", ready.readStates().size());
        mark("failed read", ready.failedReads().size());
        for (RaftEvent event : ready.events()) {
            if (event instanceof RaftEvent.RoleChanged change) {
                mark(change.role().toString(), 1);
            }
            mark(event.getClass().getSimpleName(), 1);
        }
    }

    private void mark(Message message) {
        mark(message.getClass().getSimpleName(), 1);
        if (message instanceof Message.AppendReply reply) {
            mark("conflict", reply.conflict() ? 1 : 0);
            mark("hole", reply.missing().size());
            mark("unneeded", reply.unneeded() > 0 ? 1 : 0);
        } else if (message instanceof Message.Append append) {
            mark("resent", append.resent() ? 1 : 0);
        }
    }

    private void mark(String what, int times) {
        if (times > 0) {
            marks.merge(what, times, Integer::sum);
        }
    }

    private void written(Member member) {
        if (isUp(member) && member.isWriting()) {
            member.written().sendWhenDurable().forEach(message -> send(member, message));
        }
    }

    private void send(Member member, Message message) {
        safety.leaves(member, message);
        mark(message);
        if (packets.size() < PACKETS_MAX) {
            packets.add(MessageCodec.decode(MessageCodec.encode(message)));
        }
    }

    private void tick(Member member, int times) {
        for (int i = 0; i < times && isUp(member); i++) {
            member.raft.tick();
        }
    }

    private void propose(Member member, int size) {
        if (isUp(member)) {
            List<Bytes> batch = new ArrayList<>();
            for (int i = 0; i <= size % 4; i++) {
                batch.add(Bytes.utf8("c" + commands++));
            }
            Proposal proposal = member.raft.propose(batch);
            mark(proposal.getClass().getSimpleName(), 1);
        }
    }

    private void read(Member member) {
        if (isUp(member)) {
            safety.readBegins(++reads);
            member.raft.requestRead(reads);
        }
    }

    private void restart(Member member) {
        if (down.remove(member.id)) {
            safety.restarted(member);
            member.restart();
        }
    }

    private void compact(Member member, int which) {
        long applied = member.raft.status().applied();
        long durable = Math.min(applied, member.lastOnDisk());
        long first = member.raft.log().firstIndex();
        if (isUp(member) && durable >= first) {
            member.compact(first + which % (durable - first + 1));
        }
    }

    private void fetch(int which) {
        if (offers.isEmpty()) {
            return;
        }
        Message.SnapshotOffer offer = offers.remove(which % offers.size());
        Member to = members.get((int) offer.to() - 1);
        Member from = members.get((int) offer.from() - 1);
        if (isUp(to) && !to.isWriting() && isUp(from) && from.raft.status().applied() >= offer.snapshotIndex()) {
            to.install(from);
            mark("install", 1);
        }
    }

    private void hint(Member member, int what) {
        if (isUp(member)) {
            member.raft.hintUnreachable(1 + what % members.size());
            member.raft.hintQuorumConnected(what % 3 != 0);
        }
    }
}
