package io.metcd.embed;

import io.metcd.store.kv.RangeResult;
import java.util.List;

/**
 * What a {@link Query} found.
 *
 * @param pairs in the order asked for, by key if none was
 * @param count of the keys in the range, before limits and bounds
 * @param more whether the limit cut something off
 * @param revision of the state that was read
 */
public record Page(List<Pair> pairs, long count, boolean more, long revision) {
    public Page {
        pairs = List.copyOf(pairs);
    }

    static Page of(RangeResult.Ok found, long revision) {
        return new Page(found.kvs().stream().map(Pair::of).toList(), found.count(), found.more(), revision);
    }
}
