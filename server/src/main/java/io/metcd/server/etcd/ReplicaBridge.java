package io.metcd.server.etcd;

import io.metcd.node.Failure;
import io.metcd.node.LeaseOutcome;
import io.metcd.node.Outcome;
import io.metcd.node.ReadOutcome;
import io.metcd.node.Refounded;
import io.metcd.node.Replica;
import io.metcd.node.ReplicaConfig.Timing;
import io.metcd.node.ReplicaStatus;
import io.metcd.node.TurnListener;
import io.metcd.server.rpc.EventLoop;
import io.metcd.server.rpc.Status;
import io.metcd.store.Root;
import io.metcd.store.command.Command;
import io.metcd.store.command.CommandResult;
import io.metcd.store.command.Envelope;
import io.metcd.store.kv.Event;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One event loop's way to the replica and back. A request crosses once; what a turn of the replica answers comes back
 * in one hand-over, together with the turn itself.
 *
 * <pre>
 *   event loop ── submit, read ──► mailbox of the replica
 *   event loop ◄── one task ── answers and turns, in the order in which the replica made them
 * </pre>
 */
public final class ReplicaBridge {
    private static final Logger LOG = LoggerFactory.getLogger(ReplicaBridge.class);

    private final Replica replica;
    private final EventLoop loop;
    private final Timing timing;
    private final List<Turns> turns = new ArrayList<>();
    private final TurnListener listener = (root, events) -> post(() -> onTurn(root, events));

    /** Guarded by this list's own lock, as is the swap with {@link #spare}. */
    private final Object lock = new Object();

    private List<Runnable> arriving = new ArrayList<>();
    private List<Runnable> spare = new ArrayList<>();

    /** Hears each turn, on the loop. */
    @FunctionalInterface
    public interface Turns {
        void turn(Root root, List<Event> events);
    }

    public ReplicaBridge(Replica replica, EventLoop loop) {
        this.replica = replica;
        this.loop = loop;
        this.timing = replica.config().timing();
    }

    public EventLoop loop() {
        return loop;
    }

    /** The size of the store at which this member refuses writes. */
    public long quotaBytes() {
        return replica.config().limits().quotaBytes();
    }

    public Timing timing() {
        return timing;
    }

    /** The newest state that this member has applied. */
    public Root root() {
        return replica.root();
    }

    public ReplicaStatus status() {
        return replica.status();
    }

    public void onTurn(Turns consumer) {
        turns.add(consumer);
    }

    /** Begins to hear turns, once all who want them have said so. */
    public void start() {
        replica.subscribe(listener);
    }

    public void stop() {
        replica.unsubscribe(listener);
    }

    /**
     * Proposes what its caller has the rights for when it is applied; see {@link Doorman} for how clients get in.
     * Exactly one of the two is called later, on the loop; a refusal of the store counts as a failure.
     */
    public void submit(Envelope asked, long timeoutNanos, Consumer<CommandResult> done, Consumer<Status> failed) {
        replica.submit(asked, allowed(timeoutNanos), new Submission(done, failed, timeoutNanos));
    }

    /** Whether there is room for a command, as far as this member alone decides it. */
    public boolean hasRoom(Command command) {
        return replica.hasRoom(command);
    }

    /** For a command that there is no room for: called later, on the loop, when the alarm stands. */
    public void refuseForSpace(long timeoutNanos, Consumer<Status> refused) {
        replica.refuseForSpace(
                allowed(timeoutNanos), outcome -> answer(refused, () -> refused.accept(Errors.NO_SPACE)));
    }

    /** Exactly one of the two is called later, on the loop, with a state that holds all that was acknowledged before. */
    public void read(long timeoutNanos, Consumer<Root> done, Consumer<Status> failed) {
        replica.read(
                allowed(timeoutNanos),
                outcome -> answer(failed, () -> {
                    if (outcome instanceof ReadOutcome.At at) {
                        done.accept(at.root());
                    } else if (outcome instanceof ReadOutcome.Failed failure) {
                        failed.accept(status(failure.failure(), timeoutNanos));
                    }
                }));
    }

    /** Begins a new cluster with what this member holds; answered on the loop. */
    public void refound(Consumer<Refounded> done) {
        replica.refound(outcome -> answer(status -> {}, () -> done.accept(outcome)));
    }

    /** Lets another member lead; exactly one of the two is called later, on the loop. */
    public void handOver(long member, long timeoutNanos, Runnable done, Consumer<Status> failed) {
        replica.handOver(
                member,
                allowed(timeoutNanos),
                handover -> answer(failed, () -> Errors.of(handover).ifPresentOrElse(failed, done)));
    }

    /** As {@link #read}, from the leader. */
    public void keepAlive(long lease, long timeoutNanos, Consumer<LeaseOutcome.Renewed> done, Consumer<Status> failed) {
        replica.keepAlive(
                lease,
                allowed(timeoutNanos),
                outcome -> answer(failed, () -> {
                    if (outcome instanceof LeaseOutcome.Renewed renewed) {
                        done.accept(renewed);
                    } else if (outcome instanceof LeaseOutcome.Failed failure) {
                        failed.accept(status(failure.failure(), timeoutNanos));
                    }
                }));
    }

    /** What is asked of a lease, and by when. */
    public record LeaseQuestion(long lease, boolean keys, long timeoutNanos) {}

    /** As {@link #read}, from the leader. */
    public void timeToLive(LeaseQuestion question, Consumer<LeaseOutcome.TimeToLive> done, Consumer<Status> failed) {
        replica.timeToLive(
                question.lease(),
                question.keys(),
                allowed(question.timeoutNanos()),
                outcome -> answer(failed, () -> {
                    if (outcome instanceof LeaseOutcome.TimeToLive left) {
                        done.accept(left);
                    } else if (outcome instanceof LeaseOutcome.Failed failure) {
                        failed.accept(status(failure.failure(), question.timeoutNanos()));
                    }
                }));
    }

    private long allowed(long timeoutNanos) {
        return Math.min(timeoutNanos, timing.requestNanos());
    }

    /** A caller whose own time was the shorter hears that it is over, and not that the cluster was slow. */
    private Status status(Failure failure, long timeoutNanos) {
        return timeoutNanos < timing.requestNanos() && Errors.isTimeout(failure)
                ? Errors.DEADLINE_EXCEEDED
                : Errors.of(failure);
    }

    private void onTurn(Root root, List<Event> events) {
        for (Turns consumer : turns) {
            run(status -> {}, () -> consumer.turn(root, events));
        }
    }

    /** From the replica's thread. The first of a batch wakes the loop, which takes what has come until then. */
    private void post(Runnable answer) {
        boolean first;
        synchronized (lock) {
            first = arriving.isEmpty();
            arriving.add(answer);
        }
        if (first) {
            loop.execute(this::drain);
        }
    }

    private void drain() {
        List<Runnable> batch;
        synchronized (lock) {
            batch = arriving;
            arriving = spare;
        }
        batch.forEach(Runnable::run);
        batch.clear();
        spare = batch;
    }

    private void answer(Consumer<Status> failed, Runnable body) {
        post(() -> run(failed, body));
    }

    /** The loop's last resort: an answer that cannot be given fails its own call and no other. */
    private static void run(Consumer<Status> failed, Runnable body) {
        try {
            body.run();
        } catch (RuntimeException bug) {
            LOG.error("an answer could not be given", bug);
            failed.accept(Errors.INTERNAL);
        }
    }

    /** A command under way, and then its answer under way. */
    private final class Submission implements Consumer<Outcome>, Runnable {
        private final Consumer<CommandResult> done;
        private final Consumer<Status> failed;
        private final long timeoutNanos;
        private Outcome outcome = new Outcome.Failed(Failure.STOPPED);

        Submission(Consumer<CommandResult> done, Consumer<Status> failed, long timeoutNanos) {
            this.done = done;
            this.failed = failed;
            this.timeoutNanos = timeoutNanos;
        }

        @Override
        public void accept(Outcome result) {
            outcome = result;
            post(this);
        }

        @Override
        public void run() {
            ReplicaBridge.run(failed, this::answer);
        }

        private void answer() {
            if (outcome instanceof Outcome.Failed failure) {
                failed.accept(status(failure.failure(), timeoutNanos));
            } else if (outcome instanceof Outcome.Done answer) {
                if (answer.result() instanceof CommandResult.Refused refused) {
                    failed.accept(Errors.of(refused.refusal()));
                } else {
                    done.accept(answer.result());
                }
            }
        }
    }
}
