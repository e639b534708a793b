package io.metcd.simulator.consensus;

import io.metcd.base.ByteWriter;
import io.metcd.base.Bytes;
import io.metcd.base.RandomSource;
import io.metcd.raft.Message;
import io.metcd.raft.Proposal;
import io.metcd.raft.Raft;
import io.metcd.raft.RaftConfig;
import io.metcd.raft.codec.MessageCodec;
import io.metcd.raft.membership.Configuration;
import io.metcd.simulator.world.DatagramNetwork;
import io.metcd.simulator.world.EventQueue;
import io.metcd.simulator.world.Narrator;
import io.metcd.simulator.world.Nemesis;
import io.metcd.simulator.world.Path;
import io.metcd.simulator.world.Paths;
import io.metcd.simulator.world.SimClock;
import io.metcd.simulator.world.SimProcess;
import io.metcd.simulator.world.TraceHash;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.TreeSet;
import java.util.function.Supplier;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/** The members, the packets between them, the load, and the checkers of one run of consensus alone. */
final class RaftWorld implements Nemesis.Victims {
    /** A disk that is slow takes this many times as long. */
    private static final int SLOWNESS = 50;

    private static final double CALM_LOSS_MAX = 0.05;
    private static final long SLOW_NANOS_MIN = 10_000_000;

    private final RaftOptions options;
    private final RandomSource random;
    private final Narrator narrator;
    private final @Nullable Witness witness;
    private final EventQueue queue = new EventQueue(new TraceHash());
    private final DatagramNetwork<Message> network;
    private final Configuration configuration;
    private final List<RaftHost> hosts = new ArrayList<>();
    private final RaftChecks checks;
    private final Steward steward;

    /** Who was removed and stays away. */
    private final TreeSet<Long> retired = new TreeSet<>();

    private final SimProcess clients;
    private boolean slow;
    private long proposals;
    private long reads;

    RaftWorld(RaftOptions options, RandomSource random, Narrator narrator) {
        this(options, random, narrator, null);
    }

    RaftWorld(RaftOptions options, RandomSource random, Narrator narrator, @Nullable Witness witness) {
        this.narrator = narrator;
        this.witness = witness;
        this.options = options;
        this.random = random;
        this.configuration =
                Configuration.of(LongStream.rangeClosed(1, options.members()).toArray());
        this.checks = new RaftChecks(configuration, this::holds);
        Paths paths = new Paths(options.members() + options.spares(), options.network());
        this.network = new DatagramNetwork<>(queue, random.fork(), paths, this::arrived);
        this.clients = new SimProcess(queue, -3, "clients");
        for (int host = 0; host < options.members(); host++) {
            hosts.add(begin(host, new HostDisk()));
        }
        this.steward = new Steward(this, random.fork());
    }

    RaftOptions options() {
        return options;
    }

    EventQueue queue() {
        return queue;
    }

    RaftChecks checks() {
        return checks;
    }

    /** Proposals accepted and reads answered. */
    long operations() {
        return proposals + reads;
    }

    /** Clients begin to propose and to read, anywhere. */
    void load() {
        clients.scheduler().schedule(random.between(1, 2 * options.proposalNanos()), this::proposeSomewhere);
        clients.scheduler().schedule(random.between(1, 2 * options.readNanos()), this::readSomewhere);
        steward.start(clients);
    }

    /** Clients cease, and the network loses little from now on. */
    void calm() {
        clients.end();
        Path.Conditions now = options.network();
        network.paths()
                .setAll(new Path.Conditions(
                        now.delayNanos(), now.jitterNanos(), Math.min(now.loss(), CALM_LOSS_MAX), now.duplicate()));
    }

    /** At the newest leader: one that was cut off, or removed, may not know yet that it leads nobody. */
    boolean proposeOne() {
        return hosts.stream()
                .filter(RaftHost::leads)
                .max(Comparator.comparingLong(host -> host.status().term()))
                .filter(this::propose)
                .isPresent();
    }

    /** A member leads, and every living member has applied all that is committed. */
    boolean converged() {
        long last = checks.committed().last();
        Configuration members = checks.committed().configuration();
        boolean led = hosts.stream().anyMatch(host -> host.leads() && members.contains(host.id()));
        return led
                && !members.isJoint()
                && hosts.stream()
                        .filter(host ->
                                members.contains(host.id()) && !host.process().ended())
                        .allMatch(host -> host.applied() == last);
    }

    String describe() {
        StringBuilder text = new StringBuilder();
        for (RaftHost host : hosts) {
            text.append(host.process().ended() ? "down " : "")
                    .append(host.status())
                    .append('\n');
        }
        return text.toString();
    }

    void send(Message message) {
        Message carried = options.codec() ? MessageCodec.decode(MessageCodec.encode(message)) : message;
        say(() -> "send " + carried);
        queue.trace().note(carried.term() * 31 + carried.to());
        network.send((int) message.from() - 1, (int) message.to() - 1, carried);
    }

    void say(Supplier<String> text) {
        narrator.say(queue.now(), text);
    }

    void state(long member, Supplier<String> text) {
        narrator.state(queue.now(), member, text);
    }

    /** For a life of a host that begins: its first, or another. */
    Diary diary(Raft raft, SimProcess process) {
        return new Diary(witness, raft, process.id() < hosts.size());
    }

    RandomSource crashes() {
        return random;
    }

    void readAnswered() {
        reads++;
    }

    long writeNanos(RandomSource of) {
        long max = slow ? Math.max(SLOW_NANOS_MIN, options.writeNanosMax() * SLOWNESS) : options.writeNanosMax();
        return max == 0 ? 0 : of.between(max / 10, max);
    }

    long applyNanos(RandomSource of) {
        return options.applyNanosMax() == 0 ? 0 : of.between(0, options.applyNanosMax());
    }

    /** A member asks another for its state. */
    void fetch(RaftHost target, Message.SnapshotOffer offer) {
        RaftHost source = hosts.get((int) offer.from() - 1);
        boolean reachable = !network.paths()
                .path(source.process().id(), target.process().id())
                .isCut();
        if (source.process().ended() || !reachable || source.applied() < offer.snapshotIndex()) {
            target.fetchFailed();
            return;
        }
        long index = source.applied();
        target.fetched(index, checks.committed().term(index), source.configurationAt(index));
    }

    @Override
    public int members() {
        return hosts.size();
    }

    @Override
    public Paths paths() {
        return network.paths();
    }

    @Override
    public void healed() {}

    @Override
    public int leader() {
        for (RaftHost host : hosts) {
            if (host.leads()) {
                return host.process().id();
            }
        }
        return -1;
    }

    @Override
    public void crash(int host) {
        RaftHost victim = hosts.get(host);
        boolean isVital = options.ephemeral() && !checks.suffice(member -> member != victim.id() && isAlive(member));
        if (victim.process().ended() || isVital) {
            return;
        }
        victim.crash();
        state(victim.id(), () -> "down");
        say(() -> "crash of " + victim.process() + ", kept " + victim.disk().start());
    }

    @Override
    public void restart(int host) {
        if (!options.ephemeral() && !isAlive(host + 1L) && !retired.contains(host + 1L)) {
            hosts.set(host, begin(host, hosts.get(host).disk()));
            say(() -> "restart of " + hosts.get(host).process());
        }
    }

    @Override
    public void pause(int host) {
        hosts.get(host).process().pause();
    }

    @Override
    public void resume(int host) {
        hosts.get(host).process().resume();
    }

    @Override
    public void slowDisks(boolean nowSlow) {
        slow = nowSlow;
    }

    @Override
    public void jumpWallClock(int host, long millis) {}

    List<RaftHost> hosts() {
        return hosts;
    }

    /** A new host with nothing on its disk, which belongs to nothing yet; null when there are no more. */
    @Nullable
    RaftHost recruit() {
        if (hosts.size() == options.members() + options.spares()) {
            return null;
        }
        RaftHost recruit = begin(hosts.size(), new HostDisk());
        hosts.add(recruit);
        return recruit;
    }

    /** Whether it runs or, having a disk, may run again. */
    boolean isAlive(long member) {
        return !hosts.get((int) member - 1).process().ended();
    }

    /** A member knows that it was removed: it ends, or lingers. */
    void removed(RaftHost host) {
        if (random.chance(0.5)) {
            retired.add(host.id());
            host.process().end();
        }
    }

    private RaftHost begin(int host, HostDisk disk) {
        SimClock clock = new SimClock(queue, new SimClock.Skew(0, random.between(-10_000, 10_000), 0));
        SimProcess process = new SimProcess(queue, host, "member " + (host + 1), clock);
        RaftConfig config = new RaftConfig(host + 1L, configuration, 5, 50, options.limits(), options.leases());
        return new RaftHost(this, process, config, disk, random.fork());
    }

    private void arrived(int from, int to, Message message) {
        hosts.get(to).receive(message);
    }

    private void proposeSomewhere() {
        clients.scheduler().schedule(random.between(1, 2 * options.proposalNanos()), this::proposeSomewhere);
        int leader = leader();
        propose(hosts.get(leader >= 0 && random.chance(0.9) ? leader : random.nextInt(hosts.size())));
    }

    private boolean propose(RaftHost host) {
        if (host.process().ended() || host.process().paused()) {
            return false;
        }
        List<Bytes> commands = new ArrayList<>();
        for (int i = random.nextInt(4); i >= 0; i--) {
            commands.add(new ByteWriter(64)
                    .varint(++proposals)
                    .raw(Bytes.copyOf(new byte[random.nextInt(60)]))
                    .toBytes());
        }
        return host.propose(commands) instanceof Proposal.Accepted;
    }

    private void readSomewhere() {
        clients.scheduler().schedule(random.between(1, 2 * options.readNanos()), this::readSomewhere);
        RaftHost host = hosts.get(random.nextInt(hosts.size()));
        if (!host.process().ended() && !host.process().paused()) {
            host.read();
        }
    }

    private boolean holds(long member, long index, long term) {
        return hosts.get((int) member - 1).disk().holds(index, term);
    }
}
