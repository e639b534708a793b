package io.metcd.node;

import io.metcd.base.Bytes;
import io.metcd.node.SnapshotCodec.Answer;
import io.metcd.node.SnapshotCodec.Question;
import io.metcd.node.SnapshotCodec.Status;
import io.metcd.raft.Entry;
import io.metcd.raft.MemberProgress;
import io.metcd.raft.RaftStatus;
import io.metcd.raft.membership.Configuration;
import io.metcd.store.Root;
import io.metcd.store.snapshot.SnapshotWriter;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Serves states in pieces to members that lag. A state that is asked for is pinned: a root is immutable, so that costs
 * nothing but the memory of what has changed since; the log behind it is kept, too, while it is.
 *
 * <p>All members keep the states as of the same few indices, the last two checkpoints, so that one can go on where
 * another ended. Which entries those are follows from the entries alone.
 */
final class SnapshotSource {
    private static final long IDLE_NANOS = 60_000_000_000L;
    /** As long as a member that fetches may be silent before the log is cut behind its back. */
    private static final long HOLD_NANOS = 30_000_000_000L;

    private static final int CHECKPOINTS_KEPT = 2;
    /** Checkpoints are made once for so much of the log that is kept in memory. */
    private static final int CHECKPOINTS_IN_LOG = 8;
    /** Pieces made in vain for one question, when another source has served those before. */
    private static final int CATCH_UP_PIECES = 8;

    /** A state as of a checkpoint. */
    private record Checkpoint(Root root, Configuration configuration) {}

    /** Somebody fetches, and will need the log behind this index. */
    private record Hold(long index, long untilNanos) {}

    /** This member at the moment of a question. */
    record Present(Root root, Configuration configuration, long nowNanos) {}

    private static final class Pin {
        final SnapshotId id;
        final Configuration configuration;
        final SnapshotWriter writer;
        long usedNanos;

        Pin(Checkpoint state, io.metcd.store.Limits limits, long nowNanos) {
            this.id = SnapshotId.of(state.root);
            this.configuration = state.configuration;
            this.writer = new SnapshotWriter(state.root, limits);
            this.usedNanos = nowNanos;
        }
    }

    private final Limits limits;
    private final io.metcd.store.Limits storeLimits;
    private final List<Pin> pins = new ArrayList<>();
    private final ArrayDeque<Checkpoint> checkpoints = new ArrayDeque<>();
    private final TreeMap<Long, Hold> holds = new TreeMap<>();
    private long served;

    SnapshotSource(Limits limits, io.metcd.store.Limits storeLimits) {
        this.limits = limits;
        this.storeLimits = storeLimits;
    }

    /** Pieces that were given away. */
    long served() {
        return served;
    }

    /** Whether the state as of this entry is one of those that all members keep: the more often, the larger it is. */
    boolean isCheckpoint(Entry entry) {
        long bytes = Math.max(1, limits.logBytesKept() / CHECKPOINTS_IN_LOG);
        long every = Long.highestOneBit(Math.max(1, bytes / Math.max(1, entry.sizeBytes())));
        return entry.index() % every == 0;
    }

    void keep(Root root, Configuration configuration) {
        checkpoints.addLast(new Checkpoint(root, configuration));
        if (checkpoints.size() > CHECKPOINTS_KEPT) {
            checkpoints.removeFirst();
        }
    }

    Bytes asked(long member, Question question, Present present) {
        if (question instanceof Question.Which which) {
            hold(member, which.leastIndex(), present.nowNanos());
            return SnapshotCodec.encodeHeld(held(which.leastIndex(), present));
        }
        if (question instanceof Question.Hold hold) {
            hold(member, hold.id().index(), present.nowNanos());
            return SnapshotCodec.encodeHeld(pin(hold.id(), present.nowNanos()).map(pin -> pin.id).stream()
                    .toList());
        }
        Question.Piece piece = (Question.Piece) question;
        hold(member, piece.id().index(), present.nowNanos());
        return SnapshotCodec.encode(piece(piece, present.nowNanos()));
    }

    /** Entries behind this one are still needed by somebody who fetches; the largest number if by nobody. */
    long heldIndex() {
        return holds.values().stream().mapToLong(Hold::index).min().orElse(Long.MAX_VALUE);
    }

    /** Once a member goes on from its state, it needs the log from where it is now, until it has all of it. */
    void follow(RaftStatus status, long nowNanos) {
        for (MemberProgress other : status.progress()) {
            Hold hold = holds.get(other.member());
            if (hold != null && other.match() > hold.index()) {
                if (other.match() >= status.commit()) {
                    holds.remove(other.member());
                } else {
                    hold(other.member(), other.match(), nowNanos);
                }
            }
        }
    }

    /** Lets go of what nobody has asked for lately. */
    void sweep(long nowNanos) {
        pins.removeIf(pin -> nowNanos - pin.usedNanos >= IDLE_NANOS);
        holds.values().removeIf(hold -> nowNanos - hold.untilNanos >= 0);
    }

    private void hold(long member, long index, long nowNanos) {
        holds.put(member, new Hold(index, nowNanos + HOLD_NANOS));
    }

    /** The newest first. Where no checkpoint will do, the state of now is pinned: others have it while nothing is written. */
    private List<SnapshotId> held(long least, Present present) {
        for (Checkpoint checkpoint : List.copyOf(checkpoints)) {
            if (checkpoint.root.appliedIndex() >= least) {
                pinned(checkpoint, present.nowNanos());
            }
        }
        if (pins.stream().noneMatch(pin -> pin.id.index() >= least)
                && present.root().appliedIndex() >= Math.max(1, least)) {
            pinned(new Checkpoint(present.root(), present.configuration()), present.nowNanos());
        }
        return pins.stream()
                .map(pin -> pin.id)
                .filter(id -> id.index() >= least)
                .sorted(Comparator.comparingLong(SnapshotId::index).reversed())
                .toList();
    }

    private Optional<Pin> pin(SnapshotId id, long nowNanos) {
        Optional<Pin> pinned = pins.stream()
                .filter(pin -> pin.id.equals(id))
                .findFirst()
                .or(() -> checkpoints.stream()
                        .filter(each -> SnapshotId.of(each.root).equals(id))
                        .findFirst()
                        .map(each -> pinned(each, nowNanos)));
        pinned.ifPresent(pin -> pin.usedNanos = nowNanos);
        return pinned;
    }

    private Pin pinned(Checkpoint state, long nowNanos) {
        SnapshotId id = SnapshotId.of(state.root);
        for (Pin pin : pins) {
            if (pin.id.equals(id)) {
                return pin;
            }
        }
        if (pins.size() >= limits.snapshotPinsMax()) {
            pins.stream()
                    .min(Comparator.comparingLong(pin -> pin.usedNanos - nowNanos))
                    .ifPresent(pins::remove);
        }
        Pin pin = new Pin(state, storeLimits, nowNanos);
        pins.add(pin);
        return pin;
    }

    private Answer piece(Question.Piece question, long nowNanos) {
        Optional<Pin> pin = pin(question.id(), nowNanos);
        if (pin.isEmpty()) {
            return Answer.none(Status.GONE);
        }
        SnapshotWriter writer = pin.get().writer;
        int made = writer.made();
        if (question.number() > made + CATCH_UP_PIECES) {
            return writer.chunk(made + CATCH_UP_PIECES).isEmpty() ? Answer.none(Status.END) : Answer.none(Status.SOON);
        }
        Optional<Bytes> piece = writer.chunk(question.number());
        if (piece.isEmpty()) {
            return Answer.none(Status.END);
        }
        served++;
        return new Answer(Status.PIECE, Optional.of(pin.get().configuration), piece.get());
    }
}
