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
 * Writes this member's own state to its journal when the log there has grown larger than the last one written, or than
 * the state is now if that is less: one piece a turn, from a root that no longer changes, so that no turn waits for it.
 */
final class SnapshotKeeper {
    private record Writing(SnapshotWriter pieces, Journal.SnapshotSink sink) {}

    private final Journal journal;
    private final long bytesMin;
    private final Journal.Completion completion;
    private Optional<Writing> writing = Optional.empty();
    private int next;

    SnapshotKeeper(Journal journal, long bytesMin, Journal.Completion completion) {
        this.journal = journal;
        this.bytesMin = bytesMin;
        this.completion = completion;
    }

    boolean isWriting() {
        return writing.isPresent();
    }

    /** One step; true if there is more to do at once. */
    boolean turn(Root root, Configuration configuration, Limits limits) {
        if (writing.isPresent()) {
            return write(writing.get());
        }
        if (root.appliedIndex() == 0 || !isDue(root.dbSize())) {
            return false;
        }
        SnapshotMark mark = new SnapshotMark(root.appliedIndex(), root.appliedTerm(), configuration);
        writing = Optional.of(new Writing(new SnapshotWriter(root, limits), journal.snapshot(mark)));
        next = 0;
        return true;
    }

    /** A log of new keys is never larger than the state it makes: the last snapshot, not the state, is the measure. */
    private boolean isDue(long stateBytes) {
        return journal.bytesSinceSnapshot() > Math.max(bytesMin, Math.min(journal.snapshotBytes(), stateBytes));
    }

    /** The state was replaced: what was being written is of no use. */
    void abandon() {
        writing.ifPresent(each -> each.sink().abandon());
        writing = Optional.empty();
    }

    private boolean write(Writing now) {
        if (!now.sink().hasRoom()) {
            return false; // A later turn goes on; ticks see to that.
        }
        Optional<Bytes> piece = now.pieces().chunk(next++);
        if (piece.isPresent()) {
            now.sink().write(piece.get());
            return true;
        }
        now.sink().commit(completion);
        writing = Optional.empty();
        return false;
    }
}
