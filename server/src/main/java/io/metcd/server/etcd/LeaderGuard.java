package io.metcd.server.etcd;

import io.metcd.base.Scheduler;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Ends the streams that were opened with {@code hasleader} when the member has been without a leader for three election
 * time-outs in a row.
 */
final class LeaderGuard {
    private static final int CHECKS_MAX = 3;

    private final ReplicaBridge replica;
    private final Set<Runnable> guarded = new LinkedHashSet<>();
    private int leaderlessChecks;
    private boolean running;

    LeaderGuard(ReplicaBridge replica) {
        this.replica = replica;
    }

    /** The action ends one stream. The result takes it off the list again. */
    Scheduler.Task guard(Runnable end) {
        guarded.add(end);
        if (!running) {
            running = true;
            leaderlessChecks = 0;
            scheduleCheck();
        }
        return () -> guarded.remove(end);
    }

    private void scheduleCheck() {
        replica.loop().schedule(replica.timing().electionNanos(), this::check);
    }

    private void check() {
        leaderlessChecks = replica.status().hasLeader() ? 0 : leaderlessChecks + 1;
        if (leaderlessChecks >= CHECKS_MAX) {
            List<Runnable> ending = new ArrayList<>(guarded);
            guarded.clear();
            ending.forEach(Runnable::run);
        }
        if (guarded.isEmpty()) {
            running = false;
        } else {
            scheduleCheck();
        }
    }
}
