package io.metcd.simulator.world;

import io.metcd.base.Invariants;
import io.metcd.base.Scheduler;

/** The timer door of one process over the one queue; delays are measured by the process's own clock. */
final class SimScheduler implements Scheduler {
    private final EventQueue queue;
    private final SimProcess owner;
    private final SimClock clock;

    SimScheduler(EventQueue queue, SimProcess owner, SimClock clock) {
        this.queue = queue;
        this.owner = owner;
        this.clock = clock;
    }

    @Override
    public void execute(Runnable task) {
        queue.at(queue.now(), owner, task);
    }

    @Override
    public Task schedule(long delayNanos, Runnable task) {
        Invariants.check(delayNanos >= 0, "delay %s is negative", delayNanos);
        return queue.at(queue.now() + clock.virtualNanos(delayNanos), owner, task);
    }
}
