package io.metcd.store.keyspace;

import io.metcd.base.Bytes;
import io.metcd.store.index.OrderedMap;
import io.metcd.store.kv.KeyValue;
import io.metcd.store.kv.RangeQuery;
import io.metcd.store.kv.RangeResult;
import io.metcd.store.kv.Refusal;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * All keys at one moment, and their history down to the last compaction. Immutable.
 *
 * <pre>
 * live        key      -> its versions, the newest of which holds
 * graves      key      -> its versions, the newest of which is a tombstone
 * changes     revision -> the versions and tombstones that it made
 * </pre>
 *
 * A version is visible at the revisions from its own up to, but not at, that of the change which came after it. So a
 * read of the newest state needs {@code live} alone and counts by rank; a read of the past also looks into
 * {@code graves}; a watch reads {@code changes}. Rejected: one index of all versions by key and revision, which each
 * put of a key would pay for with the depth of the whole history.
 */
public final class Keyspace {
    /** What every stored version costs beside its key and value. */
    public static final int VERSION_BYTES = 256;

    public static final Keyspace EMPTY = new Keyspace(
            OrderedMap.empty(Comparator.<Bytes>naturalOrder()),
            OrderedMap.empty(Comparator.<Bytes>naturalOrder()),
            OrderedMap.empty(Comparator.<Long>naturalOrder()),
            Marks.EMPTY,
            CompactionHashes.Found.NONE);

    final OrderedMap<Bytes, Versions> live;
    final OrderedMap<Bytes, Versions> graves;
    final OrderedMap<Long, Change> changes;
    final Marks marks;
    final CompactionHashes.Found hashes;

    Keyspace(
            OrderedMap<Bytes, Versions> live,
            OrderedMap<Bytes, Versions> graves,
            OrderedMap<Long, Change> changes,
            Marks marks,
            CompactionHashes.Found hashes) {
        this.live = live;
        this.graves = graves;
        this.changes = changes;
        this.marks = marks;
        this.hashes = hashes;
    }

    public long revision() {
        return marks.revision();
    }

    public long compactRevision() {
        return marks.compactRevision();
    }

    /** The sum over all versions that compaction has not dropped of key, value and {@link #VERSION_BYTES}. */
    public long bytes() {
        return marks.bytes();
    }

    public boolean isScrubbed() {
        return marks.scrubNext() > marks.compactRevision() && hashes.awaited().isEmpty();
    }

    /** The hash that a compaction took of its revision: kept for the last few, and lost with the process. */
    public Optional<RevisionHash> compactionHash(long revision) {
        return hashes.kept().stream()
                .filter(hash -> hash.revision() == revision)
                .findFirst();
    }

    /** Whether a compaction is still taking that hash. */
    public boolean awaitsCompactionHash(long revision) {
        return hashes.awaited().contains(revision);
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
        return live.get(key, Versions.EMPTY).newest();
    }

    /** The version of a key that is visible at a readable revision; a tombstone if there is none. */
    public KeyValue get(Bytes key, long revision) {
        return versions(key).at(revision);
    }

    /** The pair before a change; a tombstone if there was none or it has been compacted. */
    public KeyValue before(KeyValue change) {
        long revision = change.modRevision() - 1;
        return change.version() == 1 || revision < compactRevision() ? KeyValue.ABSENT : get(change.key(), revision);
    }

    /** The changes of one key from a readable revision on: found without looking at what other keys did. */
    public List<KeyValue> changesOf(Bytes key, long from, int most) {
        List<KeyValue> found = new ArrayList<>();
        long rest = from;
        if (from == compactRevision()) {
            // What the compacted revision itself has deleted is no more among the versions, but still a change.
            changes.get(from, Change.NONE).addTo(found, key);
            rest = from + 1;
        }
        versions(key).addTo(found, rest, most);
        return found;
    }

    /** By key: the versions of each that is there. */
    public OrderedMap<Bytes, Versions> live() {
        return live;
    }

    /** By key: the versions of each that has been deleted, as far as they are still readable, and maybe more. */
    public OrderedMap<Bytes, Versions> graves() {
        return graves;
    }

    /** By revision; what lies below the compacted one may be there or not. */
    public OrderedMap<Long, Change> changes() {
        return changes;
    }

    public KeyspaceEditor edit() {
        return new KeyspaceEditor(this);
    }

    static long size(KeyValue version) {
        return (long) VERSION_BYTES + version.key().size() + version.value().size();
    }

    private Versions versions(Bytes key) {
        Versions versions = live.get(key, Versions.EMPTY);
        return versions.isEmpty() ? graves.get(key, Versions.EMPTY) : versions;
    }
}
