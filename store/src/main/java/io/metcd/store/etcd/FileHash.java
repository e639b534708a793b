package io.metcd.store.etcd;

import io.metcd.base.Bytes;
import io.metcd.store.Root;
import io.metcd.store.bolt.Bucket;
import io.metcd.store.keyspace.Chronicle;
import java.util.List;
import java.util.zip.CRC32C;

/**
 * Etcd's hash over all that its file holds, but for the place in the log: a CRC-32C over the name of each bucket and its
 * records. In slices: {@link #advance} until it says false (contract: maint.hash.2).
 */
public final class FileHash {
    private final Chronicle keys;
    private final List<Bucket> buckets;
    private final CRC32C crc = new CRC32C();
    private boolean inOrder;
    private int bucket;
    private boolean begun;

    public FileHash(Root root) {
        this.keys = new Chronicle(root.keyspace());
        this.buckets = EtcdBuckets.of(root, keys);
    }

    /** Looks at so many records; true if there is more to do. */
    public boolean advance(int most) {
        if (!inOrder) {
            inOrder = keys.prepare(most) < most;
            return true;
        }
        int left = most;
        while (bucket < buckets.size() && left > 0) {
            left -= add(buckets.get(bucket));
        }
        return bucket < buckets.size();
    }

    public int value() {
        return (int) crc.getValue();
    }

    private int add(Bucket current) {
        Bucket.Records records = current.records();
        if (!begun) {
            begun = true;
            records.rewind();
            update(Bytes.utf8(current.name()));
        }
        if (!records.isValid()) {
            begun = false;
            bucket++;
            return 1;
        }
        Bytes key = records.key();
        boolean placeInLog = current.name().equals(EtcdBuckets.META)
                && (key.equals(EtcdBuckets.CONSISTENT_INDEX) || key.equals(EtcdBuckets.TERM));
        if (!placeInLog) {
            update(key);
            update(records.value());
        }
        records.next();
        return 1;
    }

    private void update(Bytes bytes) {
        crc.update(bytes.sharedArray(), bytes.sharedOffset(), bytes.size());
    }
}
