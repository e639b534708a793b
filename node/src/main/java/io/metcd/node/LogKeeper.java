package io.metcd.node;

import java.util.ArrayDeque;

/**
 * Decides how much of the log stays in memory for members that lag: once the log takes more than its share, the oldest
 * half of what is applied goes. Bytes decide, not counts. While somebody fetches a state, the log behind that stays,
 * too, up to a larger bound: there the member that fetches is too slow for what is written, and needs a newer state.
 */
final class LogKeeper {
    private static final long MARK_BYTES = 64 * 1024;

    /** After the entry with this index, so many bytes had been applied in total. */
    private record Mark(long index, long bytes) {}

    private final long keptBytes;
    private final long heldBytes;
    private final ArrayDeque<Mark> marks = new ArrayDeque<>();
    private long total;
    private long marked;

    LogKeeper(Limits limits) {
        this.keptBytes = limits.logBytesKept();
        this.heldBytes = limits.logBytesHeld();
    }

    void applied(long index, int sizeBytes) {
        total += sizeBytes;
        if (total - marked >= Math.min(MARK_BYTES, keptBytes / 4)) {
            marked = total;
            marks.add(new Mark(index, total));
        }
    }

    /**
     * Up to which index the log should be dropped now; 0 for no need.
     *
     * @param heldIndex somebody needs what is behind it
     */
    long compactTo(long logBytes, long heldIndex) {
        if (logBytes <= keptBytes) {
            return 0;
        }
        long last = logBytes > heldBytes ? Long.MAX_VALUE : heldIndex;
        long index = 0;
        for (Mark oldest = marks.peek();
                oldest != null && total - oldest.bytes() > keptBytes / 2 && oldest.index() <= last; ) {
            index = oldest.index();
            marks.remove();
            oldest = marks.peek();
        }
        return index;
    }

    /** The state was replaced by a later one. */
    void reset() {
        marks.clear();
    }
}
