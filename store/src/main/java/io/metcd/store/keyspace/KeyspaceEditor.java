package io.metcd.store.keyspace;

import io.metcd.base.Bytes;
import io.metcd.base.Invariants;
import io.metcd.store.index.Cursor;
import io.metcd.store.index.MapEditor;
import io.metcd.store.kv.KeyRange;
import io.metcd.store.kv.KeyValue;
import java.util.ArrayList;
import java.util.List;

/**
 * The writer of a {@link Keyspace}: puts and deletions make up one revision until {@link #commit} ends it.
 *
 * <p>Compaction takes effect at once for every reader, and its size is known at once by subtraction; the memory is
 * freed by {@link #scrub} in steps of any size, which no reader can tell apart.
 */
public final class KeyspaceEditor {
    private final MapEditor<Bytes, Versions> live;
    private final MapEditor<Bytes, Versions> graves;
    private final MapEditor<Long, Change> changes;
    private final CompactionHashes hashes;

    private long revision;
    private long compactRevision;
    private long scrubNext;
    private long bytes;
    private long droppedBytes;
    private long supersededBytes;

    /** What the revision in the making has done; empty between revisions. */
    private final List<KeyValue> made = new ArrayList<>();

    KeyspaceEditor(Keyspace keyspace) {
        this.live = keyspace.live.edit();
        this.graves = keyspace.graves.edit();
        this.changes = keyspace.changes.edit();
        this.hashes = new CompactionHashes(keyspace.hashes);
        this.revision = keyspace.marks.revision();
        this.compactRevision = keyspace.marks.compactRevision();
        this.scrubNext = keyspace.marks.scrubNext();
        this.bytes = keyspace.marks.bytes();
        this.droppedBytes = keyspace.marks.droppedBytes();
        this.supersededBytes = supersededBytesAt(revision);
    }

    /** The newest revision that is complete. */
    public long revision() {
        return revision;
    }

    public long compactRevision() {
        return compactRevision;
    }

    /** The revision for an answer given now: the one in the making if it has changed anything. */
    public long revisionNow() {
        return made.isEmpty() ? revision : revision + 1;
    }

    /** The newest version of a key, {@link KeyValue#ABSENT} if there is none. */
    public KeyValue get(Bytes key) {
        return versions(key).newest();
    }

    /** The versions of a key that is there; none of one that is not. */
    public Versions versions(Bytes key) {
        return live.get(key, Versions.EMPTY);
    }

    /** The newest versions in a range, in the order of keys. */
    public List<KeyValue> list(KeyRange range) {
        List<KeyValue> kvs = new ArrayList<>();
        if (range.isSingle()) {
            KeyValue kv = get(range.key());
            return kv.isTombstone() ? kvs : List.of(kv);
        }
        Cursor<Bytes, Versions> cursor = live.peek().from(range.key());
        while (cursor.isValid() && range.isBelowEnd(cursor.key())) {
            kvs.add(cursor.value().newest());
            cursor.next();
        }
        return kvs;
    }

    /**
     * Gives a key, of which {@link #versions} are known, a value and a lease, and returns the version made. Bytes that
     * are part of more are copied, so as not to keep the rest alive.
     */
    public KeyValue put(Bytes key, Versions known, Bytes value, long lease) {
        long now = revision + 1;
        Versions versions = known;
        KeyValue old = known.newest();
        KeyValue kv;
        if (known.isEmpty()) {
            versions = exhume(key);
            kv = new KeyValue(key.compact(), value.compact(), now, now, made.size(), 1, lease);
        } else {
            long created = old.createRevision();
            kv = new KeyValue(old.key(), value.compact(), created, now, made.size(), old.version() + 1, lease);
            supersededBytes += Keyspace.size(old);
        }
        live.put(kv.key(), versions.with(kv));
        bytes += Keyspace.size(kv);
        made.add(kv);
        return kv;
    }

    /** Deletes a version that {@link #get} or {@link #list} has given. */
    public void delete(KeyValue old) {
        Versions versions = versions(old.key());
        Invariants.check(
                versions.newest().modRevision() == old.modRevision(), "deleting %s, which is not there", old.key());
        KeyValue tombstone = KeyValue.tombstone(old.key(), revision + 1, made.size());
        live.remove(old.key());
        graves.put(old.key(), versions.with(tombstone));
        supersededBytes += Keyspace.size(old);
        made.add(tombstone);
    }

    /** Ends the revision in the making and returns what it did; nothing, if it did nothing. */
    public List<KeyValue> commit() {
        if (made.isEmpty()) {
            return List.of();
        }
        revision++;
        List<KeyValue> kvs = List.copyOf(made);
        changes.put(revision, new Change(kvs, supersededBytes));
        made.clear();
        return kvs;
    }

    /** Makes all below a revision unreadable; it lies above the compacted one and not above the newest. */
    public void compact(long target) {
        Invariants.check(made.isEmpty(), "compacting within a revision");
        Invariants.check(target > compactRevision, "compacting at %s, compacted at %s", target, compactRevision);
        Invariants.check(target <= revision, "compacting at %s, which is above %s", target, revision);
        hashes.expect(freeze(), target);
        compactRevision = target;
        long dropped = supersededBytesAt(target);
        bytes -= dropped - droppedBytes;
        droppedBytes = dropped;
    }

    /** Frees what compaction has made unreadable, for up to so many revisions; true if there is more to do. */
    public boolean scrub(int revisions) {
        for (int i = 0; i < revisions && scrubNext <= compactRevision; i++) {
            // The changes of the compacted revision itself stay: a watch may begin there.
            changes.remove(scrubNext - 1);
            Change change = changes.get(scrubNext, Change.NONE);
            for (KeyValue kv : change.kvs()) {
                scrubKey(kv.key());
            }
            scrubNext = change.kvs().isEmpty() ? nextChange() : scrubNext + 1;
        }
        return scrubNext <= compactRevision;
    }

    /** Goes on with the hashes of what was compacted; true if there is more to do. */
    public boolean hash(int work) {
        return hashes.advance(work);
    }

    /** The keyspace now, for this thread and until the next edit only; the revision in the making counts. */
    public Keyspace peek() {
        return new Keyspace(live.peek(), graves.peek(), changes.peek(), marks(), hashes.found());
    }

    /** The keyspace now, immutable from here on. */
    public Keyspace freeze() {
        Invariants.check(made.isEmpty(), "freezing within a revision");
        return new Keyspace(live.freeze(), graves.freeze(), changes.freeze(), marks(), hashes.found());
    }

    private Marks marks() {
        return new Marks(revisionNow(), compactRevision, scrubNext, bytes, droppedBytes);
    }

    /** What is left of an earlier life of a key that is made again. */
    private Versions exhume(Bytes key) {
        Versions versions = graves.size() == 0 ? Versions.EMPTY : graves.get(key, Versions.EMPTY);
        if (!versions.isEmpty()) {
            graves.remove(key);
        }
        return versions;
    }

    /** Frees the versions of a key that the compaction has dropped. */
    private void scrubKey(Bytes key) {
        boolean isLive = !versions(key).isEmpty();
        MapEditor<Bytes, Versions> map = isLive ? live : graves;
        Versions versions = map.get(key, Versions.EMPTY);
        Versions rest = versions.compact(compactRevision);
        if (rest.isEmpty()) {
            map.remove(key);
        } else if (rest != versions) {
            map.put(key, rest);
        }
    }

    /** Revisions before the first change that is kept need no visit each. */
    private long nextChange() {
        Cursor<Long, Change> next = changes.peek().from(scrubNext);
        return next.isValid() ? Math.min(next.key(), compactRevision + 1) : compactRevision + 1;
    }

    private long supersededBytesAt(long at) {
        Cursor<Long, Change> change = changes.peek().floor(at);
        return change.isValid() ? change.value().supersededBytes() : droppedBytes;
    }
}
