package io.metcd.store.keyspace;

import io.metcd.base.ByteReader.Malformed;
import io.metcd.base.Bytes;
import io.metcd.store.index.MapEditor;
import io.metcd.store.kv.KeyValue;
import java.util.ArrayList;
import java.util.List;

/**
 * Makes a keyspace again from what is readable of it: first the versions older than the compacted revision, then every
 * change from that revision on, in order. Believes nothing: whatever no keyspace could hold is {@link Malformed}.
 */
public final class KeyspaceBuilder {
    private final MapEditor<Bytes, Versions> live = Keyspace.EMPTY.live.edit();
    private final MapEditor<Bytes, Versions> graves = Keyspace.EMPTY.graves.edit();
    private final MapEditor<Long, Change> changes = Keyspace.EMPTY.changes.edit();
    private final List<KeyValue> made = new ArrayList<>();
    private final long target;
    private final long compactRevision;

    /** The revision whose changes are being added. */
    private long revision;

    private long bytes;
    private long supersededBytes;

    /** For a keyspace at a revision, compacted at another. */
    public KeyspaceBuilder(long target, long compactRevision) {
        require(target >= 1, "a keyspace at revision " + target);
        require(
                compactRevision >= Marks.NEVER_COMPACTED && compactRevision <= target,
                "a keyspace compacted at " + compactRevision);
        this.target = target;
        this.compactRevision = compactRevision;
        this.revision = Math.max(compactRevision, 2);
    }

    public void addOld(KeyValue kv) {
        require(changes.size() == 0 && made.isEmpty(), "an old version behind the changes");
        require(kv.modRevision() < compactRevision, "a version that is not old");
        requireSound(kv);
        require(live.get(kv.key(), Versions.EMPTY).isEmpty(), "two old versions of one key");
        live.put(kv.key(), Versions.of(kv));
        bytes += Keyspace.size(kv);
    }

    /** A version or a tombstone that the compacted revision or a later one made. */
    public void addChange(KeyValue kv) {
        // Of the compacted revision there may be nothing left: it has deleted only, and deletions need not be kept.
        boolean begun = !made.isEmpty() || revision == compactRevision;
        if (kv.modRevision() != revision && begun) {
            endRevision();
            revision++;
        }
        require(kv.modRevision() == revision, "a change of " + kv.modRevision() + " after " + revision);
        require(kv.modRevision() <= target, "a change of " + kv.modRevision() + " above " + target);
        require(isNext(kv.subRevision()), "changes of one revision out of order");
        require(!kv.key().isEmpty(), "a change without a key");
        Versions versions = live.get(kv.key(), Versions.EMPTY);
        KeyValue old = versions.newest();
        requireFollows(kv, old);
        supersede(old);
        if (kv.isTombstone()) {
            live.remove(kv.key());
            if (revision > compactRevision) {
                graves.put(kv.key(), versions.with(kv));
            }
        } else {
            live.put(kv.key(), exhume(kv.key(), versions).with(kv));
            bytes += Keyspace.size(kv);
        }
        made.add(kv);
    }

    /** Some of what the compacted revision did may be gone. */
    private boolean isNext(int sub) {
        int least = made.isEmpty() ? 0 : made.get(made.size() - 1).subRevision() + 1;
        return revision == compactRevision ? sub >= least : sub == least;
    }

    public Keyspace build() {
        endRevision();
        boolean complete = changes.size() == 0 ? target < revision || target == compactRevision : revision == target;
        require(complete, "changes missing before " + target);
        Marks marks = new Marks(target, compactRevision, compactRevision + 1, bytes, 0);
        return new Keyspace(live.freeze(), graves.freeze(), changes.freeze(), marks, CompactionHashes.Found.NONE);
    }

    private void endRevision() {
        if (!made.isEmpty()) {
            changes.put(revision, new Change(List.copyOf(made), supersededBytes));
            made.clear();
        }
    }

    /** What was superseded at the compacted revision itself is gone, and so are deletions at it. */
    private void requireFollows(KeyValue kv, KeyValue old) {
        boolean oldMayBeGone = old.isTombstone() && revision == compactRevision;
        if (kv.isTombstone()) {
            require(oldMayBeGone || !old.isTombstone(), "a deletion of what is not there");
            return;
        }
        requireSound(kv);
        boolean follows =
                kv.version() == old.version() + 1 && (old.isTombstone() || kv.createRevision() == old.createRevision());
        require(follows || oldMayBeGone, "a version that does not follow the one before");
    }

    private void supersede(KeyValue old) {
        if (old.isTombstone()) {
            return;
        }
        if (revision == compactRevision) {
            bytes -= Keyspace.size(old);
        } else {
            supersededBytes += Keyspace.size(old);
        }
    }

    private Versions exhume(Bytes key, Versions versions) {
        Versions buried = graves.get(key, Versions.EMPTY);
        if (buried.isEmpty()) {
            return versions;
        }
        graves.remove(key);
        return buried;
    }

    private static void requireSound(KeyValue kv) {
        require(!kv.key().isEmpty(), "a version without a key");
        require(kv.createRevision() >= 2 && kv.subRevision() >= 0, "a version created at " + kv.createRevision());
        // Each version has a revision of its own.
        require(
                kv.version() >= 1 && kv.version() - 1 <= kv.modRevision() - kv.createRevision(),
                "version " + kv.version() + " of a key created at " + kv.createRevision());
        require(
                (kv.version() == 1) == (kv.modRevision() == kv.createRevision()),
                "version " + kv.version() + " changed at " + kv.modRevision());
    }

    private static void require(boolean sound, String fault) {
        if (!sound) {
            throw new Malformed("snapshot with " + fault);
        }
    }
}
