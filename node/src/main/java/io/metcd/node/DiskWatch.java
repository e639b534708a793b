package io.metcd.node;

import io.metcd.raft.MemberProgress;
import io.metcd.raft.RaftStatus;
import io.metcd.raft.Role;
import java.util.Comparator;
import java.util.Optional;
import java.util.function.LongPredicate;

/**
 * Watches whether this member's disk keeps up with what it is given, and says who should lead in the place of a leader
 * whose disk does not. The others commit without that disk, but such a leader applies nothing, so that it decides on no
 * lease and on no member, and it falls silent when it can hold no more.
 *
 * <pre>
 *              ┌─► written: on this disk
 * an entry ────┤
 *              └─► committed: on those of a quorum, which may do without this one
 * </pre>
 *
 * <p>A disk is too slow when it has not written an entry for longer than an election time-out, and a second at least,
 * while none has waited half an election time-out to be committed. Two equal disks differ by less: the worse of them was
 * just busy with the write before. And where commitments take longer, votes would, too, so that nobody could be elected in
 * time.
 */
final class DiskWatch {
    private static final int TIMES_SLOWER = 2;

    /** A disk may take this long now and then, however short an election time-out is. */
    private static final long PATIENCE_NANOS_MIN = 1_000_000_000L;

    /** Between two times that this member steps down: meanwhile it leads, since the others have wanted it so. */
    private static final int REST_TIMES = 10;

    /** More between two looks was a pause of this process, of which its disk may know nothing. */
    private static final long SEEN_NANOS_MAX = 100_000_000L;

    private static final long NANOS_PER_SECOND = 1_000_000_000L;

    private final long electionNanos;
    private final long patienceNanos;
    private final Way written = new Way();
    private final Way committed = new Way();
    private long lookedAt;

    /** The end of the log then. */
    private long seen;

    /** The slowest commitment; half of that with each entry that this disk writes. */
    private long slowestCommitNanos;

    private long restUntil;

    /** One entry at a time on its way. */
    private static final class Way {
        /** 0 for none. */
        private long entry;

        private long nanos;

        /** Time passes; true if no entry is followed now. */
        boolean isFree(long arrived, long last, long passedNanos) {
            nanos += passedNanos;
            boolean isCutOff = entry > last;
            if (entry <= arrived || isCutOff) {
                entry = 0;
                nanos = 0;
            }
            return entry == 0;
        }

        void begin(long next) {
            entry = next;
        }
    }

    DiskWatch(long electionNanos, long nowNanos) {
        this.electionNanos = electionNanos;
        this.patienceNanos = Math.max(electionNanos, PATIENCE_NANOS_MIN);
        this.lookedAt = nowNanos;
        this.restUntil = nowNanos;
    }

    /** Looks; to be called in each turn. */
    void look(RaftStatus status, long nowNanos) {
        long passed = Math.min(nowNanos - lookedAt, SEEN_NANOS_MAX);
        lookedAt = nowNanos;
        boolean isNew = status.lastIndex() > seen;
        seen = status.lastIndex();
        slowestCommitNanos = Math.max(slowestCommitNanos, committed.nanos);
        // How long an entry has taken is known of those alone that are followed from their beginning.
        if (committed.isFree(status.commit(), seen, passed) && isNew && status.commit() < seen) {
            committed.begin(seen);
        }
        if (written.isFree(status.durable(), seen, passed) && status.durable() < seen) {
            written.begin(seen);
            slowestCommitNanos /= 2;
        }
    }

    /** In words for an operator, while the disk takes longer than an election would. */
    Optional<String> alarm() {
        return written.nanos <= patienceNanos
                ? Optional.empty()
                : Optional.of("the disk is slow: what this member gave it " + written.nanos / NANOS_PER_SECOND
                        + " s ago is not written yet");
    }

    /**
     * Who should take this leader's place now: the voter that holds the most, of those that are heard and whose disk has
     * room. Whoever is told so takes a rest.
     *
     * @param full the disk has no more than the log's reserve, and all members know it
     * @param fullToo of which members that is known
     */
    Optional<Long> successor(RaftStatus status, boolean full, LongPredicate fullToo, long nowNanos) {
        boolean leads = status.role() == Role.LEADER && status.transferTarget() == 0;
        if (!leads || !(full || isTooSlow()) || nowNanos - restUntil < 0) {
            return Optional.empty();
        }
        Optional<Long> successor = status.progress().stream()
                .filter(other -> status.configuration().voters().contains(other.member()))
                .filter(other -> other.recentlyActive() && other.match() >= status.commit())
                .filter(other -> !fullToo.test(other.member()))
                .max(Comparator.comparingLong(MemberProgress::match))
                .map(MemberProgress::member);
        successor.ifPresent(told -> restUntil = nowNanos + REST_TIMES * patienceNanos);
        return successor;
    }

    private boolean isTooSlow() {
        long commitNanos = Math.max(slowestCommitNanos, committed.nanos);
        return written.nanos > patienceNanos && TIMES_SLOWER * commitNanos <= electionNanos;
    }
}
