package io.metcd.simulator.history;

import io.metcd.base.Invariants;
import io.metcd.simulator.history.Keyspace.Effect;
import io.metcd.simulator.history.Operation.Fate;
import io.metcd.simulator.history.Operation.Request;
import io.metcd.store.command.Command;
import io.metcd.store.command.CommandResult;
import io.metcd.store.command.CommandResult.LeaseRevokeResult;
import io.metcd.store.command.CommandResult.Refused;
import io.metcd.store.kv.KeyRange;
import io.metcd.store.kv.KeyValue;
import io.metcd.store.kv.RangeQuery;
import io.metcd.store.kv.RangeResult;
import io.metcd.store.kv.Refusal;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Replays a history in the order that its witnesses claim. The revision in each answer says where the operation
 * stands; the model then must give the same answers and the same changes, revision by revision. A revision that no
 * answer claims must be explained by one operation without an answer, which then has happened, or by a lease that
 * could end; every operation explains one revision at most, and which one is open until the end.
 *
 * <p>{@link History} has checked the order against real time. Linear but for the unanswered operations.
 */
public final class Linearizability {
    private final Chronicle chronicle;
    private final LeaseTimeline leases;
    private final Keyspace keyspace = new Keyspace();
    private final Map<Long, Operation> writers = new HashMap<>();
    private final Map<Long, Operation> revokers = new HashMap<>();
    private final List<Operation> others = new ArrayList<>();
    private final Set<Operation> unknown = new LinkedHashSet<>();
    /** Of each revision that no answer claims: the unanswered operations that could have made it. */
    private final Map<Long, List<Operation>> able = new HashMap<>();
    /** Which of those revisions an unanswered operation is taken to have made. */
    private final Map<Operation, Long> taken = new HashMap<>();

    private final List<Operation> compactions = new ArrayList<>();

    private Linearizability(History history, Chronicle chronicle, LeaseTimeline leases) {
        this.chronicle = chronicle;
        this.leases = leases;
        history.operations().forEach(this::sort);
        others.sort(Comparator.comparingLong(Operation::revision));
    }

    /** Throws when no order explains the history. Nothing may be pending: what is not answered is unknown. */
    public static void check(History history, Chronicle chronicle, LeaseTimeline leases) {
        new Linearizability(history, chronicle, leases).replay();
    }

    private void sort(Operation operation) {
        boolean compaction =
                operation.command().filter(Command.Compact.class::isInstance).isPresent();
        if (compaction && operation.fate() != Fate.WITHOUT_EFFECT) {
            compactions.add(operation);
        }
        if (operation.fate() == Fate.WITHOUT_EFFECT) {
            return;
        }
        if (operation.fate() != Fate.ANSWERED) {
            if (operation.command().isPresent()) {
                unknown.add(operation);
            }
        } else if (History.changes(operation)) {
            claim(writers, operation);
        } else if (operation
                .result()
                .filter(LeaseRevokeResult.class::isInstance)
                .isPresent()) {
            // Without keys attached to its lease it changes nothing, and then several may name one revision.
            revokers.putIfAbsent(operation.revision(), operation);
        } else {
            others.add(operation);
        }
    }

    private static void claim(Map<Long, Operation> claims, Operation operation) {
        Operation earlier = claims.putIfAbsent(operation.revision(), operation);
        Invariants.check(
                earlier == null, "linearizability: two operations claim one revision: %s and %s", earlier, operation);
    }

    private void replay() {
        int next = 0;
        next = answerReads(next);
        while (keyspace.revision() < chronicle.last()) {
            advance();
            next = answerReads(next);
        }
        Invariants.check(
                next == others.size(),
                "linearizability: an answer is from revision %s, which nobody has applied: %s",
                next == others.size() ? 0 : others.get(next).revision(),
                next == others.size() ? "" : others.get(next));
        for (Operation writer : writers.values()) {
            Invariants.check(writer.revision() <= chronicle.last(), "acknowledged write lost: %s", writer);
        }
    }

    /** One revision. */
    private void advance() {
        long revision = keyspace.revision() + 1;
        Chronicle.Change change = chronicle.change(revision);
        Optional<Operation> writer = Optional.ofNullable(writers.get(revision));
        if (writer.isPresent()) {
            explained(writer.get(), change);
        } else if (!explainedByRevocation(revision, change)
                && !explainedByUnknown(revision, change)
                && !explainedByExpiry(change)) {
            throw new Invariants.Violation("exactly once: nothing explains revision " + revision + ", which changed "
                    + change.versions() + " (a write that was applied twice, or was refused and applied)");
        }
        keyspace.commit(change.versions());
    }

    private void explained(Operation writer, Chronicle.Change change) {
        Effect effect = keyspace.evaluate(writer.command().orElseThrow());
        Invariants.check(
                effect.changes().equals(change.versions()),
                "linearizability: %s should change %s, and changed %s",
                writer,
                effect.changes(),
                change.versions());
        CommandResult answer = writer.result().orElseThrow();
        Invariants.check(
                Answers.same(effect.result(), answer),
                "linearizability: %s should be answered by %s",
                writer,
                effect.result());
        for (KeyValue kv : change.versions()) {
            Invariants.check(
                    kv.lease() == 0 || !leases.hasEnded(kv.lease(), writer.begun()),
                    "lease: %s attached a key to a lease that had ended",
                    writer);
        }
    }

    private boolean explainedByRevocation(long revision, Chronicle.Change change) {
        Operation revoker = revokers.get(revision);
        return revoker != null
                && keyspace.evaluate(revoker.command().orElseThrow()).changes().equals(change.versions());
    }

    private boolean explainedByUnknown(long revision, Chronicle.Change change) {
        List<Operation> candidates = new ArrayList<>();
        for (Operation candidate : unknown) {
            boolean inTime = candidate.begun() <= change.seenAt() && candidate.floor() < revision;
            if (inTime
                    && keyspace.evaluate(candidate.command().orElseThrow())
                            .changes()
                            .equals(change.versions())) {
                candidates.add(candidate);
            }
        }
        able.put(revision, candidates);
        return take(revision, new HashSet<>());
    }

    /** Takes an operation for the revision; if only one is left that an earlier revision has, that takes another. */
    private boolean take(long revision, Set<Operation> asked) {
        for (Operation candidate : able.getOrDefault(revision, List.of())) {
            Long other = taken.get(candidate);
            if (asked.add(candidate) && (other == null || take(other, asked))) {
                taken.put(candidate, revision);
                return true;
            }
        }
        return false;
    }

    private boolean explainedByExpiry(Chronicle.Change change) {
        KeyValue first = change.versions().get(0);
        RangeResult.Ok before = keyspace.range(RangeQuery.of(KeyRange.single(first.key())));
        if (!first.isTombstone() || before.kvs().isEmpty()) {
            return false;
        }
        long lease = before.kvs().get(0).lease();
        if (lease == 0 || !keyspace.revocation(lease).equals(change.versions())) {
            return false;
        }
        Invariants.check(
                leases.mayHaveEnded(lease, change.seenAt()),
                "lease: %s ended early, at %s ms",
                lease,
                change.seenAt() / 1_000_000);
        leases.gone(lease, change.seenAt());
        return true;
    }

    /** Checks the answers that claim the present revision and changed nothing. */
    private int answerReads(int from) {
        int next = from;
        while (next < others.size() && others.get(next).revision() <= keyspace.revision()) {
            Operation operation = others.get(next++);
            if (operation.request() instanceof Request.Read read) {
                checkRead(operation, read.query());
            } else if (operation.request() instanceof Request.LocalRead read) {
                checkRead(operation, read.query());
            } else {
                checkUnchanging(operation);
            }
        }
        return next;
    }

    private void checkRead(Operation operation, RangeQuery query) {
        RangeResult actual = operation.range().orElseThrow();
        if (actual instanceof RangeResult.Refused refused) {
            boolean explained = refused.refusal() == Refusal.COMPACTED
                    ? compactions.stream().anyMatch(c -> c.begun() < operation.ended() && below(query, c))
                    : query.revision() > operation.revision();
            Invariants.check(explained, "linearizability: %s was refused without a reason", operation);
            return;
        }
        boolean mustBeCompacted = !(operation.request() instanceof Request.LocalRead)
                && compactions.stream()
                        .anyMatch(c -> c.fate() == Fate.ANSWERED
                                && c.result().filter(Refused.class::isInstance).isEmpty()
                                && c.ended() < operation.begun()
                                && below(query, c));
        Invariants.check(!mustBeCompacted, "linearizability: %s reads what was compacted", operation);
        RangeResult.Ok expected = keyspace.range(query);
        Invariants.check(expected.equals(actual), "linearizability: %s should be answered by %s", operation, expected);
    }

    private static boolean below(RangeQuery query, Operation compaction) {
        return query.revision() > 0
                && compaction.command().orElseThrow() instanceof Command.Compact compact
                && query.revision() < compact.revision();
    }

    private void checkUnchanging(Operation operation) {
        CommandResult answer = operation.result().orElseThrow();
        if (answer instanceof Refused refused) {
            boolean leaseGone = refused.refusal() == Refusal.LEASE_NOT_FOUND
                    && Answers.leaseOf(operation.command().orElseThrow())
                            .filter(lease -> !leases.mayHaveEnded(lease, operation.ended()))
                            .isPresent();
            Invariants.check(!leaseGone, "lease: %s was refused, but its lease should live", operation);
            return;
        }
        boolean modelled = answer instanceof CommandResult.DeleteResult || answer instanceof CommandResult.TxnResult;
        if (modelled) {
            Effect effect = keyspace.evaluate(operation.command().orElseThrow());
            Invariants.check(
                    effect.changes().isEmpty() && Answers.same(effect.result(), answer),
                    "linearizability: %s should be answered by %s",
                    operation,
                    effect.result());
        }
    }
}
