package io.metcd.journal;

import io.metcd.raft.Entry;
import io.metcd.raft.HardState;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What the log says up to a place, without its entries: the hard state, which terms stand where, and the snapshots that
 * count.
 */
final class Ledger {
    /** Snapshots that are kept, so that one of them may be damaged. */
    static final int KEPT = 2;

    private final List<SegmentHead.Kept> marks = new ArrayList<>();
    /** The first index of each run of entries of one term. */
    private final TreeMap<Long, Long> runs = new TreeMap<>();

    private HardState hardState = HardState.EMPTY;
    private long firstIndex = 1;
    /** Before it the log was given up. */
    private long floor;

    private long lastIndex;

    /** Begins where a segment begins; its entries may stand anywhere up to its last index. */
    void start(SegmentHead head) {
        hardState = head.hardState();
        marks.clear();
        marks.addAll(head.marks());
        runs.clear();
        firstIndex = head.lastIndex() + 1;
        lastIndex = head.lastIndex();
    }

    HardState hardState() {
        return hardState;
    }

    long lastIndex() {
        return lastIndex;
    }

    /** The older first; none, one or two. */
    List<SegmentHead.Kept> marks() {
        return List.copyOf(marks);
    }

    long newestIndex() {
        return marks.isEmpty() ? 0 : marks.get(marks.size() - 1).mark().index();
    }

    /** Behind which index the log must be kept, so that the older snapshot can still be used. */
    long neededFrom() {
        return marks.size() < KEPT ? floor : marks.get(0).mark().index();
    }

    /** The older of two snapshots does not count any more, and the log behind the other is enough; false if there is one. */
    boolean dropOlder() {
        if (marks.size() < KEPT) {
            return false;
        }
        marks.remove(0);
        floor = marks.get(0).mark().index();
        return true;
    }

    /** Whether the log has this entry, or ends with the snapshot of that place. */
    boolean holds(long index, long term) {
        if (index > lastIndex) {
            return false;
        }
        Map.Entry<Long, Long> run = index < firstIndex ? null : runs.floorEntry(index);
        if (run != null) {
            return run.getValue() == term;
        }
        return marks.stream()
                .anyMatch(kept -> kept.mark().index() == index && kept.mark().term() == term);
    }

    /** A snapshot cannot be used: it does not count any more. */
    void forget(SegmentHead.Kept damaged) {
        marks.remove(damaged);
    }

    void take(Item item) {
        if (item instanceof Item.State state) {
            hardState = state.hardState();
        } else if (item instanceof Item.Appended appended) {
            append(appended.entry());
        } else if (item instanceof Item.Marked marked) {
            mark(marked);
        }
    }

    private void append(Entry entry) {
        long index = entry.index();
        if (index < firstIndex) {
            firstIndex = index;
        }
        runs.tailMap(index, true).clear();
        lastIndex = index;
        Map.Entry<Long, Long> before = runs.lastEntry();
        if (before == null || before.getValue() != entry.term()) {
            runs.put(index, entry.term());
        }
    }

    private void mark(Item.Marked marked) {
        marks.add(new SegmentHead.Kept(marked.mark(), marked.checksum()));
        if (marks.size() > KEPT) {
            marks.remove(0);
        }
        if (!marked.continues()) {
            runs.clear();
            lastIndex = marked.mark().index();
            firstIndex = lastIndex + 1;
        }
        forgetRunsBefore(neededFrom());
    }

    /** Runs that end before an index. */
    private void forgetRunsBefore(long index) {
        Map.Entry<Long, Long> at = runs.floorEntry(index);
        if (at != null) {
            runs.headMap(at.getKey(), false).clear();
        }
    }
}
