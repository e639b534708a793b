package io.metcd.raft.log;

import io.metcd.base.Invariants;
import io.metcd.raft.Durable;
import io.metcd.raft.Entry;
import java.util.List;

/**
 * The log in memory and the marks on it.
 *
 * <pre>
 *   dropped      applied     handing      commit    durable   written    last
 *   ───────────────┼────────────┼────────────┼─────────┼─────────┼─────────┤
 *   snapshotIndex ≤ applied ≤ handing ≤ min(commit, durable), durable ≤ written ≤ last, commit ≤ last
 * </pre>
 *
 * {@code handing} is the last entry given out to be applied, {@code written} the last one given out to be written.
 * What is committed but not durable here is not applied here: a restart must find what the state machine contains.
 */
public final class RaftLog implements LogView {
    private static final int CAPACITY_MIN = 64;

    /** A ring: the entry of index i lies at i modulo the length, which is a power of two. */
    private Entry[] ring = new Entry[CAPACITY_MIN];

    private long snapshotIndex;
    private long snapshotTerm;
    private long lastIndex;
    private long lastTerm;
    private long bytes;
    private long written;
    private long durable;
    private long commit;
    private long handing;
    private long applied;

    /** An empty log behind a snapshot; (0, 0) for the beginning of time. */
    public RaftLog(long snapshotIndex, long snapshotTerm) {
        restart(snapshotIndex, snapshotTerm);
    }

    /** Takes what survived a restart: all of it is durable. */
    public void resume(List<Entry> entries, long committed) {
        entries.forEach(this::append);
        written = lastIndex;
        durable = lastIndex;
        commit = Math.max(commit, Math.min(committed, lastIndex));
        checkMarks();
    }

    @Override
    public long snapshotIndex() {
        return snapshotIndex;
    }

    @Override
    public long lastIndex() {
        return lastIndex;
    }

    public long lastTerm() {
        return lastTerm;
    }

    @Override
    public long commit() {
        return commit;
    }

    @Override
    public long applied() {
        return applied;
    }

    @Override
    public long durable() {
        return durable;
    }

    /** What the entries take in memory. */
    public long bytes() {
        return bytes;
    }

    @Override
    public long termAt(long index) {
        if (index == lastIndex) {
            return lastTerm;
        }
        return index == snapshotIndex ? snapshotTerm : entryAt(index).term();
    }

    @Override
    public Entry entryAt(long index) {
        Invariants.check(index > snapshotIndex, "entry %s is compacted away up to %s", index, snapshotIndex);
        Invariants.check(index <= lastIndex, "entry %s is beyond the last, %s", index, lastIndex);
        return ring[slot(index)];
    }

    /** True when this log has an entry of that index and term, or ended its snapshot there. */
    public boolean matches(long index, long term) {
        return index >= snapshotIndex && index <= lastIndex && termAt(index) == term;
    }

    /** Whether a log that ends so is at least as up-to-date as this one (Raft §5.4.1). */
    public boolean isUpToDate(long otherLastIndex, long otherLastTerm) {
        return otherLastTerm > lastTerm || (otherLastTerm == lastTerm && otherLastIndex >= lastIndex);
    }

    /**
     * The highest index up to the given one whose term is not above the given term: a log with that pair can agree
     * with this one no later (the accelerated backtracking of Raft §5.3). Ends at the snapshot.
     */
    public long agreementAt(long index, long term) {
        long candidate = Math.max(snapshotIndex, Math.min(index, lastIndex));
        while (candidate > snapshotIndex && termAt(candidate) > term) {
            candidate--;
        }
        return candidate;
    }

    public void append(Entry entry) {
        Invariants.check(entry.index() == lastIndex + 1, "entry %s behind %s", entry.index(), lastIndex);
        Invariants.check(entry.term() >= lastTerm, "an entry of term %s behind one of %s", entry.term(), lastTerm);
        if (lastIndex - snapshotIndex == ring.length) {
            grow();
        }
        lastIndex = entry.index();
        lastTerm = entry.term();
        bytes += entry.sizeBytes();
        ring[slot(lastIndex)] = entry;
    }

    /** Drops the entries from this index on: they conflict with the leader's (Raft §5.3). */
    public void truncate(long from) {
        Invariants.check(from > commit, "entry %s is truncated, but %s is committed", from, commit);
        Invariants.check(from <= lastIndex, "nothing to truncate from %s behind %s", from, lastIndex);
        long newLastTerm = termAt(from - 1);
        for (long index = from; index <= lastIndex; index++) {
            drop(index);
        }
        lastIndex = from - 1;
        lastTerm = newLastTerm;
        written = Math.min(written, lastIndex);
        durable = Math.min(durable, lastIndex);
        checkMarks();
    }

    /** Entries from one index to another, both included, cut at a number of bytes but never to nothing. */
    public List<Entry> slice(long first, long last, long bytesMax) {
        if (first > last) {
            return List.of();
        }
        long size = entryAt(first).sizeBytes();
        long end = first;
        while (end < last && size + entryAt(end + 1).sizeBytes() <= bytesMax) {
            end++;
            size += ring[slot(end)].sizeBytes();
        }
        Entry[] entries = new Entry[(int) (end - first + 1)];
        for (int i = 0; i < entries.length; i++) {
            entries[i] = ring[slot(first + i)];
        }
        return List.of(entries);
    }

    public boolean hasUnwritten() {
        return written < lastIndex;
    }

    /** What the journal has not been given yet. */
    public List<Entry> takeUnwritten() {
        List<Entry> entries = slice(written + 1, lastIndex, Long.MAX_VALUE);
        written = lastIndex;
        return entries;
    }

    /**
     * The journal has written up to here. Ignored when the last entry of that write has been replaced since: by its
     * term it is another one.
     */
    public void written(Durable done) {
        if (done.lastIndex() > durable && done.lastIndex() <= written && matches(done.lastIndex(), done.lastTerm())) {
            durable = done.lastIndex();
            checkMarks();
        }
    }

    /** Moves the commit mark forward; without effect when it is there already. */
    public void commit(long index) {
        Invariants.check(index <= lastIndex, "commit of %s beyond the last entry, %s", index, lastIndex);
        commit = Math.max(commit, index);
        checkMarks();
    }

    /** True when the state machine has applied all it was given and more is committed and durable. */
    public boolean hasCommitted() {
        return handing == applied && handing < Math.min(commit, durable);
    }

    /** The next entries for the state machine; empty until it has applied the last ones. */
    public List<Entry> takeCommitted(long bytesMax) {
        if (!hasCommitted()) {
            return List.of();
        }
        List<Entry> entries = slice(handing + 1, Math.min(commit, durable), bytesMax);
        handing += entries.size();
        checkMarks();
        return entries;
    }

    /** The state machine contains all up to here. */
    public void applied(long index) {
        Invariants.check(index >= applied, "applied %s after %s", index, applied);
        Invariants.check(index <= handing, "applied %s, but only %s was given out", index, handing);
        applied = index;
    }

    /** Drops the entries up to here: the state machine contains them. */
    public void compact(long index) {
        Invariants.check(index <= applied, "compaction up to %s, but only %s is applied", index, applied);
        if (index <= snapshotIndex) {
            return;
        }
        long term = termAt(index);
        for (long dropped = snapshotIndex + 1; dropped <= index; dropped++) {
            drop(dropped);
        }
        snapshotIndex = index;
        snapshotTerm = term;
        checkMarks();
    }

    /**
     * The state machine was replaced by a state as of this index, durably. What lies behind it stays when it continues
     * that state (Raft §7).
     */
    public void install(long index, long term) {
        Invariants.check(index > applied, "state as of %s, but %s is applied", index, applied);
        if (!matches(index, term)) {
            restart(index, term);
            return;
        }
        commit = Math.max(commit, index);
        written = Math.max(written, index);
        durable = Math.max(durable, index);
        handing = Math.max(handing, index);
        applied = index;
        compact(index);
    }

    private void restart(long index, long term) {
        Invariants.check(index >= commit, "a restart at %s would undo the commit of %s", index, commit);
        ring = new Entry[CAPACITY_MIN];
        bytes = 0;
        snapshotIndex = index;
        snapshotTerm = term;
        lastIndex = index;
        lastTerm = term;
        written = index;
        durable = index;
        commit = index;
        handing = index;
        applied = index;
    }

    private int slot(long index) {
        return (int) index & (ring.length - 1);
    }

    @SuppressWarnings("NullAway") // A free place in the ring is never read.
    private void drop(long index) {
        int slot = slot(index);
        bytes -= ring[slot].sizeBytes();
        ring[slot] = null;
    }

    private void grow() {
        Entry[] larger = new Entry[ring.length * 2];
        for (long index = snapshotIndex + 1; index <= lastIndex; index++) {
            larger[(int) index & (larger.length - 1)] = ring[slot(index)];
        }
        ring = larger;
    }

    private void checkMarks() {
        Invariants.check(snapshotIndex <= applied, "snapshot %s beyond applied %s", snapshotIndex, applied);
        Invariants.check(applied <= handing, "applied %s beyond handing %s", applied, handing);
        Invariants.check(handing <= commit, "handing %s beyond commit %s", handing, commit);
        Invariants.check(handing <= durable, "handing %s beyond durable %s", handing, durable);
        Invariants.check(durable <= written, "durable %s beyond written %s", durable, written);
        Invariants.check(written <= lastIndex, "written %s beyond the last entry, %s", written, lastIndex);
        Invariants.check(commit <= lastIndex, "commit %s beyond the last entry, %s", commit, lastIndex);
    }
}
