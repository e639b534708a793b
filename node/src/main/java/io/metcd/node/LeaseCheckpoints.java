package io.metcd.node;

import io.metcd.store.Root;
import io.metcd.store.command.Command.LeaseCheckpoint;
import io.metcd.store.lease.LeaseState;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What is left of long leases, put into the log now and then, so that a new leader goes on with that instead of their
 * full time; pure, and active on the leader only. Time is handed in.
 *
 * <p>Whoever renews a lease is promised all of its time, by the leaders to come as well. So where a checkpoint is in the
 * log, or may be on its way into it, it is taken back first: a checkpoint of 0 seconds goes into the log behind it, and
 * until that is applied the renewal is asked again. That is done whether checkpoints are on here or not: an earlier
 * leader may have made some.
 */
final class LeaseCheckpoints {
    private static final long SECOND = 1_000_000_000L;

    /** Checkpoints to propose; {@link #settled} wants to hear what became of them. */
    record Draft(long number, LeaseCheckpoint command) {}

    /** When a lease is looked at next. */
    private record Due(long lease, long at, long order) {}

    private static final Comparator<Due> EARLIEST =
            (a, b) -> a.at() != b.at() ? Long.signum(a.at() - b.at()) : Long.compare(a.order(), b.order());

    private final long intervalSeconds;
    private final LeaseTimers timers;
    private final PriorityQueue<Due> queue = new PriorityQueue<>(EARLIEST);
    /** Of each lease that is looked at, the one place in the queue that counts. */
    private final TreeMap<Long, Due> scheduled = new TreeMap<>();
    /** Leases of which a checkpoint was proposed and is not known to be applied, with the number of the newest. */
    private final TreeMap<Long, Long> doubtful = new TreeMap<>();
    /** Leases of which the checkpoint is to be taken back. */
    private final TreeSet<Long> wanted = new TreeSet<>();
    /** The same where that is under way, with the number of the draft. */
    private final TreeMap<Long, Long> takenBack = new TreeMap<>();

    private long nextScan;
    private long order;
    /** Goes on over all terms, so that what an earlier one has left is not taken for news of this one. */
    private long number;

    /** Makes none where the interval is 0. */
    LeaseCheckpoints(int intervalSeconds, LeaseTimers timers) {
        this.intervalSeconds = intervalSeconds;
        this.timers = timers;
    }

    /** This member has become the leader; {@link #granted} follows for each lease that exists. */
    void lead(long nowNanos) {
        stop();
        nextScan = nowNanos + LeaseTimers.SCAN_NANOS;
    }

    /** This member leads no longer. */
    void stop() {
        queue.clear();
        scheduled.clear();
        doubtful.clear();
        wanted.clear();
        takenBack.clear();
    }

    /** A lease exists from now on. */
    void granted(long lease, long ttlSeconds, long nowNanos) {
        if (timers.leading() && intervalSeconds > 0 && ttlSeconds > intervalSeconds) {
            schedule(lease, nowNanos);
        }
    }

    /** A lease exists no longer. */
    void revoked(long lease) {
        scheduled.remove(lease);
        doubtful.remove(lease);
        wanted.remove(lease);
        takenBack.remove(lease);
    }

    /** Whether a lease may be renewed at once. If not, what is left of it is taken back from now on: ask again. */
    boolean free(LeaseState lease) {
        boolean free = !lease.hasCheckpoint() && !doubtful.containsKey(lease.id());
        if (!free && !takenBack.containsKey(lease.id())) {
            wanted.add(lease.id());
        }
        return free;
    }

    /** What to propose in this term now. */
    List<Draft> drafts(long term, Root root, long nowNanos) {
        List<Draft> drafts = new ArrayList<>(2);
        if (!wanted.isEmpty()) {
            Draft draft = draft(term, backToFull());
            draft.command().remainders().forEach(each -> takenBack.put(each.lease(), draft.number()));
            drafts.add(draft);
        }
        if (!queue.isEmpty() && nowNanos - nextScan >= 0) {
            nextScan = nowNanos + LeaseTimers.SCAN_NANOS;
            Draft draft = draft(term, remainders(root, nowNanos));
            draft.command().remainders().forEach(each -> doubtful.put(each.lease(), draft.number()));
            if (!draft.command().remainders().isEmpty()) {
                drafts.add(draft);
            }
        }
        return drafts;
    }

    /** What became of a draft; one that was not applied yet may still be, but never behind one that is drafted later. */
    void settled(Draft draft, boolean applied) {
        for (LeaseCheckpoint.Remainder each : draft.command().remainders()) {
            boolean takesBack = each.seconds() == 0;
            if (takesBack) {
                takenBack.remove(each.lease(), draft.number());
            }
            Long newest = doubtful.get(each.lease());
            if (applied && newest != null && (takesBack ? newest < draft.number() : newest == draft.number())) {
                doubtful.remove(each.lease());
            }
        }
    }

    private Draft draft(long term, List<LeaseCheckpoint.Remainder> remainders) {
        return new Draft(++number, new LeaseCheckpoint(term, remainders));
    }

    private List<LeaseCheckpoint.Remainder> backToFull() {
        List<LeaseCheckpoint.Remainder> remainders = new ArrayList<>();
        while (!wanted.isEmpty() && remainders.size() < Limits.CHECKPOINTS_MAX) {
            remainders.add(new LeaseCheckpoint.Remainder(wanted.pollFirst(), 0));
        }
        return remainders;
    }

    private List<LeaseCheckpoint.Remainder> remainders(Root root, long nowNanos) {
        List<LeaseCheckpoint.Remainder> remainders = new ArrayList<>();
        for (int looked = 0; looked < Limits.CHECKPOINTS_MAX; looked++) {
            Due due = queue.peek();
            if (due == null || nowNanos - due.at() < 0) {
                break;
            }
            queue.poll();
            if (due.equals(scheduled.get(due.lease()))) {
                schedule(due.lease(), nowNanos);
                root.lease(due.lease())
                        .flatMap(lease -> remainder(lease, nowNanos))
                        .ifPresent(remainders::add);
            }
        }
        return remainders;
    }

    /** None of a lease that has just been renewed, or is about to be, or is at its end. */
    private Optional<LeaseCheckpoint.Remainder> remainder(LeaseState lease, long nowNanos) {
        long left = timers.secondsLeft(lease.id(), nowNanos);
        boolean full = left >= lease.grantedTtlSeconds() || wanted.contains(lease.id());
        return left == 0 || full || takenBack.containsKey(lease.id())
                ? Optional.empty()
                : Optional.of(new LeaseCheckpoint.Remainder(lease.id(), left));
    }

    private void schedule(long lease, long nowNanos) {
        Due due = new Due(lease, nowNanos + intervalSeconds * SECOND, order++);
        scheduled.put(lease, due);
        queue.add(due);
    }
}
