package io.metcd.store.snapshot;

import static io.metcd.store.snapshot.SnapshotReader.require;

import io.metcd.base.ByteReader;
import io.metcd.base.ByteReader.Malformed;
import io.metcd.base.Bytes;
import io.metcd.store.Limits;
import io.metcd.store.MemberState;
import io.metcd.store.Root;
import io.metcd.store.alarm.Alarms;
import io.metcd.store.auth.AuthState;
import io.metcd.store.auth.Role;
import io.metcd.store.auth.User;
import io.metcd.store.command.AuthCodec;
import io.metcd.store.command.CommandCodec;
import io.metcd.store.command.MemberCodec;
import io.metcd.store.index.Cursor;
import io.metcd.store.index.MapEditor;
import io.metcd.store.index.OrderedMap;
import io.metcd.store.keyspace.Keyspace;
import io.metcd.store.keyspace.KeyspaceBuilder;
import io.metcd.store.keyspace.Versions;
import io.metcd.store.kv.KeyValue;
import io.metcd.store.lease.LeaseState;
import io.metcd.store.lease.Leases;
import io.metcd.store.lease.LeasesEditor;
import io.metcd.store.session.Session;

/** Puts records together again, in the order of their tags. */
final class RootBuilder {
    private final Limits limits;
    private final MapEditor<Long, MemberState> members =
            OrderedMap.<Long, MemberState>empty(Long::compareUnsigned).edit();
    private final MapEditor<Long, Session> sessions =
            OrderedMap.<Long, Session>empty(Long::compareUnsigned).edit();
    private final LeasesEditor leases = Leases.EMPTY.edit();
    private Alarms alarms = Alarms.NONE;
    private AuthState auth = AuthState.OFF;
    private Root.Position position = Root.EMPTY.position();
    private KeyspaceBuilder keyspace = new KeyspaceBuilder(1, -1);
    private int lastTag;

    RootBuilder(Limits limits) {
        this.limits = limits;
    }

    void add(int tag, ByteReader in) {
        boolean first = lastTag == 0;
        require(first == (tag == Records.HEADER), "record " + tag + " at its start, or a second header");
        require(tag >= lastTag, "record " + tag + " after " + lastTag);
        // Puts and tombstones are of one part.
        lastTag = tag == Records.TOMBSTONE ? Records.PUT : tag;
        switch (tag) {
            case Records.HEADER -> readHeader(in);
            case Records.MEMBER -> readMember(in);
            case Records.SESSION -> readSession(in);
            case Records.LEASE -> readLease(in);
            case Records.OLD_VERSION -> keyspace.addOld(readVersion(in));
            case Records.PUT -> keyspace.addChange(readVersion(in));
            case Records.TOMBSTONE -> keyspace.addChange(readTombstone(in));
            case Records.ALARM -> readAlarm(in);
            case Records.AUTH -> auth = auth.with(AuthCodec.readSwitch(in));
            case Records.USER -> readUser(in);
            case Records.ROLE -> readRole(in);
            case Records.TOKEN -> readToken(in);
            default -> throw new Malformed("snapshot with a record " + tag);
        }
    }

    Root build() {
        Keyspace built = keyspace.build();
        for (Cursor<Bytes, Versions> cursor = built.live().first(); cursor.isValid(); cursor.next()) {
            KeyValue kv = cursor.value().newest();
            require(kv.lease() == 0 || leases.contains(kv.lease()), "a key on a lease that does not exist");
            leases.move(kv.key(), 0, kv.lease());
        }
        return new Root(position, built, leases.freeze(), sessions.freeze(), members.freeze(), alarms, auth);
    }

    private void readHeader(ByteReader in) {
        long form = in.varint();
        require(form == SnapshotWriter.FORM, "form " + form);
        position = new Root.Position(in.varint(), in.varint(), in.u64());
        require(position.index() >= 0 && position.term() >= 0, "position " + position);
        keyspace = new KeyspaceBuilder(in.varint(), in.varint() - 1);
    }

    private void readMember(ByteReader in) {
        MemberState member = MemberCodec.readMember(in);
        int before = members.size();
        members.put(member.id(), member);
        require(members.size() > before, "a member twice");
    }

    private void readSession(ByteReader in) {
        int before = sessions.size();
        sessions.put(in.u64(), Session.read(in, limits.proposalWindow()));
        require(sessions.size() > before, "a session twice");
    }

    private void readLease(ByteReader in) {
        LeaseState lease = new LeaseState(in.u64(), in.varint(), in.hasRemaining() ? in.varint() : 0);
        require(lease.remainderSeconds() >= 0, "lease " + lease.id() + " with less than nothing left");
        require(lease.id() != 0 && !leases.contains(lease.id()), "lease " + lease.id() + " twice, or without an id");
        leases.grant(lease);
    }

    private void readAlarm(ByteReader in) {
        Alarms before = alarms;
        alarms = alarms.with(CommandCodec.readAlarm(in));
        require(alarms.size() > before.size(), "an alarm twice");
        require(alarms.size() <= limits.alarmsMax(), "more than " + limits.alarmsMax() + " alarms");
    }

    private void readUser(ByteReader in) {
        User user = AuthCodec.readUser(in);
        require(!user.name().isEmpty() && auth.user(user.name()).isEmpty(), "a user twice, or without a name");
        auth = auth.with(user);
        require(
                auth.userTable().size() <= limits.users().usersMax(),
                "more than " + limits.users().usersMax() + " users");
    }

    private void readRole(ByteReader in) {
        Role role = AuthCodec.readRole(in);
        require(!role.name().isEmpty() && auth.role(role.name()).isEmpty(), "a role twice, or without a name");
        require(role.isSound(), "a role with permissions that cannot be granted, or in no order");
        auth = auth.with(role);
        require(
                auth.roleTable().size() <= limits.users().usersMax(),
                "more than " + limits.users().usersMax() + " roles");
    }

    private void readToken(ByteReader in) {
        int before = auth.tokenTable().size();
        auth = auth.with(AuthCodec.readToken(in), limits.users().tokensMax());
        require(auth.tokenTable().size() > before, "a token twice, or too many");
    }

    private static KeyValue readVersion(ByteReader in) {
        Bytes key = in.bytes().compact();
        Bytes value = in.bytes().compact();
        return new KeyValue(
                key, value, in.varint(), in.varint(), in.count(Integer.MAX_VALUE), in.varint(), in.varint());
    }

    private static KeyValue readTombstone(ByteReader in) {
        return KeyValue.tombstone(in.bytes().compact(), in.varint(), in.count(Integer.MAX_VALUE));
    }
}
