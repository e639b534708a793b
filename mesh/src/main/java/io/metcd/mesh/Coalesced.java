package io.metcd.mesh;

import io.metcd.base.Clock;
import io.metcd.base.Scheduler;

/** A job that many causes ask for and that runs once for all of them. */
final class Coalesced {
    private final Clock clock;
    private final Scheduler scheduler;
    private final Runnable job;
    private final Runnable turn = this::run;
    private boolean asked;
    private long dueNanos;
    private Scheduler.Task timer = () -> {};

    Coalesced(Clock clock, Scheduler scheduler, Runnable job) {
        this.clock = clock;
        this.scheduler = scheduler;
        this.job = job;
    }

    /** Runs the job after this turn of the loop. */
    void soon() {
        within(0);
    }

    /** Runs the job after the delay; when it was asked for already, the earlier time holds. */
    void within(long delayNanos) {
        long due = clock.nanos() + Math.max(0, delayNanos);
        if (asked && dueNanos - due <= 0) {
            return;
        }
        timer.cancel();
        asked = true;
        dueNanos = due;
        if (delayNanos <= 0) {
            scheduler.execute(turn);
        } else {
            timer = scheduler.schedule(delayNanos, turn);
        }
    }

    private void run() {
        asked = false;
        job.run();
    }
}
