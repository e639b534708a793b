package io.metcd.node;

import io.metcd.base.Bytes;
import io.metcd.base.Invariants;
import io.metcd.raft.Proposal;
import io.metcd.store.Applied;
import io.metcd.store.command.Command;
import io.metcd.store.command.Envelope;
import io.metcd.store.command.MemberCommand;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.LongFunction;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * This member's own proposals, from the request until they are applied here.
 *
 * <p>Each gets an identity (member, incarnation, sequence) with which it may be handed to leaders any number of times:
 * the store lets it take effect once. It is handed on again when the packet seems lost, and when another leader comes,
 * unless it is known to be in that leader's log. It is answered from this member's own apply.
 *
 * <p>A proposal whose time is over keeps its place as an empty command with the same identity: whichever of the two is
 * applied first, the other is void. So a request that was reported as timed out does not take effect much later, and
 * the window has no holes.
 *
 * <p>Invariant: {@code next - oldest <= WINDOW}; what is in between and not in the window has been applied.
 */
final class Proposals {
    /** Between two attempts when a leader could not be reached or took nothing. */
    private static final long PAUSE_NANOS = 20_000_000L;

    private static final int FORWARDS_MAX = 8;
    private static final int MASK = Limits.WINDOW - 1;

    /** The ways to a leader. */
    interface Route {
        /** Appends when this member leads. */
        Proposal propose(List<Bytes> envelopes);

        /** A change of membership, when this member leads. */
        Proposal change(Bytes envelope);

        /** Hands them to the member that leads; {@code done} is called once, on this thread, later. */
        void forward(long leader, List<Bytes> envelopes, Consumer<Forwarded> done);
    }

    /** What became of proposals that were handed to another member. */
    sealed interface Forwarded {
        /** They are in that leader's log. */
        record Accepted(long term) implements Forwarded {}

        /** They are not, or it is not known. */
        record Refused() implements Forwarded {}
    }

    private static final class Pending {
        final long sequence;
        final Replica.Span span;
        Bytes envelope;
        /** Empty once it was answered while its place is still kept. */
        Optional<Consumer<Outcome>> done;
        /** The leader of this term has it in its log; 0 for none. */
        long acceptedTerm;

        boolean queued;
        boolean applied;
        /** A change of membership, which travels alone. */
        boolean change;

        Pending(long sequence, Waiting waiting, Bytes envelope) {
            this.sequence = sequence;
            this.span = waiting.span();
            this.done = Optional.of(waiting.done());
            this.envelope = envelope;
            this.change = waiting.asked().command() instanceof MemberCommand;
        }
    }

    /** A request that has no place in the window yet. */
    private record Waiting(Envelope asked, Replica.Span span, Consumer<Outcome> done) {}

    private final long self;
    private final long incarnation;
    private final Limits limits;
    private final Route route;
    private final Collection<Runnable> answers;

    private final @Nullable Pending[] window = new Pending[Limits.WINDOW];
    private final ArrayDeque<Waiting> waiting = new ArrayDeque<>();
    /** In the window, and not under way to any leader. */
    private final ArrayDeque<Pending> unsent = new ArrayDeque<>();

    /** Of the newest leader. */
    private long term;

    private long oldest = 1;
    private long next = 1;
    private int forwards;
    private long pauseUntil;
    private boolean paused;
    /** A leader has just failed us: the next flush begins a pause. */
    private boolean repelled;

    private long made;
    private long failed;
    private long forwardedBatches;
    private long retriedBatches;

    /** Answers are added to a list that the owner runs at the end of the turn. */
    Proposals(long self, long incarnation, Limits limits, Route route, Collection<Runnable> answers) {
        this.self = self;
        this.incarnation = incarnation;
        this.limits = limits;
        this.route = route;
        this.answers = answers;
    }

    long made() {
        return made;
    }

    long failedCount() {
        return failed;
    }

    long forwardedBatches() {
        return forwardedBatches;
    }

    long retriedBatches() {
        return retriedBatches;
    }

    long pending() {
        return next - oldest + waiting.size();
    }

    /** What is asked has no identity yet. */
    void submit(Envelope asked, Replica.Span span, Consumer<Outcome> done) {
        if (waiting.size() >= limits.queuedProposalsMax()) {
            fail(done, Failure.TOO_MANY_REQUESTS);
            return;
        }
        made++;
        waiting.add(new Waiting(asked, span, done));
    }

    /** Hands on what can be: all of it to one append, or in as few packets as it fits into. */
    void flush(long leader, long nowNanos) {
        fillWindow();
        if (leader == 0 || unsent.isEmpty()) {
            return;
        }
        if (leader == self) {
            propose();
            return;
        }
        if (repelled) {
            repelled = false;
            paused = true;
            pauseUntil = nowNanos + PAUSE_NANOS;
        }
        if (paused && nowNanos - pauseUntil < 0) {
            return;
        }
        paused = false;
        while (!unsent.isEmpty() && forwards < FORWARDS_MAX) {
            forward(leader);
        }
    }

    /** Another leader, or the same one in a later term: what the last one had may be lost. */
    void leaderChanged(long newTerm) {
        term = newTerm;
        paused = false;
        repelled = false;
        requeue(pending -> pending.acceptedTerm != term);
    }

    /** Entries were skipped by a snapshot: what was among them is found out by proposing it again. */
    void snapshotInstalled() {
        requeue(pending -> true);
    }

    /** An entry was applied; it is answered if it was this member's. */
    void applied(Applied applied, long term) {
        Envelope.Origin origin = applied.origin();
        if (origin.member() != self || origin.incarnation() != incarnation) {
            return;
        }
        int place = (int) origin.sequence() & MASK;
        Pending pending = window[place];
        if (pending == null || pending.sequence != origin.sequence()) {
            return;
        }
        pending.applied = true;
        window[place] = null;
        while (oldest < next && window[(int) oldest & MASK] == null) {
            oldest++;
        }
        pending.done.ifPresent(done -> {
            if (applied.duplicate()) {
                // It took effect in an entry that this member has not seen: the result is gone.
                fail(done, Failure.TIMED_OUT_CONNECTION_LOST);
            } else {
                Outcome outcome = new Outcome.Done(applied.result(), term);
                answers.add(() -> done.accept(outcome));
            }
        });
    }

    /** Answers those whose time is over. */
    void sweep(long nowNanos, LongFunction<Failure> cause) {
        waiting.removeIf(request -> {
            boolean over = nowNanos - request.span().deadlineNanos() >= 0;
            if (over) {
                fail(request.done(), cause.apply(request.span().startedNanos()));
            }
            return over;
        });
        for (long sequence = oldest; sequence < next; sequence++) {
            Pending pending = window[(int) sequence & MASK];
            if (pending != null && pending.done.isPresent() && nowNanos - pending.span.deadlineNanos() >= 0) {
                fail(pending.done.get(), cause.apply(pending.span.startedNanos()));
                pending.done = Optional.empty();
                pending.envelope = envelope(sequence, Envelope.of(new Command.Noop()));
                pending.change = false;
                // In the present leader's log it is applied sooner than a second one would be.
                if (!pending.queued && pending.acceptedTerm == 0) {
                    pending.queued = true;
                    unsent.add(pending);
                }
            }
        }
    }

    /** Answers everything that waits with one failure. */
    void failAll(Failure failure) {
        waiting.forEach(request -> fail(request.done(), failure));
        waiting.clear();
        for (long sequence = oldest; sequence < next; sequence++) {
            Pending pending = window[(int) sequence & MASK];
            if (pending != null) {
                pending.done.ifPresent(done -> fail(done, failure));
                pending.done = Optional.empty();
            }
        }
        unsent.clear();
    }

    private void fillWindow() {
        while (!waiting.isEmpty() && next - oldest < Limits.WINDOW) {
            Waiting request = waiting.remove();
            Pending pending = new Pending(next, request, envelope(next, request.asked()));
            int place = (int) next & MASK;
            Invariants.check(window[place] == null, "the place of proposal %s is taken by %s", next, oldest);
            window[place] = pending;
            next++;
            pending.queued = true;
            unsent.add(pending);
        }
    }

    private Bytes envelope(long sequence, Envelope asked) {
        Envelope.Origin origin = new Envelope.Origin(self, incarnation, sequence);
        return new Envelope(origin, asked.caller(), asked.command()).encode();
    }

    private void propose() {
        while (!unsent.isEmpty()) {
            List<Pending> batch = batch();
            if (batch.isEmpty()) {
                return;
            }
            Proposal proposal =
                    batch.get(0).change ? route.change(batch.get(0).envelope) : route.propose(envelopes(batch));
            if (proposal instanceof Proposal.Accepted accepted) {
                batch.forEach(pending -> pending.acceptedTerm = accepted.term());
            } else {
                putBack(batch);
                return;
            }
        }
    }

    private void forward(long leader) {
        List<Pending> batch = batch();
        if (batch.isEmpty()) {
            return;
        }
        forwards++;
        forwardedBatches++;
        route.forward(leader, envelopes(batch), outcome -> {
            forwards--;
            if (outcome instanceof Forwarded.Accepted accepted) {
                // An answer of an earlier term comes too late: everything was handed on to the next leader.
                if (accepted.term() >= term) {
                    batch.forEach(pending -> pending.acceptedTerm = accepted.term());
                }
            } else {
                retriedBatches++;
                repelled = true;
                putBack(batch);
            }
        });
    }

    /** The next unsent ones, as many as one packet may hold. */
    private List<Pending> batch() {
        List<Pending> batch = new ArrayList<>(Math.min(unsent.size(), limits.batchCommandsMax()));
        long bytes = 0;
        for (Pending first = unsent.peek(); first != null; first = unsent.peek()) {
            bytes += first.envelope.size();
            boolean full = bytes > limits.batchBytesMax() || batch.size() >= limits.batchCommandsMax();
            boolean alone = first.change || (!batch.isEmpty() && batch.get(0).change);
            if ((full || alone) && !batch.isEmpty()) {
                break;
            }
            unsent.remove();
            first.queued = false;
            if (!first.applied) {
                batch.add(first);
            }
        }
        return batch;
    }

    private static List<Bytes> envelopes(List<Pending> batch) {
        List<Bytes> envelopes = new ArrayList<>(batch.size());
        batch.forEach(pending -> envelopes.add(pending.envelope));
        return envelopes;
    }

    private void putBack(List<Pending> batch) {
        for (int i = batch.size() - 1; i >= 0; i--) {
            Pending pending = batch.get(i);
            if (!pending.applied && !pending.queued) {
                pending.queued = true;
                unsent.addFirst(pending);
            }
        }
    }

    private void requeue(Predicate<Pending> which) {
        unsent.clear();
        for (long sequence = oldest; sequence < next; sequence++) {
            Pending pending = window[(int) sequence & MASK];
            if (pending != null) {
                pending.queued = pending.queued || which.test(pending);
                if (pending.queued) {
                    pending.acceptedTerm = 0;
                    unsent.add(pending);
                }
            }
        }
    }

    private void fail(Consumer<Outcome> done, Failure failure) {
        failed++;
        Outcome outcome = new Outcome.Failed(failure);
        answers.add(() -> done.accept(outcome));
    }
}
