package io.metcd.embed;

import static org.assertj.core.api.Assertions.assertThat;

import io.metcd.base.Bytes;
import io.metcd.store.Limits;
import io.metcd.store.Store;
import io.metcd.store.command.Envelope;
import io.metcd.store.command.Op;
import io.metcd.store.kv.Event;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class WatchPumpTest {
    private final Store store = new Store(Limits.defaults());
    private final ExecutorService executor = Executors.newCachedThreadPool();
    private final WatchPump pump = new WatchPump("test", store.root(), executor);
    private final BlockingQueue<Long> heard = new LinkedBlockingQueue<>();
    private long index;

    @AfterEach
    void close() {
        pump.close();
        executor.shutdown();
    }

    private List<Event> put(int count) {
        List<Event> events = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            Op.Put put = Op.Put.of(Bytes.utf8("k" + index), Bytes.EMPTY);
            events.addAll(store.apply(++index, 1, Envelope.of(put).encode()).events());
        }
        return events;
    }

    private void turn(int count) {
        List<Event> events = put(count);
        pump.turnCompleted(store.root(), events);
    }

    private void assertHears(long from, long to) throws InterruptedException {
        for (long revision = from; revision <= to; revision++) {
            assertThat(heard.poll(10, TimeUnit.SECONDS)).isEqualTo(revision);
        }
    }

    @Test
    void moreThanItCanHoldIsForgottenAndReadFromTheHistoryInstead() throws Exception {
        pump.watch(Watch.prefix("").fromRevision(2), event -> heard.add(event.revision()));

        turn(15_000);
        turn(10);

        assertHears(2, 15_011);
    }

    @Test
    void aListenerThatIsStuckKeepsNobodyElseWaiting() throws Exception {
        CountDownLatch stuck = new CountDownLatch(1);
        pump.watch(Watch.prefix(""), event -> {
            try {
                stuck.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        pump.watch(Watch.prefix("").fromRevision(2), event -> heard.add(event.revision()));

        for (int i = 0; i < 100; i++) {
            pump.turnCompleted(store.root(), List.of());
            turn(1);
        }

        assertHears(2, 101);
        stuck.countDown();
    }

    @Test
    void aListenerThatThrowsHearsTheNextChangeAllTheSame() throws Exception {
        pump.watch(Watch.prefix("").fromRevision(2), event -> {
            heard.add(event.revision());
            throw new IllegalStateException("on purpose");
        });

        turn(2);
        assertHears(2, 3);
        turn(1);

        assertHears(4, 4);
    }

    @Test
    void aClosedWatcherHearsNothingMore() throws Exception {
        Watcher closed = pump.watch(Watch.prefix("").fromRevision(2), event -> heard.add(-event.revision()));
        closed.close();
        pump.watch(Watch.prefix("").fromRevision(2), event -> heard.add(event.revision()));

        turn(3);

        assertHears(2, 4);
    }
}
