package io.metcd.store;

import io.metcd.base.Bytes;
import io.metcd.store.auth.AuthState;
import io.metcd.store.auth.Caller;
import io.metcd.store.auth.Permission.Right;
import io.metcd.store.auth.User;
import io.metcd.store.command.AuthCommand;
import io.metcd.store.command.Command;
import io.metcd.store.command.Compare;
import io.metcd.store.command.Op;
import io.metcd.store.kv.KeyRange;
import io.metcd.store.kv.Refusal;
import io.metcd.store.lease.LeaseKeys;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Function;

/**
 * What a caller may do in a state. The same questions are asked when a request comes in and, of what changes the state,
 * again when it is applied, on every member alike: the answer is a function of the state and the caller alone. Not to be
 * shared between threads.
 */
public final class Access {
    private final AuthState auth;
    private final Caller caller;
    private final LeaseKeys leases;

    /** The lease that was last found to be one that the caller may put keys on. */
    private long attachable;

    /** The leases are as before the request. */
    Access(AuthState auth, Caller caller, LeaseKeys leases) {
        this.auth = auth;
        this.caller = caller;
        this.leases = leases;
    }

    /** What stands against a command; its rights are looked for in every branch, chosen or not. */
    public Optional<Refusal> command(Command command) {
        if (!asks()) {
            return Optional.empty();
        }
        if (command instanceof Op op) {
            return op(op);
        }
        if (command instanceof Command.LeaseGrant) {
            return user();
        }
        if (command instanceof Command.LeaseRevoke revoke) {
            return lease(revoke.id());
        }
        // Changes of membership are asked about before they are proposed: consensus goes by them at once.
        return administers(command) ? root() : Optional.empty();
    }

    /** Whether a command is root's, whatever it is about. */
    public static boolean administers(Command command) {
        return command instanceof Command.Compact
                || command instanceof Command.AlarmRaise
                || command instanceof Command.AlarmClear
                || (command instanceof AuthCommand && !(command instanceof AuthCommand.Authenticate));
    }

    /** Reading a range of keys, or watching it. */
    public Optional<Refusal> read(KeyRange range) {
        return keys(Right.READ, range);
    }

    /** A transaction that only reads. A caller with a name whose rights may have changed since hears so. */
    public Optional<Refusal> readOnly(Op.Txn txn) {
        Optional<Refusal> refusal = asks() ? op(txn) : Optional.empty();
        boolean old = asks() && !caller.user().isEmpty() && caller.authRevision() < auth.revision();
        return refusal.isEmpty() && old ? Optional.of(Refusal.AUTH_OLD_REVISION) : refusal;
    }

    /** Renewing a lease or ending it: that concerns all its keys. */
    public Optional<Refusal> lease(long lease) {
        return user().or(() -> leaseKeys(Right.WRITE, lease));
    }

    /** Seeing which keys a lease has. */
    public Optional<Refusal> keysOfLease(long lease) {
        return user().or(() -> leaseKeys(Right.READ, lease));
    }

    /** Seeing all leases: that may tell of all their keys. */
    public Optional<Refusal> keysOfAllLeases() {
        Optional<Refusal> refusal = user();
        OptionalLong lease = asks() ? leases.leaseFrom(Long.MIN_VALUE) : OptionalLong.empty();
        while (refusal.isEmpty() && lease.isPresent()) {
            long id = lease.getAsLong();
            refusal = leaseKeys(Right.READ, id);
            lease = id == Long.MAX_VALUE ? OptionalLong.empty() : leases.leaseFrom(id + 1);
        }
        return refusal;
    }

    /** Seeing that there are these keys, which come in order. */
    public Optional<Refusal> keysForReading(List<Bytes> keys) {
        return user().or(() -> each(Right.READ, least -> firstFrom(least, keys)));
    }

    /** What every user may. */
    public Optional<Refusal> user() {
        return asks() && caller.user().isEmpty() ? Optional.of(Refusal.USER_EMPTY) : Optional.empty();
    }

    /** What only root may. */
    public Optional<Refusal> root() {
        if (!asks()) {
            return Optional.empty();
        }
        if (caller.user().isEmpty()) {
            return Optional.of(Refusal.USER_EMPTY);
        }
        Optional<User> user = auth.user(caller.user());
        if (user.isEmpty()) {
            return Optional.of(Refusal.USER_NOT_FOUND);
        }
        return user.get().isRoot() ? Optional.empty() : Optional.of(Refusal.PERMISSION_DENIED);
    }

    /** Seeing a user: root may see all, everybody themselves. */
    public Optional<Refusal> seeUser(String name) {
        Optional<Refusal> refusal = root();
        return caller.user().equals(name) && !name.isEmpty() ? Optional.empty() : refusal;
    }

    /** Seeing a role: root may see all, everybody their own. */
    public Optional<Refusal> seeRole(String name) {
        boolean own = auth.user(caller.user())
                .filter(user -> user.roles().contains(name))
                .isPresent();
        return own ? Optional.empty() : root();
    }

    private boolean asks() {
        return auth.enabled() && !caller.isTrusted();
    }

    private Optional<Refusal> op(Op op) {
        if (op instanceof Op.Put put) {
            return keys(Right.WRITE, KeyRange.single(put.key()))
                    .or(() -> attaching(put.lease()))
                    .or(() -> put.previous() ? read(KeyRange.single(put.key())) : Optional.empty());
        }
        if (op instanceof Op.DeleteRange delete) {
            return keys(Right.WRITE, delete.range())
                    .or(() -> delete.previous() ? read(delete.range()) : Optional.empty());
        }
        if (op instanceof Op.Range range) {
            return read(range.query().range());
        }
        return op instanceof Op.Txn txn ? txn(txn) : Optional.empty();
    }

    private Optional<Refusal> txn(Op.Txn txn) {
        for (Compare compare : txn.compares()) {
            Optional<Refusal> refusal = read(compare.range());
            if (refusal.isPresent()) {
                return refusal;
            }
        }
        Optional<Refusal> refusal = branch(txn.success());
        return refusal.isPresent() ? refusal : branch(txn.failure());
    }

    private Optional<Refusal> branch(List<Op> ops) {
        for (Op op : ops) {
            Optional<Refusal> refusal = op(op);
            if (refusal.isPresent()) {
                return refusal;
            }
        }
        return Optional.empty();
    }

    /** The puts of a transaction often have one lease, which is looked at once then. */
    private Optional<Refusal> attaching(long lease) {
        Optional<Refusal> refusal = lease == attachable ? Optional.empty() : leaseKeys(Right.WRITE, lease);
        attachable = refusal.isEmpty() ? lease : attachable;
        return refusal;
    }

    private Optional<Refusal> leaseKeys(Right right, long lease) {
        return lease == 0 ? Optional.empty() : each(right, least -> leases.keyFrom(lease, least));
    }

    private static Optional<Bytes> firstFrom(Bytes least, List<Bytes> keys) {
        int found = Collections.binarySearch(keys, least);
        int place = found < 0 ? -found - 1 : found;
        return place < keys.size() ? Optional.of(keys.get(place)) : Optional.empty();
    }

    /**
     * About each of some keys, of which the first not before a given one can be had. One grant is enough for all of its
     * keys, so there are at most as many steps as the caller has grants, however many the keys are.
     */
    private Optional<Refusal> each(Right right, Function<Bytes, Optional<Bytes>> from) {
        Optional<Bytes> key = asks() ? from.apply(Bytes.EMPTY) : Optional.empty();
        Optional<Refusal> refusal = key.isPresent() ? standing() : Optional.empty();
        Optional<User> user = auth.user(caller.user());
        while (refusal.isEmpty() && key.isPresent()) {
            Bytes asked = key.get();
            Bytes reach = user.map(known -> auth.reach(known, right, asked)).orElse(asked);
            if (reach.equals(asked)) {
                return Optional.of(Refusal.PERMISSION_DENIED);
            }
            key = reach.isEmpty() ? Optional.empty() : from.apply(reach);
        }
        return refusal;
    }

    private Optional<Refusal> keys(Right right, KeyRange range) {
        if (!asks()) {
            return Optional.empty();
        }
        return standing().or(() -> {
            boolean allowed = auth.user(caller.user())
                    .filter(user -> auth.allows(user, right, range))
                    .isPresent();
            return allowed ? Optional.empty() : Optional.of(Refusal.PERMISSION_DENIED);
        });
    }

    /** What stands against a caller whatever the keys are. */
    private Optional<Refusal> standing() {
        if (caller.user().isEmpty()) {
            return Optional.of(Refusal.USER_EMPTY);
        }
        return caller.authRevision() < auth.revision() ? Optional.of(Refusal.AUTH_OLD_REVISION) : Optional.empty();
    }
}
