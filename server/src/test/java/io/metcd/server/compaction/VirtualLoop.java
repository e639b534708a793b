package io.metcd.server.compaction;

import io.metcd.base.Clock;
import io.metcd.base.Scheduler;
import java.time.Duration;
import java.util.Comparator;
import java.util.PriorityQueue;
import java.util.concurrent.TimeUnit;

/** A loop whose time passes when it is told to. */
final class VirtualLoop implements Scheduler, Clock {
    private record Due(long at, long order, Runnable task) {}

    private final PriorityQueue<Due> queue =
            new PriorityQueue<>(Comparator.comparingLong(Due::at).thenComparingLong(Due::order));
    private long now = Long.MAX_VALUE - Duration.ofMinutes(30).toNanos(); // a clock may be about to overflow
    private long passed;
    private long order;
    private long jump = Duration.ofDays(1).toMillis();

    @Override
    public long nanos() {
        return now + passed;
    }

    /** Somebody sets it at every look, a day on and a day back: who measures a period by it is wrong by that. */
    @Override
    public long wallMillis() {
        jump = -jump;
        return TimeUnit.NANOSECONDS.toMillis(passed) + jump;
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
