package io.metcd.simulator.cluster;

import io.metcd.base.RandomSource;
import io.metcd.node.Replica;
import io.metcd.node.ReplicaStatus;
import io.metcd.simulator.world.EventQueue;
import io.metcd.simulator.world.Fault;
import io.metcd.simulator.world.Narrator;
import io.metcd.simulator.world.Nemesis;
import io.metcd.simulator.world.Path;
import io.metcd.simulator.world.Paths;
import io.metcd.simulator.world.SimNetwork;
import io.metcd.simulator.world.SimProcess;
import io.metcd.simulator.world.TraceHash;
import io.metcd.store.alarm.Alarm;
import io.metcd.store.command.Command;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** The hosts of one run, the network between them, its clients and watchers, and what faults can do to them. */
final class ClusterWorld implements Nemesis.Victims {
    private static final int SLOWNESS = 30;
    private static final long SLOW_NANOS_MIN = 20_000_000;
    private static final long PROGRESS_NANOS = 1_000_000_000;
    private static final long DISARM_NANOS = 2_000_000_000;
    private static final long SUPERVISION_NANOS = 1_000_000_000;
    private static final long REATTACH_NANOS_MAX = 300_000_000;
    private static final double CALM_LOSS_MAX = 0.05;

    private final ClusterOptions options;
    private final RandomSource random;
    private final Narrator narrator;
    private final EventQueue queue = new EventQueue(new TraceHash());
    private final SimNetwork network;
    private final Judges judges;
    private final List<Host> hosts = new ArrayList<>();
    private final List<Client> clients = new ArrayList<>();
    private final Optional<Operator> operator;
    private final Mender mender;
    private final SimProcess outside;
    private int deaths;
    private boolean founded;
    private boolean slow;

    ClusterWorld(ClusterOptions options, RandomSource random, Narrator narrator) {
        this.options = options;
        this.random = random;
        this.narrator = narrator;
        Paths paths = new Paths(hosts(), options.network());
        this.network = new SimNetwork(queue, random.fork(), paths, SimNetwork.Limits.DEFAULT);
        this.judges = new Judges(random.fork(), options.load());
        this.outside = new SimProcess(queue, -3, "clients");
        for (int a = 0; a < paths.hosts(); a++) {
            for (int b = 0; b < paths.hosts(); b++) {
                if (a != b && !joins(a, b)) {
                    paths.path(a, b).forbid();
                }
            }
        }
        this.operator = options.growth().equals(ClusterOptions.Growth.NONE)
                ? Optional.empty()
                : Optional.of(new Operator(this, random.fork()));
        // Without rot a seed decides everything as it did before there was any.
        this.mender = new Mender(this, rots() ? random.fork() : RandomSource.seeded(0));
        for (int host = 0; host < paths.hosts(); host++) {
            hosts.add(new Host(this, network, random.fork(), host));
        }
    }

    ClusterOptions options() {
        return options;
    }

    EventQueue queue() {
        return queue;
    }

    Judges judges() {
        return judges;
    }

    void say(Supplier<String> text) {
        narrator.say(queue.now(), text);
    }

    int hosts() {
        return shaped() + options.growth().spares();
    }

    /** Hosts that have a place in the shape; spares come behind them. */
    int shaped() {
        return options.members() + options.relays();
    }

    /**
     * Whether a link between two hosts is possible. Members and relays take turns in the order of the shape; a spare can
     * dial everybody.
     */
    boolean joins(int a, int b) {
        return a >= shaped() || b >= shaped() || options.shape().joins(seat(a), seat(b), shaped());
    }

    /** A host that need not listen, because each of its neighbours does, may only dial. */
    boolean listens(int host) {
        return !options.dialOnly() || seat(host) % 2 == 0 || seat(host) >= shaped() - 1;
    }

    long turnNanos() {
        return options.turnNanosMax() == 0 ? 0 : random.between(0, options.turnNanosMax());
    }

    long writeNanos(RandomSource of) {
        long max = slow ? Math.max(SLOW_NANOS_MIN, options.writeNanosMax() * SLOWNESS) : options.writeNanosMax();
        return max == 0 ? 0 : of.between(max / 10, max);
    }

    /** Clients and watchers begin. */
    void load() {
        founded = true;
        for (int i = 0; i < options.load().clients(); i++) {
            Client client = new Client(this, outside, random.fork(), "c" + i, random.nextInt(options.members()));
            clients.add(client);
            client.start();
        }
        operator.filter(each -> options.growth().operated()).ifPresent(Operator::start);
        judges.watchers().forEach(this::attachSoon);
        if (rots()) {
            mender.start();
        }
        outside.scheduler().schedule(PROGRESS_NANOS, this::progressTick);
        outside.scheduler().schedule(DISARM_NANOS, this::disarmTick);
    }

    /** Clients cease, and the network loses little from now on. */
    void calm() {
        clients.forEach(Client::cease);
        operator.ifPresent(Operator::cease);
        Path.Conditions now = options.network();
        network.paths()
                .setAll(new Path.Conditions(
                        now.delayNanos(), now.jitterNanos(), Math.min(now.loss(), CALM_LOSS_MAX), now.duplicate()));
    }

    /** Clients go on. */
    void resume() {
        clients.forEach(Client::resume);
    }

    Optional<Operator> operator() {
        return operator;
    }

    /** All hosts by number. */
    List<Host> all() {
        return List.copyOf(hosts);
    }

    boolean clientsIdle() {
        return clients.stream().allMatch(Client::idle);
    }

    /** A replica that a client may talk to at this host. */
    Optional<Replica> serving(int host) {
        Host there = hosts.get(host);
        return there.life().process().paused() ? Optional.empty() : there.replica();
    }

    /** The living members that are no newcomers. */
    List<Replica> replicas() {
        return hosts.stream().map(Host::replica).flatMap(Optional::stream).toList();
    }

    boolean hasLeader() {
        return leader() >= 0;
    }

    /** Every living member knows the leader, and has the same state as every other. */
    boolean converged() {
        List<Replica> all = replicas();
        long applied =
                all.stream().mapToLong(each -> each.root().appliedIndex()).max().orElse(0);
        for (Replica each : all) {
            ReplicaStatus status = each.status();
            if (!status.hasLeader() || each.root().appliedIndex() != applied || status.commit() != applied) {
                return false;
            }
        }
        return hasLeader() && votersAreThere(all);
    }

    /** All who vote run: also those whom an operator has added. */
    private boolean votersAreThere(List<Replica> all) {
        List<Long> there = all.stream().map(each -> each.status().memberId()).toList();
        return there.containsAll(all.get(0).status().voters()) || options.kept() == ClusterOptions.Kept.NOTHING;
    }

    /** Whoever came back without its memory votes again, as another member. */
    boolean newcomersSettled() {
        return options.kept() == ClusterOptions.Kept.JOURNAL
                || hosts.stream().noneMatch(host -> host.up() && host.isNewcomer());
    }

    private boolean rots() {
        return options.plan().faults().contains(Fault.BIT_ROT);
    }

    Mender mender() {
        return mender;
    }

    /** Whether nobody has to be replaced any more, because its disk has rotted. */
    boolean mended() {
        return hosts.stream().allMatch(Host::isSound);
    }

    /** Whether a majority of the members is alive, each with a way to every other. */
    boolean canServe() {
        int alive = replicas().size();
        if (2 * alive <= options.members() && !options.growth().operated()) {
            return false;
        }
        boolean[] reached = new boolean[hosts()];
        List<Integer> frontier = new ArrayList<>();
        hosts.stream().filter(host -> host.replica().isPresent()).findFirst().ifPresent(h -> frontier.add(h.number()));
        while (!frontier.isEmpty()) {
            int here = frontier.remove(frontier.size() - 1);
            reached[here] = true;
            for (Host host : hosts) {
                int there = host.number();
                boolean link = joins(here, there) && (listens(here) || listens(there));
                if (!reached[there] && host.up() && link) {
                    frontier.add(there);
                }
            }
        }
        return hosts.stream().filter(host -> host.replica().isPresent()).allMatch(host -> reached[host.number()]);
    }

    String describe() {
        StringBuilder text = new StringBuilder();
        hosts.forEach(host -> text.append(host.describe()).append('\n'));
        return text.toString();
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
    public void healed() {
        network.healed();
    }

    @Override
    public int leader() {
        for (Host host : hosts) {
            if (host.leads()) {
                return host.number();
            }
        }
        return -1;
    }

    @Override
    public void crash(int number) {
        Host host = hosts.get(number);
        boolean isFinal = host.isMember() && options.kept() != ClusterOptions.Kept.JOURNAL;
        if (!host.up() || (isFinal && (!founded || isNeeded(host)))) {
            return;
        }
        deaths += isFinal ? 1 : 0;
        say(() -> "crash of " + host.describe());
        lose(host, random.chance(0.5) ? SimNetwork.Death.PROCESS : SimNetwork.Death.MACHINE);
    }

    /** After what is under way now. */
    void soon(Runnable task) {
        outside.scheduler().schedule(0, task);
    }

    /** As a supervisor does who starts again what has ended. */
    void startLater(Host host) {
        outside.scheduler().schedule(SUPERVISION_NANOS, () -> restart(host.number()));
    }

    /** A member is gone, whoever needs it. */
    void lose(Host host, SimNetwork.Death death) {
        host.crash(death);
        abandoned(host);
    }

    /** Nobody is served at this host any more. */
    void abandoned(Host host) {
        host.desk().ifPresent(desk -> desk.close().forEach(this::attachSoon));
        host.shut();
        clients.forEach(client -> client.died(host.number()));
    }

    /** Whether the cluster could never serve again without a life that leaves nothing behind. */
    private boolean isNeeded(Host host) {
        if (options.kept() == ClusterOptions.Kept.NOTHING) {
            return 2 * (deaths + 1) >= options.members();
        }
        Optional<ReplicaStatus> leader = hosts.stream()
                .filter(Host::leads)
                .flatMap(each -> each.life().replica().stream())
                .map(Replica::status)
                .max(Comparator.comparingLong(ReplicaStatus::term));
        if (leader.isEmpty() || leader.get().changing()) {
            return true;
        }
        long left = hosts.stream()
                .filter(each -> each != host && each.votes(leader.get()))
                .count();
        return 2 * left <= leader.get().voters().size();
    }

    @Override
    public void restart(int number) {
        Host host = hosts.get(number);
        boolean comesBack = !host.isMember() || options.kept() != ClusterOptions.Kept.NOTHING;
        if (!host.up() && comesBack) {
            say(() -> "restart of " + host.describe());
            host.restart();
        }
    }

    @Override
    public void pause(int number) {
        say(() -> "pause of h" + number);
        hosts.get(number).life().process().pause();
    }

    @Override
    public void resume(int number) {
        hosts.get(number).life().process().resume();
    }

    @Override
    public void slowDisks(boolean nowSlow) {
        slow = nowSlow;
    }

    @Override
    public void fillDisk(int number) {
        say(() -> "the disk of h" + number + " is full");
        hosts.get(number).fillDisk();
    }

    /**
     * As many disks may fail as leave each acknowledged entry on one that is needed for a majority; where others change
     * the membership, none. A founder of whom the state says nothing yet cannot be removed by an operator.
     */
    @Override
    public void rot(int number) {
        Host host = hosts.get(number);
        boolean foundersOnly = options.growth().equals(ClusterOptions.Growth.NONE);
        long sound = hosts.stream().filter(Host::isMember).filter(Host::isSound).count();
        if (foundersOnly && host.isKnown() && host.isSound() && 2 * (sound - 1) > options.members()) {
            lose(host, random.chance(0.5) ? SimNetwork.Death.PROCESS : SimNetwork.Death.MACHINE);
            host.rot();
        }
    }

    @Override
    public void makeRoom(int number) {
        hosts.get(number).makeRoom();
    }

    @Override
    public void jumpWallClock(int number, long millis) {
        hosts.get(number).life().process().jumpWall(millis);
    }

    /** Where a host sits in the shape: relays come between members. */
    private int seat(int host) {
        int members = options.members();
        if (host >= shaped()) {
            return host;
        }
        if (host >= members) {
            int relay = host - members;
            return relay < members ? 2 * relay + 1 : host;
        }
        return Math.min(2 * host, host + options.relays());
    }

    private void attachSoon(Watcher watcher) {
        outside.scheduler().schedule(random.between(1, REATTACH_NANOS_MAX), () -> {
            Host host = hosts.get(random.nextInt(options.members()));
            Optional<Judges.Desk> desk = host.desk().filter(Judges.Desk::open);
            if (desk.isPresent()) {
                desk.get().attach(watcher);
            } else {
                attachSoon(watcher);
            }
        });
    }

    /** An operator who looks now and then, and disarms whatever stands, be it too early. */
    private void disarmTick() {
        outside.scheduler().schedule(DISARM_NANOS, this::disarmTick);
        for (Replica asked : replicas()) {
            for (Alarm alarm : asked.root().alarms().list()) {
                asked.submit(new Command.AlarmClear(alarm), DISARM_NANOS, outcome -> {});
            }
        }
    }

    private void progressTick() {
        outside.scheduler().schedule(PROGRESS_NANOS, this::progressTick);
        for (Host host : hosts) {
            host.desk().filter(Judges.Desk::open).ifPresent(Judges.Desk::progressTick);
        }
    }
}
