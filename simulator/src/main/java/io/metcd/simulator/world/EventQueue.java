package io.metcd.simulator.world;

import io.metcd.base.Invariants;
import io.metcd.base.Scheduler;
import java.util.Arrays;

/**
 * Virtual time: a queue of events in the order (time, number of scheduling), so that events of one moment run in the
 * order in which they were scheduled, and one seed gives one order.
 *
 * <p>An event belongs to a {@link SimProcess}: it is dropped when that life has ended, and waits while it is paused.
 */
public final class EventQueue {
    private final TraceHash trace;
    private Event[] heap = new Event[1024];
    private int size;
    private long now;
    private long scheduled;
    private long executed;

    public EventQueue(TraceHash trace) {
        this.trace = trace;
    }

    /** Nanoseconds since the run began. */
    public long now() {
        return now;
    }

    public TraceHash trace() {
        return trace;
    }

    /** How many events have run. */
    public long executed() {
        return executed;
    }

    public boolean isEmpty() {
        return size == 0;
    }

    /** Schedules a task of a process for the given moment, which is not in the past. */
    public Scheduler.Task at(long time, SimProcess owner, Runnable task) {
        Invariants.check(time >= now, "event at %s is before now %s", time, now);
        Event event = new Event(time, scheduled++, owner, task);
        push(event);
        return event;
    }

    /** Runs the next event; false when there is none. */
    public boolean step() {
        if (size == 0) {
            return false;
        }
        Event event = pop();
        now = event.time;
        if (!event.cancelled && event.owner.accepts(event)) {
            event.cancelled = true;
            executed++;
            trace.note(now * 31 + event.owner.id());
            event.task.run();
        }
        return true;
    }

    /** Runs every event up to and including the given moment, which then is now. */
    public void runUntil(long time) {
        while (size > 0 && heap[0].time <= time) {
            step();
        }
        now = Math.max(now, time);
    }

    /** Puts an event that waited for a paused process back, due now. */
    void resume(Event waiting) {
        push(new Event(waiting, now, scheduled++));
    }

    private void push(Event event) {
        if (size == heap.length) {
            heap = Arrays.copyOf(heap, size * 2);
        }
        int hole = size++;
        while (hole > 0) {
            int parent = (hole - 1) >> 1;
            if (!event.before(heap[parent])) {
                break;
            }
            heap[hole] = heap[parent];
            hole = parent;
        }
        heap[hole] = event;
    }

    // The freed slot keeps its last event until it is overwritten: a null there would cost every read a check.
    private Event pop() {
        Event first = heap[0];
        Event last = heap[--size];
        int hole = 0;
        for (int child = 1; child < size; child = 2 * hole + 1) {
            if (child + 1 < size && heap[child + 1].before(heap[child])) {
                child++;
            }
            if (!heap[child].before(last)) {
                break;
            }
            heap[hole] = heap[child];
            hole = child;
        }
        heap[hole] = last;
        return first;
    }

    /** One scheduled task. */
    static final class Event implements Scheduler.Task {
        private final long time;
        private final long order;
        private final SimProcess owner;
        private final Event origin;
        private final Runnable task;
        private boolean cancelled;

        Event(long time, long order, SimProcess owner, Runnable task) {
            this.time = time;
            this.order = order;
            this.owner = owner;
            this.origin = this;
            this.task = task;
        }

        /** The same task at another moment; cancelling the first still cancels it. */
        Event(Event waiting, long time, long order) {
            this.time = time;
            this.order = order;
            this.owner = waiting.owner;
            this.origin = waiting.origin;
            this.task = () -> waiting.origin.runResumed();
        }

        private void runResumed() {
            if (!cancelled) {
                cancelled = true;
                task.run();
            }
        }

        private boolean before(Event other) {
            return time < other.time || (time == other.time && order < other.order);
        }

        @Override
        public void cancel() {
            cancelled = true;
        }
    }
}
