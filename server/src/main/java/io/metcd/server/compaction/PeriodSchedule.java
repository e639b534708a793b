package io.metcd.server.compaction;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.OptionalLong;

/**
 * As etcd does it: the revision is noted ten times a period, and at least each six minutes; after the first period, then
 * once a period but at least each hour, the oldest note is compacted at, which is a period old.
 */
final class PeriodSchedule implements Schedule {
    private static final Duration COMPACTION_INTERVAL_MAX = Duration.ofHours(1);
    private static final int NOTES_PER_INTERVAL = 10;

    private final long compactionIntervalNanos;
    private final long intervalNanos;
    private final int notesMax;
    private final ArrayDeque<Long> notes = new ArrayDeque<>();
    private long notBeforeNanos;
    private long compactedAt;

    PeriodSchedule(Duration period, long nowNanos, long revision) {
        Duration interval = period.compareTo(COMPACTION_INTERVAL_MAX) > 0 ? COMPACTION_INTERVAL_MAX : period;
        this.compactionIntervalNanos = interval.toNanos();
        this.intervalNanos = compactionIntervalNanos / NOTES_PER_INTERVAL;
        this.notesMax = (int) (period.toNanos() / intervalNanos) + 1;
        this.notBeforeNanos = nowNanos + period.toNanos();
        note(revision);
    }

    @Override
    public long intervalNanos() {
        return intervalNanos;
    }

    @Override
    public OptionalLong look(long nowNanos, long revision, boolean leads) {
        long oldest = notes.getFirst();
        note(revision);
        boolean due = leads && nowNanos - notBeforeNanos >= 0 && oldest > compactedAt;
        return due ? OptionalLong.of(oldest) : OptionalLong.empty();
    }

    @Override
    public void compacted(long nowNanos, long revision) {
        compactedAt = revision;
        notBeforeNanos = nowNanos + compactionIntervalNanos;
    }

    private void note(long revision) {
        notes.addLast(revision);
        if (notes.size() > notesMax) {
            notes.removeFirst();
        }
    }
}
