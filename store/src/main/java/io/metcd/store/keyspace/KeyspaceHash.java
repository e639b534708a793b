package io.metcd.store.keyspace;

import io.metcd.base.ByteWriter;
import io.metcd.base.Bytes;
import io.metcd.base.Invariants;
import io.metcd.store.index.Cursor;
import io.metcd.store.kv.EtcdForm;
import io.metcd.store.kv.KeyValue;
import java.util.zip.CRC32C;

/**
 * Takes etcd's hash of a keyspace, bit for bit, in slices: call {@link #advance} until it says false
 * (contract: maint.hash.1).
 *
 * <p>It is a CRC-32C over the word {@code key} and then each record up to a revision in the order of revisions. Of those
 * up to the compacted revision only what is there at the hashed revision counts, since etcd may or may not have erased
 * the others; and never a deletion at the compacted revision itself. If nothing at all is there, all of them count: so
 * it is in etcd.
 */
public final class KeyspaceHash {
    /** How much of a record is as much work as one that is small. */
    private static final int WORK_BYTES_SHIFT = 12;

    private static final Bytes START = Bytes.utf8("key");

    private final Keyspace keyspace;
    private final long revision;
    private final Purpose purpose;
    private final Chronicle records;
    private final CRC32C crc = new CRC32C();
    private Cursor<Bytes, Versions> keys;
    private boolean inGraves;

    /** Whether anything counts as there at the revision. */
    private boolean anythingThere;

    private Stage stage = Stage.LOOK;

    /** What a hash is for: etcd's two ways differ in what they find there. */
    private enum Purpose {
        QUESTION,
        /** A compaction keeps the deletions at its own revision. */
        COMPACTION
    }

    private enum Stage {
        LOOK,
        ORDER,
        RECORDS,
        DONE
    }

    private KeyspaceHash(Keyspace keyspace, long revision, Purpose purpose) {
        this.keyspace = keyspace;
        this.revision = revision;
        this.purpose = purpose;
        this.records = new Chronicle(keyspace);
        this.keys = keyspace.live.first();
        update(crc, START);
    }

    /** Of a revision that is readable; of a negative one it is the hash of nothing. */
    public static KeyspaceHash at(Keyspace keyspace, long revision) {
        Invariants.check(revision <= keyspace.revision(), "a hash of %s at %s", revision, keyspace.revision());
        Invariants.check(
                revision <= 0 || revision >= keyspace.compactRevision(), "a hash of %s, which is compacted", revision);
        return new KeyspaceHash(keyspace, revision, Purpose.QUESTION);
    }

    /** As a compaction at the revision takes it of the keyspace before. */
    static KeyspaceHash ofCompaction(Keyspace before, long revision) {
        return new KeyspaceHash(before, revision, Purpose.COMPACTION);
    }

    long revision() {
        return revision;
    }

    /** Does so much work, roughly in small records; true if there is more to do. */
    public boolean advance(int work) {
        int left = work;
        while (left > 0 && stage != Stage.DONE) {
            left -= switch (stage) {
                case LOOK -> look();
                case ORDER -> order(left);
                case RECORDS -> add();
                case DONE -> left;
            };
        }
        return stage != Stage.DONE;
    }

    public RevisionHash value() {
        Invariants.check(stage == Stage.DONE, "a hash that is not complete");
        return new RevisionHash((int) crc.getValue(), revision, keyspace.compactRevision());
    }

    private int look() {
        if (keys.isValid()) {
            KeyValue there = keys.value().at(revision);
            boolean kept = purpose == Purpose.COMPACTION && there.modRevision() == revision;
            anythingThere = !there.isTombstone() || kept;
            keys.next();
        } else if (!inGraves) {
            inGraves = true;
            keys = keyspace.graves.first();
        } else {
            stage = Stage.ORDER;
        }
        if (anythingThere) {
            stage = Stage.ORDER;
        }
        return 1;
    }

    private int order(int most) {
        int looked = records.prepare(most);
        if (looked < most) {
            stage = Stage.RECORDS;
        }
        return looked + 1;
    }

    private int add() {
        if (!records.isValid() || records.record().modRevision() > revision) {
            stage = Stage.DONE;
            return 1;
        }
        KeyValue kv = records.record();
        records.next();
        if (!counts(kv)) {
            return 1;
        }
        ByteWriter out = new ByteWriter(kv.key().size() + 64);
        EtcdForm.writeUpToValue(kv, out);
        update(crc, out.toBytes());
        update(crc, kv.value());
        if (kv.lease() != 0) {
            ByteWriter end = new ByteWriter();
            EtcdForm.writeBehindValue(kv, end);
            update(crc, end.toBytes());
        }
        return 1 + ((kv.key().size() + kv.value().size()) >> WORK_BYTES_SHIFT);
    }

    private boolean counts(KeyValue kv) {
        long compacted = keyspace.compactRevision();
        if (kv.modRevision() > compacted) {
            return true;
        }
        if (kv.isTombstone() && kv.modRevision() == compacted) {
            return false;
        }
        return !anythingThere || keyspace.get(kv.key(), revision).modRevision() == kv.modRevision();
    }

    private static void update(CRC32C crc, Bytes bytes) {
        crc.update(bytes.sharedArray(), bytes.sharedOffset(), bytes.size());
    }
}
