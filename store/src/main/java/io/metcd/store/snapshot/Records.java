package io.metcd.store.snapshot;

import io.metcd.base.ByteWriter;
import io.metcd.base.Bytes;
import io.metcd.store.MemberState;
import io.metcd.store.Root;
import io.metcd.store.alarm.Alarm;
import io.metcd.store.auth.AuthState;
import io.metcd.store.auth.Role;
import io.metcd.store.auth.Token;
import io.metcd.store.auth.User;
import io.metcd.store.command.AuthCodec;
import io.metcd.store.command.CommandCodec;
import io.metcd.store.command.MemberCodec;
import io.metcd.store.index.Cursor;
import io.metcd.store.index.MapEditor;
import io.metcd.store.index.OrderedMap;
import io.metcd.store.keyspace.Change;
import io.metcd.store.keyspace.Keyspace;
import io.metcd.store.keyspace.Versions;
import io.metcd.store.kv.KeyValue;
import io.metcd.store.lease.LeaseState;
import io.metcd.store.session.Session;
import java.util.List;

/**
 * The records of a root in their one order: what a snapshot consists of between its header and its end. Any of them is
 * found again by its {@link Place}, so none needs to be kept.
 *
 * <p>The keyspace comes in two parts: the versions older than the compacted revision that are still readable, at most
 * one for a key; then all changes from that revision on, in order. Reading them back is applying them again, so the
 * history needs no form of its own, and what a compaction has dropped but nobody has freed yet is not seen.
 */
final class Records {
    /** The first byte of each record. */
    static final int HEADER = 1;

    static final int MEMBER = 2;
    static final int SESSION = 3;
    static final int LEASE = 4;
    static final int OLD_VERSION = 5;
    static final int PUT = 6;
    static final int TOMBSTONE = 7;
    static final int END = 8;
    static final int ALARM = 9;
    static final int AUTH = 10;
    static final int USER = 11;
    static final int ROLE = 12;
    static final int TOKEN = 13;

    /** The part, the entry in its map, and the record of that entry; all from 0. */
    record Place(int part, int rank, int sub) {}

    private final List<Part<?, ?>> parts;
    private int part;
    private int rank;
    private int sub;

    /** Stands on the record at a place, or on the first behind it if there is none. */
    Records(Root root, Place start) {
        this.parts = parts(root);
        this.part = start.part;
        this.rank = start.rank;
        this.sub = start.sub;
        if (isValid()) {
            parts.get(part).seek(rank);
            settle();
        }
    }

    boolean isValid() {
        return part < parts.size();
    }

    Place place() {
        return new Place(part, rank, sub);
    }

    Bytes record() {
        return parts.get(part).record(sub);
    }

    void next() {
        sub++;
        settle();
    }

    /** Moves on while there is no record here. */
    private void settle() {
        while (isValid() && sub >= parts.get(part).records()) {
            sub = 0;
            if (parts.get(part).nextEntry()) {
                rank++;
            } else {
                rank = 0;
                part++;
                if (isValid()) {
                    parts.get(part).seek(0);
                }
            }
        }
    }

    private static List<Part<?, ?>> parts(Root root) {
        Keyspace keyspace = root.keyspace();
        long compacted = keyspace.compactRevision();
        return List.of(
                new Part<>(root.memberTable(), (id, member) -> 1, Records::writeMember),
                new Part<>(root.sessions(), (id, session) -> 1, Records::writeSession),
                new Part<>(root.leaseTable().byId(), (id, lease) -> 1, Records::writeLease),
                oldVersions(keyspace.live(), compacted),
                oldVersions(keyspace.graves(), compacted),
                new Part<>(
                        keyspace.changes(),
                        (revision, change) ->
                                revision >= compacted ? change.kvs().size() : 0,
                        Records::writeChange),
                new Part<>(alarms(root), (alarm, itself) -> 1, Records::writeAlarm),
                new Part<>(switches(root.auth()), (zero, state) -> 1, Records::writeSwitch),
                new Part<>(root.auth().userTable(), (name, user) -> 1, Records::writeUser),
                new Part<>(root.auth().roleTable(), (name, role) -> 1, Records::writeRole),
                new Part<>(root.auth().tokenTable(), (index, token) -> 1, Records::writeToken));
    }

    private static OrderedMap<Alarm, Alarm> alarms(Root root) {
        MapEditor<Alarm, Alarm> alarms =
                OrderedMap.<Alarm, Alarm>empty(Alarm::compareTo).edit();
        root.alarms().list().forEach(alarm -> alarms.put(alarm, alarm));
        return alarms.freeze();
    }

    /** One entry, or none where nobody has ever heard of users. */
    private static OrderedMap<Long, AuthState.Switch> switches(AuthState auth) {
        MapEditor<Long, AuthState.Switch> one =
                OrderedMap.<Long, AuthState.Switch>empty(Long::compare).edit();
        if (!auth.state().equals(AuthState.OFF.state())) {
            one.put(0L, auth.state());
        }
        return one.freeze();
    }

    private static Part<Bytes, Versions> oldVersions(OrderedMap<Bytes, Versions> map, long compacted) {
        return new Part<>(
                map,
                (key, versions) -> isOld(versions.at(compacted), compacted) ? 1 : 0,
                (key, versions, sub, out) -> writeVersion(OLD_VERSION, versions.at(compacted), out));
    }

    private static boolean isOld(KeyValue kv, long compacted) {
        return !kv.isTombstone() && kv.modRevision() < compacted;
    }

    private static void writeMember(long id, MemberState member, int sub, ByteWriter out) {
        MemberCodec.writeMember(member, out.u8(MEMBER));
    }

    private static void writeSession(long id, Session session, int sub, ByteWriter out) {
        session.write(out.u8(SESSION).u64(id));
    }

    private static void writeLease(long id, LeaseState lease, int sub, ByteWriter out) {
        out.u8(LEASE).u64(id).varint(lease.grantedTtlSeconds());
        if (lease.hasCheckpoint()) {
            out.varint(lease.remainderSeconds());
        }
    }

    private static void writeChange(long revision, Change change, int sub, ByteWriter out) {
        KeyValue kv = change.kvs().get(sub);
        if (kv.isTombstone()) {
            out.u8(TOMBSTONE).bytes(kv.key()).varint(kv.modRevision()).varint(kv.subRevision());
        } else {
            writeVersion(PUT, kv, out);
        }
    }

    private static void writeAlarm(Alarm alarm, Alarm itself, int sub, ByteWriter out) {
        CommandCodec.writeAlarm(alarm, out.u8(ALARM));
    }

    private static void writeSwitch(long zero, AuthState.Switch state, int sub, ByteWriter out) {
        AuthCodec.writeSwitch(state, out.u8(AUTH));
    }

    private static void writeUser(String name, User user, int sub, ByteWriter out) {
        AuthCodec.writeUser(user, out.u8(USER));
    }

    private static void writeRole(String name, Role role, int sub, ByteWriter out) {
        AuthCodec.writeRole(role, out.u8(ROLE));
    }

    private static void writeToken(long index, Token token, int sub, ByteWriter out) {
        AuthCodec.writeToken(token, out.u8(TOKEN));
    }

    private static void writeVersion(int tag, KeyValue kv, ByteWriter out) {
        out.u8(tag).bytes(kv.key()).bytes(kv.value()).varint(kv.createRevision());
        out.varint(kv.modRevision())
                .varint(kv.subRevision())
                .varint(kv.version())
                .varint(kv.lease());
    }

    /** The entries of one map, each of which makes some records or none. */
    private static final class Part<K, V> {
        private final OrderedMap<K, V> map;
        private final Count<K, V> count;
        private final Form<K, V> form;
        private Cursor<K, V> entry;

        Part(OrderedMap<K, V> map, Count<K, V> count, Form<K, V> form) {
            this.map = map;
            this.count = count;
            this.form = form;
            this.entry = map.first();
        }

        void seek(int rank) {
            entry = map.at(rank);
        }

        boolean nextEntry() {
            if (entry.isValid()) {
                entry.next();
            }
            return entry.isValid();
        }

        int records() {
            return entry.isValid() ? count.of(entry.key(), entry.value()) : 0;
        }

        Bytes record(int sub) {
            ByteWriter out = new ByteWriter();
            form.write(entry.key(), entry.value(), sub, out);
            return out.toBytes();
        }
    }

    private interface Count<K, V> {
        int of(K key, V value);
    }

    private interface Form<K, V> {
        void write(K key, V value, int sub, ByteWriter out);
    }
}
