package io.metcd.store;

import io.metcd.base.Bytes;
import io.metcd.store.alarm.Alarm;
import io.metcd.store.alarm.Alarms;
import io.metcd.store.auth.AuthState;
import io.metcd.store.command.AuthCommand;
import io.metcd.store.command.Command;
import io.metcd.store.command.CommandCodec;
import io.metcd.store.command.CommandResult;
import io.metcd.store.command.CommandResult.DeleteResult;
import io.metcd.store.command.CommandResult.PutResult;
import io.metcd.store.command.Envelope;
import io.metcd.store.command.MemberCommand;
import io.metcd.store.command.Op;
import io.metcd.store.command.SpaceCost;
import io.metcd.store.keyspace.Keyspace;
import io.metcd.store.keyspace.KeyspaceEditor;
import io.metcd.store.keyspace.Versions;
import io.metcd.store.kv.KeyValue;
import io.metcd.store.kv.RangeQuery;
import io.metcd.store.kv.Refusal;
import io.metcd.store.lease.LeaseState;
import io.metcd.store.lease.LeasesEditor;
import java.util.List;
import java.util.Optional;

/**
 * What each command does to keys and leases. A command is first held against the state; only when nothing stands in
 * its way does anything change, so a refusal never leaves half an effect.
 */
final class Applier implements Command.Cases<CommandResult> {
    private final Limits limits;
    private final KeyspaceEditor keyspace;
    private final LeasesEditor leases;
    private final Members members;
    private final StateHash hash;

    private Alarms alarms;
    private AuthState auth;
    /** Of the entry in hand. */
    private long index;

    private long term;

    Applier(Root root, Limits limits, Members members, StateHash hash) {
        this.limits = limits;
        this.keyspace = root.keyspace().edit();
        this.leases = root.leaseTable().edit();
        this.members = members;
        this.hash = hash;
        this.alarms = root.alarms();
        this.auth = root.auth();
    }

    CommandResult apply(Envelope envelope, long entryIndex, long entryTerm) {
        index = entryIndex;
        term = entryTerm;
        Command command = envelope.command();
        Optional<Refusal> forbidden = alarms.size() == 0 ? Optional.empty() : forbidden(command);
        if (forbidden.isEmpty() && auth.enabled()) {
            forbidden = new Access(auth, envelope.caller(), leases).command(command);
        }
        return forbidden.isPresent() ? refused(forbidden.get()) : command.accept(this);
    }

    KeyspaceEditor keyspace() {
        return keyspace;
    }

    Alarms alarms() {
        return alarms;
    }

    AuthState auth() {
        return auth;
    }

    LeasesEditor leases() {
        return leases;
    }

    @Override
    public CommandResult put(Op.Put put) {
        Optional<Refusal> refusal = unknownLease(put).or(() -> missingKey(put));
        return refusal.isPresent() ? refused(refusal.get()) : write(put);
    }

    @Override
    public CommandResult deleteRange(Op.DeleteRange delete) {
        return delete(delete);
    }

    @Override
    public CommandResult txn(Op.Txn txn) {
        Transaction chosen = Transaction.choose(txn, keyspace.peek());
        Optional<Refusal> refusal = chosen.obstacle(this);
        return refusal.isPresent() ? refused(refusal.get()) : chosen.run(this);
    }

    @Override
    public CommandResult compact(Command.Compact compact) {
        if (compact.revision() <= keyspace.compactRevision()) {
            return refused(Refusal.COMPACTED);
        }
        if (compact.revision() > keyspace.revision()) {
            return refused(Refusal.FUTURE_REVISION);
        }
        keyspace.compact(compact.revision());
        hash.add(Effect.COMPACTED).add(compact.revision());
        return new CommandResult.CompactResult(keyspace.revision());
    }

    @Override
    public CommandResult leaseGrant(Command.LeaseGrant grant) {
        if (grant.id() == 0) {
            return refused(Refusal.LEASE_NOT_FOUND);
        }
        if (grant.ttlSeconds() > limits.leaseTtlSecondsMax()) {
            return refused(Refusal.LEASE_TTL_TOO_LARGE);
        }
        if (leases.contains(grant.id())) {
            return refused(Refusal.LEASE_EXISTS);
        }
        leases.grant(new LeaseState(grant.id(), grant.ttlSeconds()));
        hash.add(Effect.GRANTED).add(grant.id()).add(grant.ttlSeconds());
        return new CommandResult.LeaseGrantResult(keyspace.revision(), grant.id(), grant.ttlSeconds());
    }

    @Override
    public CommandResult leaseRevoke(Command.LeaseRevoke revoke) {
        return revoke(revoke.id());
    }

    @Override
    public CommandResult leaseRevokeExpired(Command.LeaseRevokeExpired revoke) {
        return revoke.term() == term ? revoke(revoke.id()) : refused(Refusal.STALE_TERM);
    }

    @Override
    public CommandResult leaseCheckpoint(Command.LeaseCheckpoint checkpoint) {
        if (checkpoint.term() != term) {
            return refused(Refusal.STALE_TERM);
        }
        hash.add(Effect.CHECKPOINTED).add(checkpoint.remainders().size());
        for (Command.LeaseCheckpoint.Remainder each : checkpoint.remainders()) {
            leases.checkpoint(each.lease(), each.seconds());
            hash.add(each.lease()).add(each.seconds());
        }
        return done();
    }

    @Override
    public CommandResult memberDescribe(Command.MemberDescribe describe) {
        if (members.isRemoved(describe.id())) {
            return refused(Refusal.MEMBER_NOT_FOUND);
        }
        hash.add(members.describe(describe));
        return done();
    }

    @Override
    public CommandResult memberBind(Command.MemberBind bind) {
        if (members.isRemoved(bind.id())) {
            return refused(Refusal.MEMBER_NOT_FOUND);
        }
        Optional<MemberState> bound = members.bind(bind);
        if (bound.isEmpty()) {
            return refused(Refusal.MEMBER_BOUND);
        }
        hash.add(bound.get());
        return done();
    }

    @Override
    public CommandResult membership(MemberCommand change) {
        Optional<Refusal> refusal = MemberRules.objection(members.list(), members::isRemoved, change);
        if (refusal.isPresent()) {
            return refused(refusal.get());
        }
        long id = members.change(change);
        hash.add(Effect.MEMBERS_CHANGED).add(id);
        List<MemberState> all = members.list();
        all.forEach(hash::add);
        return new CommandResult.MembershipResult(keyspace.revision(), id, all);
    }

    @Override
    public CommandResult auth(AuthCommand command) {
        AuthRules.Step step = AuthRules.step(auth, command, limits, index);
        if (step.refusal().isPresent()) {
            return refused(step.refusal().get());
        }
        auth = step.state();
        hash.add(Effect.USERS_CHANGED).add(CommandCodec.encode(command)).add(auth.revision());
        return new CommandResult.AuthResult(keyspace.revision(), index, auth.revision());
    }

    @Override
    public CommandResult alarmRaise(Command.AlarmRaise raise) {
        Alarms more = alarms.with(raise.alarm());
        if (more.size() > limits.alarmsMax()) {
            return refused(Refusal.TOO_MANY_ALARMS);
        }
        alarms = more;
        hash.add(Effect.ALARM_RAISED)
                .add(raise.alarm().member())
                .add(raise.alarm().kind().code());
        return new CommandResult.AlarmResult(keyspace.revision(), List.of(raise.alarm()));
    }

    @Override
    public CommandResult alarmClear(Command.AlarmClear clear) {
        if (!alarms.contains(clear.alarm())) {
            return new CommandResult.AlarmResult(keyspace.revision(), List.of());
        }
        alarms = alarms.without(clear.alarm());
        hash.add(Effect.ALARM_CLEARED)
                .add(clear.alarm().member())
                .add(clear.alarm().kind().code());
        return new CommandResult.AlarmResult(keyspace.revision(), List.of(clear.alarm()));
    }

    @Override
    public CommandResult noop(Command.Noop noop) {
        return done();
    }

    /** What the alarms that stand forbid (contract: quota.2, quota.5). */
    private Optional<Refusal> forbidden(Command command) {
        boolean ofClients = command instanceof Op
                || command instanceof Command.Compact
                || command instanceof Command.LeaseGrant
                || command instanceof Command.LeaseRevoke
                || command instanceof Command.LeaseRevokeExpired;
        if (ofClients && alarms.stands(Alarm.Kind.CORRUPT)) {
            return Optional.of(Refusal.CORRUPT);
        }
        boolean takes = SpaceCost.of(command) > 0;
        return takes && alarms.stands(Alarm.Kind.NOSPACE) ? Optional.of(Refusal.NO_SPACE) : Optional.empty();
    }

    Optional<Refusal> unknownLease(Op.Put put) {
        boolean unknown = put.lease() != 0 && !leases.contains(put.lease());
        return unknown ? Optional.of(Refusal.LEASE_NOT_FOUND) : Optional.empty();
    }

    /** Whether what a put keeps is missing before the command. */
    Optional<Refusal> missingKey(Op.Put put) {
        boolean missing = put.needsKey() && keyspace.get(put.key()).isTombstone();
        return missing ? Optional.of(Refusal.KEY_NOT_FOUND) : Optional.empty();
    }

    /** What forbids a read within a transaction. */
    Optional<Refusal> obstacle(RangeQuery query) {
        return Transaction.obstacle(query, keyspace.revision(), keyspace.compactRevision());
    }

    PutResult write(Op.Put put) {
        Versions versions = keyspace.versions(put.key());
        KeyValue old = versions.newest();
        Bytes value = put.ignoreValue() ? old.value() : put.value();
        long lease = put.ignoreLease() ? old.lease() : put.lease();
        KeyValue kv = keyspace.put(put.key(), versions, value, lease);
        leases.move(kv.key(), old.lease(), lease);
        boolean wanted = put.previous() && !old.isTombstone();
        return new PutResult(keyspace.revisionNow(), wanted ? Optional.of(old) : Optional.empty());
    }

    DeleteResult delete(Op.DeleteRange delete) {
        List<KeyValue> kvs = keyspace.list(delete.range());
        for (KeyValue kv : kvs) {
            delete(kv);
        }
        return new DeleteResult(keyspace.revisionNow(), kvs.size(), delete.previous() ? kvs : List.of());
    }

    long revisionNow() {
        return keyspace.revisionNow();
    }

    /** For reading between the writes of one command. */
    Keyspace keyspaceNow() {
        return keyspace.peek();
    }

    private CommandResult revoke(long id) {
        if (!leases.contains(id)) {
            return refused(Refusal.LEASE_NOT_FOUND);
        }
        for (Bytes key : leases.keys(id)) {
            delete(keyspace.get(key));
        }
        leases.revoke(id);
        hash.add(Effect.REVOKED).add(id);
        return new CommandResult.LeaseRevokeResult(keyspace.revisionNow(), id);
    }

    private void delete(KeyValue kv) {
        keyspace.delete(kv);
        leases.move(kv.key(), kv.lease(), 0);
    }

    private CommandResult done() {
        return new CommandResult.Done(keyspace.revision());
    }

    private CommandResult refused(Refusal refusal) {
        hash.add(Effect.REFUSED).add(refusal.code());
        return new CommandResult.Refused(keyspace.revision(), refusal);
    }

    /** What the state hash is told of, beside the changes of keys. */
    private static final class Effect {
        static final long COMPACTED = 1;
        static final long GRANTED = 2;
        static final long REVOKED = 3;
        static final long REFUSED = 4;
        static final long MEMBERS_CHANGED = 5;
        static final long ALARM_RAISED = 6;
        static final long ALARM_CLEARED = 7;
        static final long USERS_CHANGED = 8;
        static final long CHECKPOINTED = 9;
    }
}
