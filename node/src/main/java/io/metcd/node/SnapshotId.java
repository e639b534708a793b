package io.metcd.node;

import io.metcd.store.Root;

/**
 * Which state of the cluster. Every member that holds it cuts it into the same pieces, so they may come from several.
 *
 * @param hash the state's own, which covers all entries up to the index
 */
record SnapshotId(long index, long term, long hash) {
    static SnapshotId of(Root root) {
        return new SnapshotId(root.appliedIndex(), root.appliedTerm(), root.stateHash());
    }
}
