package io.metcd.store.keyspace;

import io.metcd.base.Bytes;
import io.metcd.store.kv.KeyValue;
import java.util.List;

/**
 * All that one revision did.
 *
 * @param kvs the versions and tombstones it made, in the order of their making; at least one
 * @param supersededBytes the size of all versions that were superseded by this revision or an earlier one, counted
 *     from wherever this store began to count: a difference of two says what a compaction frees
 */
public record Change(List<KeyValue> kvs, long supersededBytes) {
    static final Change NONE = new Change(List.of(), 0);

    void addTo(List<KeyValue> found, Bytes key) {
        for (KeyValue kv : kvs) {
            if (kv.key().equals(key)) {
                found.add(kv);
            }
        }
    }
}
