package io.metcd.server.compaction;

import java.time.Duration;
import java.util.OptionalLong;

/** As etcd does it: each five minutes, all but the newest revisions. */
final class RevisionSchedule implements Schedule {
    private static final long INTERVAL_NANOS = Duration.ofMinutes(5).toNanos();

    private final long kept;
    private long compactedAt;

    RevisionSchedule(long kept) {
        this.kept = kept;
    }

    @Override
    public long intervalNanos() {
        return INTERVAL_NANOS;
    }

    @Override
    public OptionalLong look(long nowNanos, long revision, boolean leads) {
        long until = revision - kept;
        return leads && until > compactedAt ? OptionalLong.of(until) : OptionalLong.empty();
    }

    @Override
    public void compacted(long nowNanos, long revision) {
        compactedAt = revision;
    }
}
