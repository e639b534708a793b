package io.metcd.store.etcd;

import static io.metcd.store.etcd.EtcdImport.require;

import io.metcd.base.ByteReader;
import io.metcd.base.Bytes;
import io.metcd.store.keyspace.Keyspace;
import io.metcd.store.keyspace.KeyspaceBuilder;
import io.metcd.store.kv.EtcdForm;
import io.metcd.store.kv.KeyValue;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Makes a keyspace of etcd's bucket of keys: records by revision, of which those up to the compacted one may still hold
 * what nobody can read.
 */
final class EtcdKeys {
    private static final int SEPARATOR = '_';
    private static final int TOMBSTONE = 't';

    /** Room for the changes to come. */
    private static final long REVISION_MAX = Long.MAX_VALUE / 2;

    /**
     * What must be known before the first record is taken: the newest revision, and the one compacted at, above which
     * none may be missing. An operator who restores a snapshot may have etcd leave some out: then it compacts at an
     * empty record behind the gap, and erases that.
     */
    static final class Survey {
        private final long compactRevision;
        private final long finishedRevision;
        private long newest;

        /** The revision compacted at, and the one up to which that is done. */
        Survey(long compactRevision, long finishedRevision) {
            this.compactRevision = compactRevision;
            this.finishedRevision = finishedRevision;
            this.newest = Math.max(1, compactRevision);
        }

        void add(Bytes key, Bytes value) {
            long main = revision(key);
            require(main >= 1 && main <= REVISION_MAX, "revision " + main);
            boolean mark = main > finishedRevision && main <= compactRevision;
            require(!value.isEmpty() || mark, "a record of nothing");
            require(main <= newest + 1, "the revisions from " + (newest + 1) + " on are missing before it");
            newest = Math.max(newest, main);
        }
    }

    private final long compactRevision;
    private final KeyspaceBuilder builder;

    /** By key: the newest version up to the compacted revision, until the first record above it comes. */
    private final Map<Bytes, KeyValue> old = new TreeMap<>();

    private final List<KeyValue> compacted = new ArrayList<>();
    private boolean above;

    EtcdKeys(Survey survey) {
        this.compactRevision = survey.compactRevision;
        this.builder = new KeyspaceBuilder(survey.newest, compactRevision);
    }

    /** The main number of a revision as a key; throws {@link ByteReader.Malformed} for anything else. */
    static long revision(Bytes key) {
        boolean sized = key.size() == EtcdForm.KEY_BYTES
                || (key.size() == EtcdForm.KEY_BYTES + 1 && key.at(EtcdForm.KEY_BYTES) == TOMBSTONE);
        require(sized && key.at(Long.BYTES) == SEPARATOR, "a revision of another form");
        return new ByteReader(key).u64();
    }

    void add(Bytes key, Bytes value) {
        long main = revision(key);
        long sub = new ByteReader(key.slice(Long.BYTES + 1, EtcdForm.KEY_BYTES)).u64();
        require(sub >= 0 && sub < Integer.MAX_VALUE, "a revision with the part " + sub);
        if (value.isEmpty()) {
            return; // a mark that revisions were left out here
        }
        boolean tombstone = key.size() > EtcdForm.KEY_BYTES;
        KeyValue kv = version(main, (int) sub, tombstone, value);
        if (main > compactRevision) {
            endOld();
            builder.addChange(kv);
            return;
        }
        if (main == compactRevision) {
            compacted.add(kv);
        }
        if (tombstone || main == compactRevision) {
            old.remove(kv.key());
        } else {
            old.put(kv.key(), kv);
        }
    }

    Keyspace build() {
        endOld();
        return builder.build();
    }

    private void endOld() {
        if (!above) {
            above = true;
            old.values().forEach(builder::addOld);
            compacted.forEach(builder::addChange);
            old.clear();
            compacted.clear();
        }
    }

    private static KeyValue version(long main, int sub, boolean tombstone, Bytes value) {
        ProtoReader in = new ProtoReader(value);
        Bytes key = Bytes.EMPTY;
        Bytes content = Bytes.EMPTY;
        long created = 0;
        long modified = 0;
        long version = 0;
        long lease = 0;
        for (int field = in.next(); field != 0; field = in.next()) {
            switch (field) {
                case 1 -> key = in.bytes().compact();
                case 2 -> created = in.number();
                case 3 -> modified = in.number();
                case 4 -> version = in.number();
                case 5 -> content = in.bytes().compact();
                case 6 -> lease = in.number();
                default -> in.skip();
            }
        }
        if (tombstone) {
            return KeyValue.tombstone(key, main, sub);
        }
        require(modified == main, "a version that says it is of revision " + modified);
        require(version >= 1, "a version " + version);
        return new KeyValue(key, content, created, main, sub, version, lease);
    }
}
