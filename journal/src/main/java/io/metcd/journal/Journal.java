package io.metcd.journal;

import io.metcd.base.Bytes;
import io.metcd.raft.Entry;
import io.metcd.raft.HardState;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Where one member keeps what it must not forget. Driven by the member's one thread:
 *
 * <ol>
 *   <li>Once, first: {@link #recovered()}.
 *   <li>For each batch, while there is room: {@link #append}; batches complete in order.
 *   <li>Now and then: {@link #snapshot}, chunk by chunk; once it is complete, what it covers is dropped.
 * </ol>
 */
public interface Journal extends AutoCloseable {
    /** What earlier runs have left. */
    Recovered recovered();

    /**
     * Writes one batch; entries replace whatever the journal has at their indexes and behind. The completion comes
     * before this method returns, or later on another thread. Batches that wait while the disk works become one write.
     */
    void append(Optional<HardState> hardState, List<Entry> entries, Completion completion);

    /** Whether another batch may be appended now; if not, the owner holds it back until one completes. */
    boolean hasRoom();

    /** Begins to write the state as of a mark; a later one replaces it when it is complete. */
    SnapshotSink snapshot(SnapshotMark mark);

    /**
     * What has been appended since the newest snapshot; 0 for a journal that needs none, and for a while after one has
     * found no room.
     */
    long bytesSinceSnapshot();

    /** The size of the newest snapshot; 0 if there is none. */
    long snapshotBytes();

    /**
     * Whether the disk is so full that the log has only its reserve left: time for the owner to refuse what grows, and
     * to let pass what frees. Ask it now and then: asking also lets the journal look whether there is room again.
     */
    boolean spaceLow();

    /** Takes nothing more; what was appended before is still written. */
    @Override
    void close();

    /** How the owner learns of the end of a write. */
    interface Completion {
        /** It is on the disk, with everything before it. */
        void durable();

        /**
         * The disk has failed: the owner must stop, and acknowledge nothing more. Comes once, for the first of the
         * writes that wait; the others hear nothing any more.
         */
        void failed(IOException cause);

        /** A snapshot found no room: it is forgotten, and what was there before counts on. Never for a batch. */
        default void noSpace() {}
    }

    /** Takes a snapshot in pieces, in order. */
    interface SnapshotSink {
        void write(Bytes chunk);

        /**
         * As {@link #write(Bytes)}, of a piece that is made where it is written, off the caller's thread; an empty one
         * is left out.
         */
        void write(Supplier<Optional<Bytes>> piece);

        /** Whether the disk keeps up; if not, the owner waits with the next piece. */
        boolean hasRoom();

        /**
         * All pieces were written: makes the snapshot the one to recover from. Entries that it covers may be dropped;
         * later ones stay if the log holds the mark's own entry, else they belong to another history and go as well.
         */
        void commit(Completion completion);

        /** Forgets the pieces. */
        void abandon();
    }
}
