package io.metcd.server.etcd;

import io.metcd.node.TurnListener;
import io.metcd.store.Root;
import io.metcd.store.kv.Event;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;

/**
 * What changed in the store while this server ran, whoever asked for it. What came with a whole snapshot from another
 * member is not seen, as with etcd.
 */
public final class StoreTraffic implements TurnListener {
    private final LongAdder puts = new LongAdder();
    private final LongAdder deletes = new LongAdder();
    private final LongAdder putBytes = new LongAdder();

    @Override
    public void turnCompleted(Root root, List<Event> events) {
        if (events.isEmpty()) {
            return;
        }
        int put = 0;
        long bytes = 0;
        for (Event event : events) {
            if (event.type() == Event.Type.PUT) {
                put++;
                bytes += event.kv().key().size() + (long) event.kv().value().size();
            }
        }
        puts.add(put);
        deletes.add(events.size() - put);
        putBytes.add(bytes);
    }

    public long puts() {
        return puts.sum();
    }

    /** Keys that were deleted, however many calls did it. */
    public long deletes() {
        return deletes.sum();
    }

    public long putBytes() {
        return putBytes.sum();
    }
}
