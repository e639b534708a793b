package io.metcd.server.compaction;

import java.util.OptionalLong;

/** When to compact, and at which revision; pure: time is handed in. Looked at in its own interval, on all members. */
sealed interface Schedule permits PeriodSchedule, RevisionSchedule {
    /** Between two looks. */
    long intervalNanos();

    /**
     * One look.
     *
     * @param revision the present one
     * @param leads whether this member is the one that compacts
     * @return where to compact now, if at all
     */
    OptionalLong look(long nowNanos, long revision, boolean leads);

    /** It has been compacted there, by this member or by somebody else. */
    void compacted(long nowNanos, long revision);

    static Schedule of(Retention retention, long nowNanos, long revision) {
        if (retention instanceof Retention.ByPeriod byPeriod) {
            return new PeriodSchedule(byPeriod.period(), nowNanos, revision);
        }
        return new RevisionSchedule(((Retention.ByRevisions) retention).revisions());
    }
}
