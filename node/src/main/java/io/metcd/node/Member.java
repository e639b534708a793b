package io.metcd.node;

import io.metcd.base.ByteReader;
import io.metcd.base.Bytes;
import io.metcd.journal.JournalDamage;
import io.metcd.journal.Recovered;
import io.metcd.journal.SnapshotMark;
import io.metcd.mesh.Channel;
import io.metcd.mesh.Priority;
import io.metcd.mesh.TopologyView;
import io.metcd.node.autopilot.Rules;
import io.metcd.raft.Proposal;
import io.metcd.raft.Raft;
import io.metcd.raft.RaftConfig;
import io.metcd.raft.RaftEvent;
import io.metcd.raft.RaftStart;
import io.metcd.raft.RaftStatus;
import io.metcd.raft.Ready;
import io.metcd.raft.Role;
import io.metcd.store.Applied;
import io.metcd.store.command.Command;
import io.metcd.store.command.Envelope;
import io.metcd.store.command.MemberCommand;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * A founded member: consensus, the state machine, and what waits for them. {@link Replica#turn()} says in which order
 * its parts work; nothing here sends or persists by itself.
 */
final class Member {
    private static final long SWEEP_NANOS = 100_000_000L;
    private static final int STALL_TICKS = 3;
    /** So far applying may be behind what is committed before requests are refused. */
    private static final long LAG_MAX = 5_000;

    private final ReplicaConfig config;
    private final Surroundings around;
    private final Membership membership;
    private final Raft raft;
    private final RaftChannel channel;
    private final MeshHints hints;
    private final Pacer pacer;
    private final LeaderWatch watch;
    private final StateMachine machine;
    private final Proposals proposals;
    private final Reads reads;
    private final LeaseDesk leases;
    private final Snapshots snapshots;
    private final SpaceDesk space;
    private final LogKeeper logKeeper;
    private final SelfDescription description;
    private final Pilot pilot;
    private final MembershipDesk desk;
    private final Handovers handovers;
    private final TakenProposals taken = new TakenProposals();

    private RaftStatus status;
    private long now;
    private long nextTick;
    private long nextSweep;
    private long forwardedCommands;
    private boolean leading;
    private boolean describing;
    private boolean confirming;
    private Optional<String> fault = Optional.empty();

    /** Goes on from what is recovered. */
    Member(ReplicaConfig config, Membership membership, Surroundings around, Recovered recovered) {
        this.config = config;
        this.around = around;
        this.membership = membership;
        this.now = around.clock().nanos();
        Limits limits = config.limits();
        ReplicaConfig.Timing timing = config.timing();
        RaftConfig raftConfig = new RaftConfig(
                membership.self(),
                membership.identity().founded(),
                timing.heartbeatTicks(),
                timing.electionTicks(),
                limits.ofConsensus(),
                timing.leaseReads());
        this.raft = new Raft(raftConfig, start(recovered), around.random().fork());
        this.status = raft.status();
        this.channel = new RaftChannel(around, limits, membership, raft::step);
        this.hints = new MeshHints(raft, membership);
        this.pacer = new Pacer(raft, membership, timing);
        this.watch = new LeaderWatch(timing.electionNanos(), now);
        this.machine = new StateMachine(recovered.snapshot(), this::applied);
        this.proposals =
                new Proposals(membership.self(), config.incarnation(), limits, new ProposalRoute(), around.answers());
        this.reads = new Reads(limits, around.answers());
        this.leases = new LeaseDesk(membership.self(), config, this::askLeader, around.answers());
        this.snapshots =
                new Snapshots(limits, around, new SnapshotRoute(around.mesh(), membership, channel, raft), raft);
        this.space = new SpaceDesk(membership.self(), limits, around, new SpaceRoute());
        this.logKeeper = new LogKeeper(limits);
        this.description =
                new SelfDescription(config, membership.self(), around.mesh().self());
        Rules rules = config.durability() == ReplicaConfig.Durability.EPHEMERAL
                ? config.autopilot().withFounders(membership.identity().slots().size())
                : config.autopilot();
        this.pilot = new Pilot(rules, membership, hints, around.mesh().topology());
        this.desk = new MembershipDesk(raft, membership, hints, pilot, limits);
        this.handovers = new Handovers(raft, config, around);
        membership.follow(machine.root());
        this.nextTick = now + timing.tickNanos();
        this.nextSweep = now;
        channel.answer(RaftChannel.Kind.PROPOSE, this::forwarded);
        channel.answer(RaftChannel.Kind.LEASES, (from, request, reply) -> leases.visited(request, moment(), reply));
        snapshots.serve(channel, machine);
        channel.open();
        observe(around.mesh().topology());
    }

    Membership membership() {
        return membership;
    }

    StateMachine machine() {
        return machine;
    }

    RaftChannel channel() {
        return channel;
    }

    LeaderWatch watch() {
        return watch;
    }

    Proposals proposals() {
        return proposals;
    }

    Reads reads() {
        return reads;
    }

    LeaseDesk leases() {
        return leases;
    }

    Snapshots snapshots() {
        return snapshots;
    }

    RaftStatus status() {
        return status;
    }

    long forwardedCommands() {
        return forwardedCommands;
    }

    long nextTick() {
        return nextTick;
    }

    /** Set when this member must not go on. */
    Optional<String> fault() {
        return fault;
    }

    /** Whether a later founding would lose something that this member holds: more than a leader's empty entry. */
    boolean hasHistory() {
        return status.commit() > 0 || status.lastIndex() > 1;
    }

    void observe(TopologyView view) {
        membership.observe(view);
        hints.observe(view, around.clock().nanos());
        pilot.observe(view);
    }

    void submit(Command command, Replica.Span span, Consumer<Outcome> done) {
        submit(Envelope.of(command), span, done);
    }

    void submit(Envelope asked, Replica.Span span, Consumer<Outcome> done) {
        if (status.commit() - status.applied() > LAG_MAX) {
            around.answers().add(() -> done.accept(new Outcome.Failed(Failure.TOO_MANY_REQUESTS)));
        } else {
            space.submit(asked, machine.root(), span, done);
        }
    }

    /** For a command that there is no room for: the alarm is raised, unless it stands already. */
    void refuseForSpace(Replica.Span span, Consumer<Outcome> done) {
        space.refuse(machine.root(), span, done);
    }

    /** Lets time pass for every part; {@link Replica#turn()} calls it first. */
    void tick(long nowNanos) {
        now = nowNanos;
        int ticks = 0;
        while (now - nextTick >= 0 && ticks < STALL_TICKS) {
            raft.tick();
            nextTick += config.timing().tickNanos();
            ticks++;
        }
        if (now - nextTick >= 0) {
            // Not run for a while: the time that passed unseen is no reason to campaign, but one to doubt.
            nextTick = now + config.timing().tickNanos();
            raft.stalled();
            leases.doubt();
        }
        if (!hints.intact(status)) {
            watch.broken(now);
        }
        if (status.leader() != 0) {
            space.look(machine.root(), span(config.timing().requestNanos()));
        }
        if (ticks > 0) {
            pacer.turn(around.mesh().topology(), now);
            machine.scrub();
            describe();
            confirm();
            sweep();
        }
    }

    /** Hands everything that has come to consensus: commands as one append, reads as one round. */
    void propose() {
        followLeader();
        for (LeaseDesk.Due due : leases.due(status.term(), machine.root(), now)) {
            submit(due.command(), span(LeaseTimers.RETRY_NANOS), due.done());
        }
        if (leading) {
            desk.turn(status, machine.root(), now);
        }
        proposals.flush(status.leader(), now);
        reads.flush(now, raft::requestRead);
    }

    /** What is to be done now; nothing while a fetched state takes the place of the log, or the disk is behind. */
    Ready ready() {
        return isHeldUp() ? Ready.NOTHING : raft.ready();
    }

    /** A write has arrived on the disk. */
    void written(Writes.Written batch) {
        batch.durable().ifPresent(raft::advance);
    }

    /** Applies what is committed, and answers what waited for it; {@code idle} is whether no write is under way. */
    void apply(Ready ready, boolean idle) {
        ready.events().forEach(this::note);
        ready.failedReads().forEach(reads::failed);
        ready.readStates().forEach(reads::confirmed);
        snapshots.apply(ready.committed(), machine);
        if (!ready.committed().isEmpty()) {
            ready.committed().forEach(entry -> logKeeper.applied(entry.index(), entry.sizeBytes()));
            raft.advance(new io.metcd.raft.Applied(machine.root().appliedIndex()));
        }
        ready.snapshot().ifPresent(offer -> snapshots.offered(offer, machine.root(), now));
        boolean quiet = idle && !raft.hasReady();
        snapshots.turn(machine.root(), now, quiet).ifPresent(this::installed);
        status = raft.status();
        if (membership.follow(machine.root())) {
            observe(around.mesh().topology());
        }
        pilot.follow(machine.root());
        if (!snapshots.installing()) { // for then the disk is not given what is new
            handovers.turn(status, machine.root(), now);
        }
        reads.answer(machine.root());
        leases.turn(status.leader(), machine.root(), now);
        snapshots.follow(status, now);
        long compactTo = logKeeper.compactTo(status.logBytes(), snapshots.heldIndex());
        if (compactTo > 0) {
            raft.compact(compactTo);
        }
    }

    boolean hasMore() {
        return raft.hasReady() && !isHeldUp();
    }

    /** Answers everything that waits, and hears nothing any more. */
    void end(Failure failure) {
        proposals.failAll(failure);
        reads.failAll(failure);
        leases.failAll(failure);
        handovers.failAll();
        snapshots.abandon();
        channel.close();
    }

    /** Now, between turns as well. */
    LeaseDesk.Moment moment() {
        return new LeaseDesk.Moment(around.clock().nanos(), status.commit());
    }

    /** A voter that is removed beside others still counts until the configuration without it is in force. */
    boolean isNeededOnItsWayOut() {
        return membership.isRemoved() && status.configuration().isVoter(membership.self());
    }

    Handovers handovers() {
        return handovers;
    }

    Pilot pilot() {
        return pilot;
    }

    /** In words for an operator; empty while a leader is known. */
    String waitsFor() {
        if (status.leader() != 0) {
            return "";
        }
        List<String> missing = hints.unreached().stream()
                .map(each -> "'" + membership.name(each) + "'")
                .toList();
        if (missing.isEmpty()) {
            return "waiting for a leader to be elected";
        }
        String text = "waiting for a leader; no way to the members " + String.join(", ", missing);
        boolean lost = config.durability() == ReplicaConfig.Durability.EPHEMERAL && !hints.reachesQuorum();
        return lost
                ? text
                        + "; without them this cluster has no majority, and members that keep nothing cannot bring it back:"
                        + " if they are gone for good, './metcd refound' here begins a new cluster from what this member"
                        + " holds"
                : text;
    }

    private Replica.Span span(long timeoutNanos) {
        return new Replica.Span(now, now + timeoutNanos);
    }

    private void installed(Snapshots.Installed state) {
        SnapshotMark mark = state.mark();
        if (machine.install(state.root())) {
            raft.advance(new io.metcd.raft.SnapshotInstalled(mark.index(), mark.term(), mark.configuration()));
            logKeeper.reset();
            proposals.snapshotInstalled();
        }
    }

    private void followLeader() {
        status = raft.status();
        if (watch.observe(status.leader(), status.term(), now)) {
            proposals.leaderChanged(status.term());
        }
        // Behind an entry of the own term, every revocation that an earlier leader may have decided is applied: only
        // then can a renewal be promised.
        boolean leads = status.role() == Role.LEADER && machine.root().appliedTerm() == status.term();
        if (leads && !leading) {
            leases.lead(machine.root(), now, config.timing().electionNanos());
        } else if (!leads && leading) {
            leases.follow();
            desk.clear();
        }
        leading = leads;
    }

    private void applied(Applied applied, long term) {
        proposals.applied(applied, term);
        taken.remove(applied.origin());
        leases.applied(applied.result(), now);
    }

    private void note(RaftEvent event) {
        if (event instanceof RaftEvent.EntriesLost lost) {
            fault = Optional.of("this member has lost entries that it had acknowledged (up to "
                    + lost.acknowledged() + ", its log ends at " + lost.lastIndex()
                    + "), as when its disk has failed, or an older copy of its directory was put back: "
                    + JournalDamage.FROM_PEERS);
        }
    }

    private void describe() {
        Optional<Command> missing =
                describing || status.leader() == 0 ? Optional.empty() : description.missing(machine.root());
        missing.ifPresent(command -> {
            describing = true;
            submit(command, span(config.timing().requestNanos()), outcome -> describing = false);
        });
    }

    /** A leader that was not run for a while asks a quorum whether it still leads. */
    private void confirm() {
        if (leases.confirmed() || confirming) {
            return;
        }
        confirming = true;
        reads.read(span(config.timing().requestNanos()), outcome -> {
            confirming = false;
            if (outcome instanceof ReadOutcome.At) {
                leases.confirm();
            }
        });
    }

    private void sweep() {
        if (now - nextSweep < 0) {
            return;
        }
        nextSweep = now + SWEEP_NANOS;
        proposals.sweep(now, watch::timedOut);
        reads.sweep(now, watch::timedOut);
        reads.retry(now, raft::requestRead);
        leases.sweep(status.leader(), now, watch::timedOut);
        snapshots.sweep(now);
    }

    private void forwarded(long from, ByteReader request, Channel.Reply reply) {
        List<ForwardCodec.Forwarded> all = ForwardCodec.decode(request, from);
        if (space.isFilling(machine.root())) {
            reply.send(ForwardCodec.answer(new Proposal.Overloaded()));
            return;
        }
        RaftStatus present = raft.status();
        List<ForwardCodec.Forwarded> fresh = all.stream()
                .filter(each -> !taken.holds(each.origin(), present.term()))
                .toList();
        Proposal proposal = take(fresh);
        if (proposal instanceof Proposal.Accepted accepted) {
            forwardedCommands += fresh.size();
            fresh.forEach(each -> taken.add(each.origin(), accepted.term()));
        }
        reply.send(ForwardCodec.answer(proposal));
    }

    /** A change of membership comes alone. */
    private Proposal take(List<ForwardCodec.Forwarded> fresh) {
        if (fresh.size() == 1 && fresh.get(0).change().isPresent()) {
            return change(fresh.get(0).content());
        }
        return raft.propose(fresh.stream()
                .filter(each -> each.change().isEmpty())
                .map(ForwardCodec.Forwarded::envelope)
                .toList());
    }

    /** The leader's own say in changes of membership: what it takes it either makes, or refuses through the log. */
    private Proposal change(Envelope envelope) {
        RaftStatus present = raft.status();
        if (present.role() != Role.LEADER) {
            return new Proposal.NotLeader(present.leader());
        }
        return desk.take(envelope, (MemberCommand) envelope.command())
                ? new Proposal.Accepted(0, 0, present.term())
                : new Proposal.Overloaded();
    }

    private void askLeader(long leader, Bytes request, Consumer<Optional<Bytes>> done) {
        channel.call(leader, RaftChannel.Kind.LEASES, Priority.DATA, request, done);
    }

    private boolean isHeldUp() {
        return snapshots.installing() || !around.journal().hasRoom();
    }

    private static RaftStart start(Recovered recovered) {
        return new RaftStart(
                recovered.hardState(),
                recovered.snapshot().map(snapshot -> snapshot.mark().index()).orElse(0L),
                recovered.snapshot().map(snapshot -> snapshot.mark().term()).orElse(0L),
                recovered.snapshot().map(snapshot -> snapshot.mark().configuration()),
                recovered.entries());
    }

    private final class SpaceRoute implements SpaceDesk.Route {
        @Override
        public void propose(Envelope asked, Replica.Span span, Consumer<Outcome> done) {
            proposals.submit(asked, span, done);
        }

        @Override
        public void barrier(Replica.Span span, Consumer<ReadOutcome> done) {
            reads.read(span, done);
        }
    }

    /** Proposals go to the own log when this member leads, else to the leader by a call. */
    private final class ProposalRoute implements Proposals.Route {
        @Override
        public Proposal propose(List<Bytes> envelopes) {
            return raft.propose(envelopes);
        }

        @Override
        public Proposal change(Bytes envelope) {
            return Member.this.change(Envelope.decode(envelope));
        }

        @Override
        public void forward(long leader, List<Bytes> envelopes, Consumer<Proposals.Forwarded> done) {
            channel.call(leader, RaftChannel.Kind.PROPOSE, Priority.DATA, ForwardCodec.encode(envelopes), reply -> {
                done.accept(ForwardCodec.decodeAnswer(reply));
            });
        }
    }
}
