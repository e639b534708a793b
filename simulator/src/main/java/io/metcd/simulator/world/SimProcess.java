package io.metcd.simulator.world;

import io.metcd.base.Clock;
import io.metcd.base.Scheduler;
import java.util.ArrayList;
import java.util.List;

/**
 * One life of one simulated operating system process. A restart of the same host is another life with the same host
 * number. When a life ends its timers and its deliveries end with it; while it is paused they wait, as under SIGSTOP.
 */
public final class SimProcess {
    private final EventQueue queue;
    private final int id;
    private final String name;
    private final SimClock clock;
    private final Scheduler scheduler;
    private final List<EventQueue.Event> waiting = new ArrayList<>();
    private State state = State.RUNNING;

    private enum State {
        RUNNING,
        PAUSED,
        ENDED
    }

    public SimProcess(EventQueue queue, int id, String name, SimClock clock) {
        this.queue = queue;
        this.id = id;
        this.name = name;
        this.clock = clock;
        this.scheduler = new SimScheduler(queue, this, clock);
    }

    /** A process with an exact clock. */
    public SimProcess(EventQueue queue, int id, String name) {
        this(queue, id, name, new SimClock(queue, SimClock.Skew.NONE));
    }

    /** The number of its host: 0, 1, 2 … */
    public int id() {
        return id;
    }

    public String name() {
        return name;
    }

    /** Virtual time, which no clock of a member shows. */
    public long virtualNow() {
        return queue.now();
    }

    /** Sets the wall clock forward or back. */
    public void jumpWall(long millis) {
        clock.jumpWall(millis);
    }

    public Clock clock() {
        return clock;
    }

    public Scheduler scheduler() {
        return scheduler;
    }

    public boolean ended() {
        return state == State.ENDED;
    }

    public boolean paused() {
        return state == State.PAUSED;
    }

    /** Freezes a running process. */
    public void pause() {
        if (state == State.RUNNING) {
            state = State.PAUSED;
        }
    }

    /** Continues a paused process: whatever came due meanwhile runs now, in its order. */
    public void resume() {
        if (state != State.PAUSED) {
            return;
        }
        state = State.RUNNING;
        waiting.forEach(queue::resume);
        waiting.clear();
    }

    /** Ends this life at once and forever. */
    public void end() {
        state = State.ENDED;
        waiting.clear();
    }

    /** Whether an event may run now; keeps it for later when paused. */
    boolean accepts(EventQueue.Event event) {
        if (state == State.RUNNING) {
            return true;
        }
        if (state == State.PAUSED) {
            waiting.add(event);
        }
        return false;
    }

    @Override
    public String toString() {
        return name;
    }
}
