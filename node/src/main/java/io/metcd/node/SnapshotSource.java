package io.metcd.node;

import io.metcd.base.ByteReader;
import io.metcd.base.Bytes;
import io.metcd.journal.SnapshotMark;
import io.metcd.mesh.Channel;
import io.metcd.node.SnapshotCodec.Answer;
import io.metcd.node.SnapshotCodec.Question;
import io.metcd.node.SnapshotCodec.Status;
import io.metcd.raft.membership.Configuration;
import io.metcd.store.Root;
import io.metcd.store.snapshot.SnapshotWriter;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * Serves this member's state in pieces to members that lag. A state that is asked for is pinned: a root is immutable,
 * so that costs nothing but the memory of what has changed since.
 */
final class SnapshotSource {
    private static final long FRESH_NANOS = 10_000_000_000L;
    private static final long IDLE_NANOS = 60_000_000_000L;

    private static final class Pin {
        final SnapshotMark mark;
        final SnapshotWriter writer;
        final long madeNanos;
        long usedNanos;

        Pin(SnapshotMark mark, SnapshotWriter writer, long nowNanos) {
            this.mark = mark;
            this.writer = writer;
            this.madeNanos = nowNanos;
            this.usedNanos = nowNanos;
        }
    }

    private final Limits limits;
    private final io.metcd.store.Limits storeLimits;
    private final List<Pin> pins = new ArrayList<>();
    private long served;

    SnapshotSource(Limits limits, io.metcd.store.Limits storeLimits) {
        this.limits = limits;
        this.storeLimits = storeLimits;
    }

    /** Snapshots of which the end was asked for. */
    long served() {
        return served;
    }

    void asked(ByteReader request, Channel.Reply reply, Root root, Configuration configuration, long nowNanos) {
        Question question = SnapshotCodec.decodeQuestion(request);
        reply.send(SnapshotCodec.encode(answer(question, root, configuration, nowNanos)));
    }

    /** Lets go of what nobody has asked for lately. */
    void sweep(long nowNanos) {
        pins.removeIf(pin -> nowNanos - pin.usedNanos >= IDLE_NANOS);
    }

    private Answer answer(Question question, Root root, Configuration configuration, long nowNanos) {
        Optional<Pin> pin = question.index() == 0
                ? pin(question.least(), root, configuration, nowNanos)
                : pins.stream()
                        .filter(each -> each.mark.index() == question.index())
                        .findFirst();
        if (pin.isEmpty()) {
            return Answer.none(Status.GONE);
        }
        pin.get().usedNanos = nowNanos;
        Optional<Bytes> piece = pin.get().writer.chunk(question.number());
        if (piece.isEmpty()) {
            served++;
            return Answer.none(Status.END);
        }
        return new Answer(Status.PIECE, Optional.of(pin.get().mark), piece.get());
    }

    private Optional<Pin> pin(long least, Root root, Configuration configuration, long nowNanos) {
        for (Pin pin : pins) {
            if (pin.mark.index() >= least && nowNanos - pin.madeNanos < FRESH_NANOS) {
                return Optional.of(pin);
            }
        }
        if (root.appliedIndex() == 0 || root.appliedIndex() < least) {
            return Optional.empty();
        }
        if (pins.size() >= limits.snapshotPinsMax()) {
            pins.stream()
                    .min(Comparator.comparingLong(pin -> pin.usedNanos - nowNanos))
                    .ifPresent(pins::remove);
        }
        SnapshotMark mark = new SnapshotMark(root.appliedIndex(), root.appliedTerm(), configuration);
        Pin pin = new Pin(mark, new SnapshotWriter(root, storeLimits), nowNanos);
        pins.add(pin);
        return Optional.of(pin);
    }
}
