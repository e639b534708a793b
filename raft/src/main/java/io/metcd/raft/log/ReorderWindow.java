package io.metcd.raft.log;

import io.metcd.base.Invariants;
import io.metcd.raft.Entry;
import io.metcd.raft.Message.Append;
import io.metcd.raft.Message.Hole;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Appends of the current leader that came before the ones in front of them. A packet network reorders; to throw these
 * away would cost their transmission again for each one that is late.
 *
 * <pre>
 *   log ─────────┤ 41        60 ├──────┤ 75   ├──┤ 80
 *                   missing 42..60        76..78      received = 80
 * </pre>
 *
 * Invariant: ascending by previous index; no more bytes than allowed.
 */
public final class ReorderWindow {
    private static final int HOLES_MAX = 64;

    private final List<Append> appends = new ArrayList<>();
    private final long bytesMax;
    private long bytes;

    public ReorderWindow(long bytesMax) {
        this.bytesMax = bytesMax;
    }

    public boolean isEmpty() {
        return appends.isEmpty();
    }

    /**
     * Keeps an append. When there is no room the farthest goes, as it would be the last to be of use; false when it is
     * this one.
     */
    public boolean add(Append append) {
        int at = appends.size();
        while (at > 0 && appends.get(at - 1).prevIndex() > append.prevIndex()) {
            at--;
        }
        if (contains(at - 1, append) || contains(at, append)) {
            return true;
        }
        appends.add(at, append);
        bytes += size(append);
        boolean kept = true;
        while (bytes > bytesMax) {
            Append farthest = appends.remove(appends.size() - 1);
            bytes -= size(farthest);
            kept &= farthest.sequence() != append.sequence();
        }
        Invariants.check(bytes >= 0, "%s bytes in the window", bytes);
        return kept;
    }

    /** True when all of these entries are here already. */
    public boolean contains(Append append) {
        for (int i = 0; i < appends.size(); i++) {
            if (contains(i, append)) {
                return true;
            }
        }
        return false;
    }

    /** Takes out the first append that a log with this last index can judge. */
    public Optional<Append> take(long lastIndex) {
        if (appends.isEmpty() || appends.get(0).prevIndex() > lastIndex) {
            return Optional.empty();
        }
        Append first = appends.remove(0);
        bytes -= size(first);
        Invariants.check(bytes >= 0, "%s bytes in the window", bytes);
        return Optional.of(first);
    }

    public void clear() {
        appends.clear();
        bytes = 0;
    }

    /** What is missing behind {@code lastIndex} below the highest index here; cut to its first {@value #HOLES_MAX}. */
    public List<Hole> missing(long lastIndex) {
        if (appends.isEmpty()) {
            return List.of();
        }
        List<Hole> holes = new ArrayList<>();
        long covered = lastIndex;
        for (Append append : appends) {
            if (append.prevIndex() > covered) {
                if (holes.size() == HOLES_MAX) {
                    break;
                }
                holes.add(new Hole(covered + 1, append.prevIndex()));
            }
            covered = Math.max(covered, append.lastIndex());
        }
        return holes;
    }

    /** The highest index that has arrived, as far as {@link #missing} tells of it. */
    public long received(long lastIndex) {
        long covered = lastIndex;
        int holes = 0;
        for (Append append : appends) {
            if (append.prevIndex() > covered && ++holes > HOLES_MAX) {
                break;
            }
            covered = Math.max(covered, append.lastIndex());
        }
        return covered;
    }

    private boolean contains(int at, Append append) {
        if (at < 0 || at >= appends.size()) {
            return false;
        }
        Append kept = appends.get(at);
        return kept.prevIndex() <= append.prevIndex() && kept.lastIndex() >= append.lastIndex();
    }

    private static long size(Append append) {
        long size = 0;
        for (Entry entry : append.entries()) {
            size += entry.sizeBytes();
        }
        return size;
    }
}
