package io.metcd.store.keyspace;

import io.metcd.base.Bytes;
import io.metcd.store.index.Cursor;
import io.metcd.store.index.OrderedMap;
import io.metcd.store.kv.KeyValue;
import io.metcd.store.kv.RangeQuery;
import io.metcd.store.kv.RangeResult;
import io.metcd.store.kv.Refusal;
import java.util.Comparator;
import java.util.List;

/**
 * All keys at one moment, and their history down to the last compaction. Immutable.
 *
 * <pre>
 * live        key             -> its newest version
 * superseded  (key, revision) -> the change that took the version's place (a later version or a tombstone)
 * changes     revision        -> the versions and tombstones that it made
 * </pre>
 *
 * A version is visible at the revisions from its own up to, but not at, that of the change which superseded it. So a
 * read of the newest state needs {@code live} alone and counts by rank; a read of the past also looks into
 * {@code superseded}; a watch reads {@code changes}. Rejected: one list of versions per key, because a put of a key
 * with a long history would copy it, and one more index for counting the keys that are not deleted.
 */
public final class Keyspace {
    /** What every stored version costs beside its key and value. */
    public static final int VERSION_BYTES = 256;

    private static final Comparator<KeyValue> BY_KEY_AND_REVISION = Keyspace::compareVersions;

    public static final Keyspace EMPTY = new Keyspace(
            OrderedMap.empty(Comparator.<Bytes>naturalOrder()),
            OrderedMap.empty(BY_KEY_AND_REVISION),
            OrderedMap.empty(Comparator.<Long>naturalOrder()),
            Marks.EMPTY);

    final OrderedMap<Bytes, KeyValue> live;
    final OrderedMap<KeyValue, KeyValue> superseded;
    final OrderedMap<Long, Change> changes;
    final Marks marks;

    Keyspace(
            OrderedMap<Bytes, KeyValue> live,
            OrderedMap<KeyValue, KeyValue> superseded,
            OrderedMap<Long, Change> changes,
            Marks marks) {
        this.live = live;
        this.superseded = superseded;
        this.changes = changes;
        this.marks = marks;
    }

    public long revision() {
        return marks.revision();
    }

    public long compactRevision() {
        return marks.compactRevision();
    }

    /** The sum over all readable versions of key, value and {@link #VERSION_BYTES}. */
    public long bytes() {
        return marks.bytes();
    }

    public boolean isScrubbed() {
        return marks.scrubNext() > marks.compactRevision();
    }

    public RangeResult range(RangeQuery query) {
        long at = query.revision() <= 0 ? revision() : query.revision();
        if (at > revision()) {
            return new RangeResult.Refused(Refusal.FUTURE_REVISION);
        }
        if (at < compactRevision()) {
            return new RangeResult.Refused(Refusal.COMPACTED);
        }
        return RangeReader.read(this, query, at);
    }

    /** The newest version of a key, {@link KeyValue#ABSENT} if there is none. */
    public KeyValue get(Bytes key) {
        return live.get(key, KeyValue.ABSENT);
    }

    /** The version of a key that is visible at a readable revision, {@link KeyValue#ABSENT} if there is none. */
    public KeyValue get(Bytes key, long revision) {
        KeyValue newest = get(key);
        return !newest.isTombstone() && newest.modRevision() <= revision ? newest : supersededAt(key, revision);
    }

    /** The pair before a change, {@link KeyValue#ABSENT} if there was none or it has been compacted. */
    public KeyValue before(KeyValue change) {
        long revision = change.modRevision() - 1;
        return change.version() == 1 || revision < compactRevision() ? KeyValue.ABSENT : get(change.key(), revision);
    }

    /** By key: the newest version of each that is there. */
    public OrderedMap<Bytes, KeyValue> live() {
        return live;
    }

    /** By key and revision: each version that is no more the newest, and the change that superseded it. */
    public OrderedMap<KeyValue, KeyValue> superseded() {
        return superseded;
    }

    /** By revision; what lies below the compacted one may be there or not. */
    public OrderedMap<Long, Change> changes() {
        return changes;
    }

    /**
     * The changes of one key from a readable revision on, by revision, and at most so many: found without looking at
     * what other keys did.
     */
    public List<KeyValue> changesOf(Bytes key, long from, int most) {
        return KeyHistory.read(this, key, from, most);
    }

    public KeyspaceEditor edit() {
        return new KeyspaceEditor(this);
    }

    KeyValue supersededAt(Bytes key, long revision) {
        KeyValue probe = KeyValue.tombstone(key, revision, 0);
        Cursor<KeyValue, KeyValue> entry = superseded.floor(probe);
        boolean visible = entry.isValid()
                && entry.key().key().equals(key)
                && entry.value().modRevision() > revision;
        return visible ? entry.key() : KeyValue.ABSENT;
    }

    static long size(KeyValue version) {
        return (long) VERSION_BYTES + version.key().size() + version.value().size();
    }

    private static int compareVersions(KeyValue one, KeyValue other) {
        int byKey = one.key().compareTo(other.key());
        return byKey != 0 ? byKey : Long.compare(one.modRevision(), other.modRevision());
    }
}
