package io.metcd.simulator.world;

import static org.assertj.core.api.Assertions.assertThat;

import io.metcd.base.Scheduler;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class EventQueueTest {
    private final EventQueue queue = new EventQueue(new TraceHash());
    private final SimProcess process = new SimProcess(queue, 0, "a");
    private final List<String> ran = new ArrayList<>();

    @Test
    void eventsRunInTheOrderOfTimeAndThenOfScheduling() {
        queue.at(20, process, () -> ran.add("late"));
        queue.at(10, process, () -> ran.add("first"));
        queue.at(10, process, () -> ran.add("second"));

        queue.runUntil(15);

        assertThat(ran).containsExactly("first", "second");
        assertThat(queue.now()).isEqualTo(15);
    }

    @Test
    void aCancelledTaskDoesNotRun() {
        Scheduler.Task task = process.scheduler().schedule(5, () -> ran.add("cancelled"));

        task.cancel();
        queue.runUntil(10);

        assertThat(ran).isEmpty();
    }

    @Test
    void whatComesDueDuringAPauseRunsAfterIt() {
        process.scheduler().schedule(5, () -> ran.add("first"));
        Scheduler.Task cancelledMeanwhile = process.scheduler().schedule(6, () -> ran.add("never"));
        process.scheduler().schedule(7, () -> ran.add("second"));

        process.pause();
        queue.runUntil(100);
        assertThat(ran).isEmpty();
        process.resume();
        cancelledMeanwhile.cancel();
        queue.runUntil(100);

        assertThat(ran).containsExactly("first", "second");
    }

    @Test
    void nothingOfAnEndedProcessRuns() {
        process.scheduler().schedule(5, () -> ran.add("ghost"));

        process.end();
        queue.runUntil(10);

        assertThat(ran).isEmpty();
    }

    @Test
    void aFastClockFiresItsTimersEarlierAndNeverBeforeTheirTime() {
        SimClock fast = new SimClock(queue, new SimClock.Skew(0, 10_000, 0));
        SimProcess hurried = new SimProcess(queue, 1, "b", fast);
        long begin = hurried.clock().nanos();
        hurried.scheduler()
                .schedule(1_000_000_000, () -> ran.add("" + (hurried.clock().nanos() - begin)));

        queue.runUntil(995_000_000);

        assertThat(ran).hasSize(1);
        assertThat(Long.parseLong(ran.get(0))).isBetween(1_000_000_000L, 1_002_000_000L);
    }
}
