package io.metcd.store.etcd;

import io.metcd.base.Bytes;
import io.metcd.store.Root;
import io.metcd.store.bolt.BoltWriter;
import io.metcd.store.bolt.Bucket;
import io.metcd.store.keyspace.Chronicle;
import java.util.Optional;

/**
 * A state without an {@link #obstacle} as the file in which etcd keeps it, from its first byte to its last:
 * {@link #prepare} until it says false, then {@link #next} until it is empty. In slices, since a state may be large;
 * beside the state it holds a reference for each version older than the compaction and some 40 bytes for each page.
 */
public final class EtcdFile {
    private final Chronicle keys;
    private final BoltWriter pages;
    private boolean inOrder;

    public EtcdFile(Root root) {
        this.keys = new Chronicle(root.keyspace());
        this.pages = new BoltWriter(EtcdBuckets.of(root, keys));
    }

    /** Why a state has no such file, with what to do about it. */
    public static Optional<String> obstacle(Root root) {
        return EtcdAuth.overlongName(root.auth())
                .map(name -> "a " + name + ", and etcd's file has room for " + Bucket.KEY_BYTES_MAX
                        + ": delete it, or save with --format metcd");
    }

    /** Looks at so many records; true if there is more to do. */
    public boolean prepare(int records) {
        if (!inOrder) {
            inOrder = keys.prepare(records) < records;
            return true;
        }
        return pages.layOut(records);
    }

    /** How long the file will be, once it is prepared: a multiple of 4096. */
    public long size() {
        return pages.size();
    }

    /** The next whole pages; empty at the end. */
    public Optional<Bytes> next() {
        return pages.next();
    }
}
