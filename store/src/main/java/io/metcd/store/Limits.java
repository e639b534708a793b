package io.metcd.store;

/**
 * Every bound of the store.
 *
 * @param leaseTtlSecondsMax a longer lease is refused
 * @param proposalWindow how many proposals of one member may be outstanding; older ones count as applied
 * @param scrubRevisionsPerApply how much of a compaction each applied entry pays for
 * @param hashRecordsPerScrubbed the records that go into the hash of a compaction for each revision scrubbed when idle
 * @param snapshotChunkBytes the size of a snapshot chunk, its frame included
 * @param replayRevisions the revisions with events in one response of a replay
 * @param replayScan the revisions looked at in one poll of a replay
 * @param responseBytes a response of a replay ends after this many bytes of events (always at a revision's end)
 * @param fragmentBytes a response at least this large is split for watches that allow it
 * @param alarmsMax alarms that stand at once; a further one is refused
 * @param users how many there may be of what says who may do what
 * @param streamBacklog control responses waiting on one stream before its requests should wait, and ids that it
 *     remembers of watches that compaction has ended
 */
public record Limits(
        long leaseTtlSecondsMax,
        int proposalWindow,
        int scrubRevisionsPerApply,
        int hashRecordsPerScrubbed,
        int snapshotChunkBytes,
        int replayRevisions,
        int replayScan,
        int responseBytes,
        int fragmentBytes,
        int alarmsMax,
        Users users,
        int streamBacklog) {
    /**
     * Bounds of users and roles; what would go beyond one is refused.
     *
     * @param usersMax users; and as many roles
     * @param rolesOfUserMax roles of one user
     * @param permissionsMax permissions of one role
     * @param bytesMax what users and roles may take together
     * @param tokensMax tokens given out lately that the state remembers; the oldest makes place for a new one
     */
    public record Users(int usersMax, int rolesOfUserMax, int permissionsMax, long bytesMax, int tokensMax) {}

    public static Limits defaults() {
        return new Limits(
                9_000_000_000L,
                4096,
                64,
                16,
                256 << 10,
                1000,
                10_000,
                4 << 20,
                1_572_864 + (512 << 10),
                1024,
                new Users(10_000, 1024, 10_000, 32 << 20, 1024),
                1024);
    }

    public Limits withScrubRevisionsPerApply(int revisions) {
        return new Limits(
                leaseTtlSecondsMax,
                proposalWindow,
                revisions,
                hashRecordsPerScrubbed,
                snapshotChunkBytes,
                replayRevisions,
                replayScan,
                responseBytes,
                fragmentBytes,
                alarmsMax,
                users,
                streamBacklog);
    }

    public Limits withReplay(int revisions, int scan, int bytes) {
        return new Limits(
                leaseTtlSecondsMax,
                proposalWindow,
                scrubRevisionsPerApply,
                hashRecordsPerScrubbed,
                snapshotChunkBytes,
                revisions,
                scan,
                bytes,
                fragmentBytes,
                alarmsMax,
                users,
                streamBacklog);
    }

    public Limits withFragmentBytes(int bytes) {
        return new Limits(
                leaseTtlSecondsMax,
                proposalWindow,
                scrubRevisionsPerApply,
                hashRecordsPerScrubbed,
                snapshotChunkBytes,
                replayRevisions,
                replayScan,
                responseBytes,
                bytes,
                alarmsMax,
                users,
                streamBacklog);
    }

    public Limits withSnapshotChunkBytes(int bytes) {
        return new Limits(
                leaseTtlSecondsMax,
                proposalWindow,
                scrubRevisionsPerApply,
                hashRecordsPerScrubbed,
                bytes,
                replayRevisions,
                replayScan,
                responseBytes,
                fragmentBytes,
                alarmsMax,
                users,
                streamBacklog);
    }

    public Limits withUsers(Users newUsers) {
        return new Limits(
                leaseTtlSecondsMax,
                proposalWindow,
                scrubRevisionsPerApply,
                hashRecordsPerScrubbed,
                snapshotChunkBytes,
                replayRevisions,
                replayScan,
                responseBytes,
                fragmentBytes,
                alarmsMax,
                newUsers,
                streamBacklog);
    }
}
