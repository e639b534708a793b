package io.metcd.server.compaction;

import io.metcd.base.Clock;
import io.metcd.base.Scheduler;
import java.time.Duration;
import java.util.Comparator;
import java.util.PriorityQueue;

/** A loop whose time passes when it is told to. */
final class VirtualLoop implements Scheduler, Clock {
    private record Due(long at, long order, Runnable task) {}

    private final PriorityQueue<Due> queue =
            new PriorityQueue<>(Comparator.comparingLong(Due::at).thenComparingLong(Due::order));
    private long now = Long.MAX_VALUE - Duration.ofMinutes(30).toNanos(); // a clock may be about to overflow
    private long passed;
    private long order;

    @Override
    public long nanos() {
        return now + passed;
    }

    @Override
    public long wallMillis() {
        throw new UnsupportedOperationException("a period is not measured by a clock that jumps");
    }

    @Override
    public void execute(Runnable task) {
        schedule(0, task);
    }

    @Override
    public Task schedule(long delayNanos, Runnable task) {
        Due due = new Due(passed + delayNanos, order++, task);
        queue.add(due);
        return () -> queue.remove(due);
    }

    /** Lets time pass, and what is due happen at its moment. */
    void pass(Duration time) {
        long end = passed + time.toNanos();
        for (Due next = queue.peek(); next != null && next.at() <= end; next = queue.peek()) {
            queue.remove();
            passed = next.at();
            next.task().run();
        }
        passed = end;
    }
}
