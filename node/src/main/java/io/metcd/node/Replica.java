package io.metcd.node;

import io.metcd.base.Clock;
import io.metcd.base.RandomSource;
import io.metcd.journal.Journal;
import io.metcd.journal.Recovered;
import io.metcd.mesh.Mesh;
import io.metcd.node.Founding.Verdict;
import io.metcd.raft.Ready;
import io.metcd.store.Root;
import io.metcd.store.command.Command;
import io.metcd.store.command.Envelope;
import io.metcd.store.kv.Event;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One member of a cluster: the room where mesh, consensus, journal and store meet.
 *
 * <p>It starts no thread. Its owner calls {@link #turn()} whenever it is woken, and at {@link #nextTurnNanos()} at the
 * latest, always from one thread; everything else may be called from any thread and crosses over by the mailbox. What
 * a request is answered with comes on the replica's thread at the end of a turn, and must not block it; only a request
 * that the mailbox has no room for is answered at once by its caller's thread.
 *
 * <pre>
 * requests ─┐                        ┌─ sendNow ──────────────────────────────────────► mesh
 * packets  ─┼─► mailbox ─► Raft ─► Ready ── hard state, entries ──► journal ──┐
 * answers  ─┘      tick ─►           ├─ sendWhenDurable ───── waits ◄─────────┴───────► mesh
 *                                    └─ committed ──► store ──► answers, then listeners
 * </pre>
 *
 * <p>The upper path is a leader's: its appends leave beside its own write, because it counts its own copy only when that
 * is durable. The path behind the journal is a vote's and an acknowledgement's: nobody may hear of what a power cut
 * could undo.
 */
public final class Replica {
    private static final Logger LOG = LoggerFactory.getLogger(Replica.class);
    private static final long LOOK_NANOS = 100_000_000L;

    private final ReplicaConfig config;
    private final Surroundings around;
    private final IdentityStore identities;
    private final Mailbox mailbox;
    private final Writes writes;
    private final Presence presence;
    private final Doorway doorway;
    private final StatusBoard board;
    private final ArrayDeque<Runnable> answers = new ArrayDeque<>();
    private final List<TurnListener> listeners = new ArrayList<>();

    private final SplitAlarm split = new SplitAlarm();

    private Optional<Member> member = Optional.empty();
    /** Who this member has been since its first start, if it keeps that. */
    private Optional<MemberIdentity> kept = Optional.empty();

    private Optional<ReplicaStatus.Phase> ended = Optional.empty();
    private boolean lookedUp;
    /** This member came into a cluster that it did not found. */
    private boolean joined;

    private long nextLook;
    private volatile Root root;
    private volatile ReplicaStatus status;

    /**
     * What a replica stands on.
     *
     * @param identities where a member with a disk keeps who it is
     * @param founding what keeps counted founders from founding twice
     */
    public record Doors(
            Clock clock,
            RandomSource random,
            Mesh mesh,
            Journal journal,
            IdentityStore identities,
            Founding.Doors founding) {
        /** Of a member that is not founded by counting. */
        public Doors(Clock clock, RandomSource random, Mesh mesh, Journal journal, IdentityStore identities) {
            this(clock, random, mesh, journal, identities, Founding.Doors.NONE);
        }
    }

    /** A replica that keeps nothing but its journal. The wakeup is called from any thread: call {@link #turn()} soon. */
    public Replica(
            ReplicaConfig config, Clock clock, RandomSource random, Mesh mesh, Journal journal, Runnable wakeup) {
        this(config, new Doors(clock, random, mesh, journal, IdentityStore.NONE), wakeup);
    }

    /** The wakeup is called from any thread and means: call {@link #turn()} soon. */
    public Replica(ReplicaConfig config, Doors doors, Runnable wakeup) {
        this.config = config;
        this.identities = doors.identities();
        this.mailbox = new Mailbox(config.limits().mailboxMax(), wakeup);
        Clock clock = doors.clock();
        Mesh mesh = doors.mesh();
        Journal journal = doors.journal();
        this.around = new Surroundings(clock, doors.random(), mesh, journal, mailbox, answers);
        this.writes = new Writes(journal, wakeup);
        this.presence = new Presence(config, mesh, doors.random().fork(), doors.founding());
        this.doorway = new Doorway(config, around, () -> member);
        this.board = new StatusBoard(config);
        board.alarm(split);
        this.root = StateMachine.emptyRoot();
        this.status = board.founding("starting");
        this.nextLook = clock.nanos();
        presence.listen(wakeup);
    }

    /** One turn; true if there is more to do at once. */
    public boolean turn() {
        mailbox.openAll(); // requests queue, packets step, answers come home
        long now = around.clock().nanos(); // after the last request came: what it may see is judged by the time it came
        if (!founded(now)) {
            return rest();
        }
        Member here = member.orElseThrow();
        here.tick(now);
        here.propose(); // all commands are one append, all reads one round
        Ready ready = here.ready();
        here.channel().send(ready.sendNow()); // beside the write
        writes.begin(ready);
        for (Writes.Written batch : writes.take()) {
            here.channel().send(batch.messages()); // behind the write
            here.written(batch);
        }
        here.apply(ready, writes.idle());
        if (displaced(here)) {
            return true;
        }
        publish(here);
        answer();
        return here.hasMore() || !mailbox.isEmpty();
    }

    /** When the next turn is due at the latest, in the clock's nanoseconds. */
    public long nextTurnNanos() {
        return member.map(Member::nextTick).orElse(nextLook);
    }

    /**
     * Proposes a command through whichever member leads; it takes effect at most once. The answer comes when this
     * member has applied it.
     */
    public void submit(Command command, long timeoutNanos, Consumer<Outcome> done) {
        submit(Envelope.of(command), timeoutNanos, done);
    }

    /** As the other; the caller in the envelope needs the rights when it is applied. */
    public void submit(Envelope asked, long timeoutNanos, Consumer<Outcome> done) {
        Consumer<Failure> refused = failure -> done.accept(new Outcome.Failed(failure));
        deliver(timeoutNanos, refused, (here, span) -> {
            if (split.yields()) {
                answers.add(() -> refused.accept(Failure.YIELDS));
            } else {
                here.submit(asked, span, done);
            }
        });
    }

    /**
     * Lets another voter lead, if this member leads now.
     *
     * @param done told once, on the replica's thread
     */
    public void handOver(long member, long timeoutNanos, Consumer<Handover> done) {
        deliver(
                timeoutNanos,
                failure -> done.accept(Handover.STOPPED),
                (here, span) -> here.handovers().ask(member, span, done));
    }

    /**
     * Begins a new cluster with what this member holds, if its own has lost its majority and nobody can bring that back.
     * What the others had acknowledged and this member has not is lost.
     */
    public void refound(Consumer<Refounded> done) {
        if (status.isOver()) {
            done.accept(Refounded.NO_STATE);
            return;
        }
        mailbox.post(() -> {
            Refounded outcome = refound();
            answers.add(() -> done.accept(outcome));
        });
    }

    /** Whether this member's quota has room for a command, as of its last turn. */
    public boolean hasRoom(Command command) {
        return SpaceDesk.admits(config.limits().quotaBytes(), command, root);
    }

    /** Answers as {@link #submit} answers a command that there is no room for. */
    public void refuseForSpace(long timeoutNanos, Consumer<Outcome> done) {
        Consumer<Failure> refused = failure -> done.accept(new Outcome.Failed(failure));
        deliver(timeoutNanos, refused, (here, span) -> here.refuseForSpace(span, done));
    }

    /** Asks for a state that holds everything acknowledged so far, by any member. */
    public void read(long timeoutNanos, Consumer<ReadOutcome> done) {
        Consumer<Failure> refused = failure -> done.accept(new ReadOutcome.Failed(failure));
        deliver(timeoutNanos, refused, (here, span) -> here.reads().read(span, done));
    }

    /** Renews a lease at the leader. */
    public void keepAlive(long leaseId, long timeoutNanos, Consumer<LeaseOutcome> done) {
        ask(new LeaseCodec.Question(LeaseCodec.Kind.RENEW, leaseId), timeoutNanos, done);
    }

    /** Asks the leader what is left of a lease, and with {@code keys} what is attached to it. */
    public void timeToLive(long leaseId, boolean keys, long timeoutNanos, Consumer<LeaseOutcome> done) {
        LeaseCodec.Kind kind = keys ? LeaseCodec.Kind.QUERY_WITH_KEYS : LeaseCodec.Kind.QUERY;
        ask(new LeaseCodec.Question(kind, leaseId), timeoutNanos, done);
    }

    /** The state as applied by this member at the end of its last turn; empty before the founding. */
    public Root root() {
        return root;
    }

    /** Adds a listener, which first hears the present state. */
    public void subscribe(TurnListener listener) {
        mailbox.post(() -> {
            listeners.add(listener);
            listener.turnCompleted(root, List.of());
        });
    }

    public void unsubscribe(TurnListener listener) {
        mailbox.post(() -> listeners.remove(listener));
    }

    /** As of the end of the last turn. */
    public ReplicaStatus status() {
        return status;
    }

    public ReplicaConfig config() {
        return config;
    }

    /** In the next turn: refuses what comes, answers what waits with {@link Failure#STOPPED}, closes the journal. */
    public void stop() {
        mailbox.post(() -> end(ReplicaStatus.Phase.STOPPED, "stopped"));
    }

    /** As {@link #stop}, because something is broken: a bug, or what this replica stands on. */
    public void abort(String reason) {
        mailbox.post(() -> end(ReplicaStatus.Phase.FAILED, reason));
    }

    /** A request's time. */
    record Span(long startedNanos, long deadlineNanos) {}

    private void ask(LeaseCodec.Question question, long timeoutNanos, Consumer<LeaseOutcome> done) {
        Consumer<Failure> refused = failure -> done.accept(new LeaseOutcome.Failed(failure));
        deliver(timeoutNanos, refused, (here, span) -> here.leases().ask(question, here.moment(), span, done));
    }

    private void deliver(long timeoutNanos, Consumer<Failure> refused, BiConsumer<Member, Span> taken) {
        long started = around.clock().nanos();
        Span span = new Span(started, started + timeoutNanos);
        boolean fits = mailbox.request(() -> member.ifPresentOrElse(
                here -> taken.accept(here, span),
                () -> answers.add(() -> refused.accept(ended.isEmpty() ? Failure.NOT_READY : Failure.STOPPED))));
        if (!fits) {
            refused.accept(mailbox.isClosed() ? Failure.STOPPED : Failure.TOO_MANY_REQUESTS);
        }
    }

    /** Looks at the mesh; true if this member has a cluster. A founding may begin here, or be given up. */
    private boolean founded(long now) {
        Optional<String> fault = fault();
        if (ended.isEmpty() && fault.isPresent()) {
            end(ReplicaStatus.Phase.FAILED, fault.get());
        }
        if (ended.isPresent()) {
            return false;
        }
        boolean news = presence.look();
        boolean history = member.map(Member::hasHistory).orElse(false);
        if (news || now - nextLook >= 0) {
            nextLook = now + LOOK_NANOS;
            if (history) {
                meet(member.orElseThrow());
            } else {
                begin(now);
            }
        }
        if (member.isPresent()) {
            Member here = member.get();
            if (news) {
                here.observe(presence.view());
            }
            doorway.doubt(here, presence.view(), now).ifPresent(ending -> end(ending.phase(), ending.why()));
        }
        return member.isPresent();
    }

    /** A member whose log has no history yet comes to its cluster, or goes from one that will never have a leader. */
    private void begin(long now) {
        if (joined) {
            return;
        }
        try {
            if (!lookedUp) {
                lookedUp = true;
                kept = identities.load();
            }
            if (kept.isPresent()) {
                if (member.isEmpty()) {
                    start(kept.get(), Optional.empty());
                }
            } else if (config.comesLater()) {
                join(now);
            } else if (config.foundsByPromise()) {
                Verdict verdict = presence.founding(now, false);
                boolean comesBack = verdict.phase() == Founding.Phase.REFUSED
                        && config.durability() == ReplicaConfig.Durability.EPHEMERAL;
                follow(verdict, comesBack);
                if (comesBack) {
                    join(now);
                }
            } else {
                start(founder(FoundingSet.ofSlots(config.cluster(), config.founders())), Optional.empty());
            }
        } catch (IOException | UncheckedIOException cause) {
            end(ReplicaStatus.Phase.FAILED, "the disk has failed: " + cause.getMessage());
        }
    }

    /** Who this member is from now on, as one of the founders. */
    private MemberIdentity founder(FoundingSet set) throws IOException {
        String slot = config.expect().founders() > 0 ? around.mesh().self().toString() : config.name();
        MemberIdentity identity = MemberIdentity.founder(set, slot, config.name());
        if (config.durability() == ReplicaConfig.Durability.DURABLE) {
            identities.save(identity);
            kept = Optional.of(identity);
        }
        return identity;
    }

    /** Asks a cluster that exists for a place. */
    private void join(long now) throws IOException {
        Optional<MemberIdentity> welcome = doorway.apply(presence.view(), now);
        status = board.founding(doorway.why());
        if (welcome.isPresent()) {
            joined = true;
            identities.save(welcome.get());
            start(welcome.get(), Optional.empty());
        }
    }

    private Refounded refound() {
        if (config.durability() != ReplicaConfig.Durability.EPHEMERAL) {
            return Refounded.DURABLE;
        }
        if (member.isEmpty() || member.get().machine().root().appliedIndex() == 0) {
            return Refounded.NO_STATE;
        }
        Member old = member.get();
        if (old.status().leader() != 0) {
            return Refounded.NOT_NEEDED;
        }
        Refounding.Fresh fresh = Refounding.of(old, config, around.mesh().self());
        old.end(Failure.LEADER_CHANGED);
        joined = true;
        start(fresh.identity(), Optional.empty(), fresh.state());
        return Refounded.DONE;
    }

    /** Looks whether another cluster of the name has come into reach. */
    private void meet(Member here) {
        MemberIdentity identity = here.membership().identity();
        if (split.observe(presence.view(), identity.clusterId(), identity.epoch())) {
            LOG.error("cluster={} name={} alarm=split: {}", config.cluster(), config.name(), board.alarm(split));
        }
    }

    private void start(MemberIdentity identity, Optional<FoundingSet> founding) {
        start(identity, founding, around.journal().recovered());
    }

    private void start(MemberIdentity identity, Optional<FoundingSet> founding, Recovered recovered) {
        Membership membership = new Membership(identity, founding, around.mesh().self());
        long began = around.clock().nanos();
        member = Optional.of(new Member(config, membership, around, recovered));
        board.tell(identity, recovered, around.clock().nanos() - began);
    }

    /** Who comes back to its cluster as another member is not refused: nobody may read that, not for a moment. */
    private void follow(Verdict verdict, boolean comesBack) throws IOException {
        boolean starts = verdict.phase() == Founding.Phase.STARTED;
        long clusterId = verdict.set().map(FoundingSet::clusterId).orElse(0L);
        boolean same = member.map(here -> here.membership().identity().clusterId() == clusterId)
                .orElse(false);
        if (member.isPresent() && !(starts && same)) {
            LOG.info("cluster={} name={} founding=given-up why={}", config.cluster(), config.name(), verdict.why());
            member.ifPresent(here -> here.end(Failure.NOT_READY));
            member = Optional.empty();
            root = StateMachine.emptyRoot();
        }
        if (starts && member.isEmpty()) {
            FoundingSet set = verdict.set().orElseThrow();
            start(founder(set), Optional.of(set));
        }
        if (verdict.phase() == Founding.Phase.FAILED) {
            end(ReplicaStatus.Phase.FAILED, verdict.why());
        } else if (!starts && !comesBack) {
            status = verdict.phase() == Founding.Phase.REFUSED
                    ? board.ended(ReplicaStatus.Phase.REFUSED, verdict.why())
                    : board.founding(verdict.why());
        }
    }

    /** Whether the cluster has no place for this member any more; then it has ended. */
    private boolean displaced(Member here) {
        Optional<String> why = here.membership().displaced();
        if (why.isEmpty() || here.isNeededOnItsWayOut()) {
            return false;
        }
        Membership membership = here.membership();
        ReplicaStatus.Phase phase =
                membership.isReplaced() ? ReplicaStatus.Phase.REPLACED : ReplicaStatus.Phase.REMOVED;
        end(membership.isRemoved() ? phase : ReplicaStatus.Phase.FAILED, why.get());
        return true;
    }

    private Optional<String> fault() {
        Optional<IOException> disk = writes.failure()
                .or(() -> member.flatMap(here -> here.snapshots().failure()));
        return disk.map(cause -> "the disk has failed: " + cause.getMessage()).or(() -> member.flatMap(Member::fault));
    }

    private void end(ReplicaStatus.Phase phase, String reason) {
        if (ended.isPresent()) {
            return;
        }
        LOG.info("cluster={} name={} phase={} why={}", config.cluster(), config.name(), phase, reason);
        ended = Optional.of(phase);
        if (phase == ReplicaStatus.Phase.REPLACED) {
            giveUp();
        }
        member.ifPresent(here -> here.end(Failure.STOPPED));
        member = Optional.empty();
        around.journal().close();
        mailbox.close();
        status = board.ended(phase, reason);
    }

    /** Should that fail, the next start is told the same again. */
    private void giveUp() {
        try {
            identities.giveUp();
        } catch (IOException | UncheckedIOException cause) {
            LOG.warn("cluster={} name={} given-up=no why={}", config.cluster(), config.name(), cause.getMessage());
        }
    }

    /** A turn without a cluster. */
    private boolean rest() {
        if (ended.isEmpty()) {
            presence.say(Optional.empty());
        } else {
            mailbox.openAll(); // what came before the mailbox was closed is answered, too
        }
        answer();
        return !mailbox.isEmpty();
    }

    /** Makes the turn's state visible, before anything is answered from it. */
    private void publish(Member here) {
        root = here.machine().root();
        status = board.running(here, around.clock().nanos());
        presence.say(member);
    }

    private void answer() {
        for (Runnable answer = answers.poll(); answer != null; answer = answers.poll()) {
            answer.run();
        }
        if (member.isPresent() && member.get().machine().changed()) {
            Root now = root;
            List<Event> events = member.get().machine().takeEvents();
            for (TurnListener listener : List.copyOf(listeners)) {
                listener.turnCompleted(now, events);
            }
        }
    }
}
