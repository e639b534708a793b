package io.metcd.store;

import io.metcd.base.Bytes;
import io.metcd.store.alarm.Alarms;
import io.metcd.store.auth.AuthState;
import io.metcd.store.auth.Caller;
import io.metcd.store.command.CommandResult;
import io.metcd.store.command.Op;
import io.metcd.store.index.Cursor;
import io.metcd.store.index.OrderedMap;
import io.metcd.store.keyspace.Keyspace;
import io.metcd.store.kv.RangeQuery;
import io.metcd.store.kv.RangeResult;
import io.metcd.store.lease.LeaseState;
import io.metcd.store.lease.Leases;
import io.metcd.store.session.Session;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The whole state of a store after some entry: immutable, so any thread may read it for as long as it likes. The one
 * duty of who hands it to another thread is to publish it safely (a volatile field, a queue).
 */
public final class Root {
    /** The session of nobody: there the word on the autopilot is kept. */
    static final long PILOT = 0;

    private final Position position;
    private final Keyspace keyspace;
    private final Leases leases;
    private final OrderedMap<Long, Session> sessions;
    private final OrderedMap<Long, MemberState> members;
    private final Alarms alarms;
    private final AuthState auth;

    public Root(
            Position position,
            Keyspace keyspace,
            Leases leases,
            OrderedMap<Long, Session> sessions,
            OrderedMap<Long, MemberState> members,
            Alarms alarms,
            AuthState auth) {
        this.position = position;
        this.keyspace = keyspace;
        this.leases = leases;
        this.sessions = sessions;
        this.members = members;
        this.alarms = alarms;
        this.auth = auth;
    }

    /** The state before the first entry. */
    public static final Root EMPTY = new Root(
            new Position(0, 0, 0),
            Keyspace.EMPTY,
            Leases.EMPTY,
            OrderedMap.empty(Long::compareUnsigned),
            OrderedMap.empty(Long::compareUnsigned),
            Alarms.NONE,
            AuthState.OFF);

    /**
     * The entry whose effect this is the state of, and the hash over all that entries have done so far.
     *
     * @param stateHash equal on members that have applied the same entries; differs, but for chance, once they part
     */
    public record Position(long index, long term, long stateHash) {}

    public Position position() {
        return position;
    }

    public long appliedIndex() {
        return position.index();
    }

    public long appliedTerm() {
        return position.term();
    }

    public long stateHash() {
        return position.stateHash();
    }

    /** The revision of the newest change; 1 for an empty store. */
    public long revision() {
        return keyspace.revision();
    }

    /** The revision compacted at; below it nothing can be read. -1 if there was no compaction. */
    public long compactRevision() {
        return keyspace.compactRevision();
    }

    /** True if what the last compaction made unreadable is also gone from memory, and its hash is taken. */
    public boolean isScrubbed() {
        return keyspace.isScrubbed();
    }

    /** The sum over all readable versions of key, value and 256 bytes. */
    public long dbSize() {
        return keyspace.bytes();
    }

    public RangeResult range(RangeQuery query) {
        return keyspace.range(query);
    }

    /** Evaluates a transaction for which {@link Op.Txn#isReadOnly()}: a TxnResult or Refused. */
    public CommandResult readOnly(Op.Txn txn) {
        return Transaction.read(txn, keyspace);
    }

    public Optional<LeaseState> lease(long id) {
        return leases.get(id);
    }

    /** All leases, by id. */
    public List<LeaseState> leases() {
        return leases.list();
    }

    /** The keys attached to a lease, in order. */
    public List<Bytes> leaseKeys(long id) {
        return leases.keys(id);
    }

    /** All members known, by unsigned id. */
    public List<MemberState> members() {
        List<MemberState> list = new ArrayList<>();
        for (Cursor<Long, MemberState> cursor = members.first(); cursor.isValid(); cursor.next()) {
            list.add(cursor.value());
        }
        return list;
    }

    /** What stands against writing. */
    public Alarms alarms() {
        return alarms;
    }

    /** Users and roles. */
    public AuthState auth() {
        return auth;
    }

    /** What a caller may do here. */
    public Access access(Caller caller) {
        return new Access(auth, caller, leases);
    }

    /** Whether the member was removed: its id never returns. */
    public boolean isRemoved(long id) {
        return sessions.get(id, Session.NEW).isClosed();
    }

    /** An operator's word on the autopilot. */
    public PilotSwitch pilot() {
        return PilotSwitch.of(sessions.get(PILOT, Session.NEW).toNumber());
    }

    /** Whether who was removed may come again as another member: it was away, and the cluster went on without it. */
    public boolean isReplaced(long id) {
        return sessions.get(id, Session.NEW).isReplaced();
    }

    /** The part that watches and snapshots read. */
    public Keyspace keyspace() {
        return keyspace;
    }

    /** For snapshots and for the writer. */
    public Leases leaseTable() {
        return leases;
    }

    /** The memory of proposals, by unsigned member id: for snapshots and for the writer. */
    public OrderedMap<Long, Session> sessions() {
        return sessions;
    }

    /** By unsigned id: for snapshots and for the writer. */
    public OrderedMap<Long, MemberState> memberTable() {
        return members;
    }
}
