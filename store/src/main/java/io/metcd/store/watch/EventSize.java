package io.metcd.store.watch;

import io.metcd.store.kv.Event;
import io.metcd.store.kv.KeyValue;
import java.util.List;

/** How large events are on the wire: never too small, and at most some tens of bytes too large for each pair. */
final class EventSize {
    /** The numbers of a pair, the lengths and the marks of its parts, at their widest. */
    private static final int PAIR_BYTES = 80;

    private EventSize() {}

    static long of(Event event) {
        return of(event.kv())
                + (event.previous().isPresent() ? of(event.previous().get()) : 0);
    }

    static long of(List<Event> events) {
        long sum = 0;
        for (Event event : events) {
            sum += of(event);
        }
        return sum;
    }

    private static long of(KeyValue kv) {
        return (long) PAIR_BYTES + kv.key().size() + kv.value().size();
    }
}
