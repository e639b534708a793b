package io.metcd.store.etcd;

import io.metcd.base.ByteWriter;
import io.metcd.base.Bytes;
import io.metcd.store.MemberState;
import io.metcd.store.Root;
import io.metcd.store.alarm.Alarm;
import io.metcd.store.bolt.Bucket;
import io.metcd.store.index.Cursor;
import io.metcd.store.keyspace.Chronicle;
import io.metcd.store.kv.EtcdForm;
import io.metcd.store.kv.KeyValue;
import io.metcd.store.lease.LeaseState;
import io.metcd.store.session.Session;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A state as the buckets of etcd 3.6, by name:
 *
 * <pre>
 * alarm            AlarmMember                  -> nothing
 * auth, authRoles, authUsers                    as EtcdAuth says
 * cluster          clusterVersion               -> 3.6.0
 * key              revision                     -> mvccpb.KeyValue
 * lease            id u64                       -> leasepb.Lease
 * members          id hex                       -> JSON
 * members_removed  id hex                       -> removed
 * meta             consistent_index, term u64; confState JSON; storageVersion; the compacted revision twice
 * </pre>
 */
final class EtcdBuckets {
    static final String KEY = "key";
    static final String META = "meta";
    static final String LEASE = "lease";
    static final String ALARM = "alarm";
    static final String AUTH = "auth";
    static final String USERS = "authUsers";
    static final String ROLES = "authRoles";
    static final Bytes CONSISTENT_INDEX = Bytes.utf8("consistent_index");
    static final Bytes TERM = Bytes.utf8("term");
    static final Bytes SCHEDULED_COMPACT = Bytes.utf8("scheduledCompactRev");
    static final Bytes FINISHED_COMPACT = Bytes.utf8("finishedCompactRev");
    private static final Bytes VERSION = Bytes.utf8("3.6.0");

    private EtcdBuckets() {}

    /** By name; the keys are read from the chronicle. */
    static List<Bucket> of(Root root, Chronicle keys) {
        return List.of(
                Bucket.of(ALARM, alarms(root)),
                Bucket.of(AUTH, EtcdAuth.settings(root.auth())),
                Bucket.of(ROLES, EtcdAuth.roles(root.auth())),
                Bucket.of(USERS, EtcdAuth.users(root.auth())),
                Bucket.of("cluster", List.of(new Bucket.Entry(Bytes.utf8("clusterVersion"), VERSION))),
                new Bucket(KEY, new Keys(keys)),
                new Bucket(LEASE, new LeaseRecords(root)),
                Bucket.of("members", members(root)),
                Bucket.of("members_removed", removed(root)),
                Bucket.of(META, meta(root)));
    }

    static Bytes u64(long value) {
        return new ByteWriter(Long.BYTES).u64(value).toBytes();
    }

    private static List<Bucket.Entry> alarms(Root root) {
        Map<Bytes, Bytes> sorted = new TreeMap<>();
        for (Alarm alarm : root.alarms().list()) {
            Bytes key = new ProtoWriter()
                    .number(1, alarm.member())
                    .number(2, alarm.kind().code())
                    .toBytes();
            sorted.put(key, Bytes.EMPTY);
        }
        return entries(sorted);
    }

    private static List<Bucket.Entry> members(Root root) {
        Map<Bytes, Bytes> sorted = new TreeMap<>();
        for (MemberState member : root.members()) {
            sorted.put(MemberJson.id(member.id()), MemberJson.member(member));
        }
        return entries(sorted);
    }

    private static List<Bucket.Entry> removed(Root root) {
        Map<Bytes, Bytes> sorted = new TreeMap<>();
        for (Cursor<Long, Session> each = root.sessions().first(); each.isValid(); each.next()) {
            if (each.value().isClosed()) {
                sorted.put(MemberJson.id(each.key()), Bytes.utf8("removed"));
            }
        }
        return entries(sorted);
    }

    private static List<Bucket.Entry> meta(Root root) {
        Map<Bytes, Bytes> sorted = new TreeMap<>();
        sorted.put(CONSISTENT_INDEX, u64(root.appliedIndex()));
        sorted.put(TERM, u64(root.appliedTerm()));
        sorted.put(Bytes.utf8("confState"), MemberJson.configuration(root.members()));
        sorted.put(Bytes.utf8("storageVersion"), VERSION);
        if (root.compactRevision() >= 0) {
            Bytes compacted = EtcdForm.revision(root.compactRevision(), 0);
            sorted.put(SCHEDULED_COMPACT, compacted);
            sorted.put(FINISHED_COMPACT, compacted);
        }
        return entries(sorted);
    }

    private static List<Bucket.Entry> entries(Map<Bytes, Bytes> sorted) {
        List<Bucket.Entry> entries = new ArrayList<>();
        sorted.forEach((key, value) -> entries.add(new Bucket.Entry(key, value)));
        return entries;
    }

    /** Every version and tombstone, by revision. */
    private static final class Keys implements Bucket.Records {
        private final Chronicle chronicle;

        Keys(Chronicle chronicle) {
            this.chronicle = chronicle;
        }

        @Override
        public void rewind() {
            chronicle.rewind();
        }

        @Override
        public boolean isValid() {
            return chronicle.isValid();
        }

        @Override
        public Bytes key() {
            return EtcdForm.key(chronicle.record());
        }

        @Override
        public int valueBytes() {
            return EtcdForm.valueBytes(chronicle.record());
        }

        @Override
        public Bytes value() {
            KeyValue kv = chronicle.record();
            return EtcdForm.value(kv);
        }

        @Override
        public void next() {
            chronicle.next();
        }
    }

    /** By unsigned id, as their keys are ordered: the negative ones come last. */
    private static final class LeaseRecords implements Bucket.Records {
        private final Root root;
        private Cursor<Long, LeaseState> cursor;
        private boolean negative;

        LeaseRecords(Root root) {
            this.root = root;
            this.cursor = root.leaseTable().byId().from(0L);
            rewind();
        }

        @Override
        public void rewind() {
            cursor = root.leaseTable().byId().from(0L);
            negative = false;
            settle();
        }

        @Override
        public boolean isValid() {
            return cursor.isValid() && (!negative || cursor.key() < 0);
        }

        @Override
        public Bytes key() {
            return u64(cursor.key());
        }

        @Override
        public int valueBytes() {
            return value().size();
        }

        @Override
        public Bytes value() {
            LeaseState lease = cursor.value();
            return new ProtoWriter()
                    .number(1, lease.id())
                    .number(2, lease.grantedTtlSeconds())
                    .number(3, lease.remainderSeconds())
                    .toBytes();
        }

        @Override
        public void next() {
            cursor.next();
            settle();
        }

        private void settle() {
            if (!cursor.isValid() && !negative) {
                negative = true;
                cursor = root.leaseTable().byId().first();
            }
        }
    }
}
