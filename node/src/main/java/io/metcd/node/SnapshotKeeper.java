package io.metcd.node;

import io.metcd.base.Bytes;
import io.metcd.journal.Journal;
import io.metcd.journal.SnapshotMark;
import io.metcd.raft.membership.Configuration;
import io.metcd.store.Limits;
import io.metcd.store.Root;
import io.metcd.store.snapshot.SnapshotWriter;
import java.util.Optional;

/**
 * Has this member's own state written to its journal when the log there has grown larger than the last one written, or
 * than the state is now if that is less. The pieces are made and written beside the turns, from a root that no longer
 * changes; here it is only said how many may be made by now, so that they share disk and processor with the log: a
 * steady rate, or twice what is logged meanwhile.
 */
final class SnapshotKeeper {
    private static final long BYTES_PER_MILLI = 32 * 1024;
    /** Pieces that wait to be made. */
    private static final int AHEAD_MAX = 8;

    private static final long NANOS_PER_MILLI = 1_000_000L;

    private final Journal journal;
    private final long bytesMin;
    private final Journal.Completion completion;
    private Optional<Writing> writing = Optional.empty();

    SnapshotKeeper(Journal journal, long bytesMin, Journal.Completion completion) {
        this.journal = journal;
        this.bytesMin = bytesMin;
        this.completion = completion;
    }

    /** One step; no more than ticks is needed for it to go on. */
    void turn(Root root, Configuration configuration, Limits limits, long nowNanos) {
        if (writing.isPresent()) {
            writing.get().goOn(nowNanos);
        } else if (root.appliedIndex() > 0 && isDue(root.dbSize())) {
            SnapshotMark mark = new SnapshotMark(root.appliedIndex(), root.appliedTerm(), configuration);
            writing = Optional.of(new Writing(journal.snapshot(mark), root, limits, nowNanos));
        }
    }

    /** The state was replaced: what was being written is of no use. */
    void abandon() {
        writing.ifPresent(each -> each.sink.abandon());
        writing = Optional.empty();
    }

    /** A log of new keys is never larger than the state it makes: the last snapshot, not the state, is the measure. */
    private boolean isDue(long stateBytes) {
        return journal.bytesSinceSnapshot() > Math.max(bytesMin, Math.min(journal.snapshotBytes(), stateBytes));
    }

    private final class Writing {
        final Journal.SnapshotSink sink;
        private final SnapshotWriter pieces;
        private final long pieceBytes;
        private final long began;
        private final long loggedBefore;
        private int asked;
        private int next;
        private volatile int made;
        private volatile boolean complete;

        Writing(Journal.SnapshotSink sink, Root root, Limits limits, long nowNanos) {
            this.sink = sink;
            this.pieces = new SnapshotWriter(root, limits);
            this.pieceBytes = limits.snapshotChunkBytes();
            this.began = nowNanos;
            this.loggedBefore = journal.bytesSinceSnapshot();
        }

        void goOn(long nowNanos) {
            long allowed = allowed(nowNanos) / pieceBytes;
            while (!complete && asked <= allowed && asked - made < AHEAD_MAX) {
                asked++;
                sink.write(this::make);
            }
            if (complete) {
                sink.commit(completion);
                writing = Optional.empty();
            }
        }

        private long allowed(long nowNanos) {
            long steady = (nowNanos - began) / NANOS_PER_MILLI * BYTES_PER_MILLI;
            return Math.max(steady, 2 * (journal.bytesSinceSnapshot() - loggedBefore));
        }

        /** On the journal's thread; behind the last piece there are no more. */
        private Optional<Bytes> make() {
            Optional<Bytes> piece = pieces.chunk(next);
            next++;
            complete = piece.isEmpty();
            made = next;
            return piece;
        }
    }
}
