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
import java.util.List;
import java.util.Optional;

/**
 * What a caller may do in a state. The same questions are asked when a request comes in and, of what changes the state,
 * again when it is applied, on every member alike: the answer is a function of the state and the caller alone.
 */
public final class Access {
    private final AuthState auth;
    private final Caller caller;
    private final LeaseKeys leases;

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
        return user().or(() -> keysForReading(leases.allKeys()));
    }

    /** Seeing that there are these keys. */
    public Optional<Refusal> keysForReading(List<Bytes> keys) {
        return user().or(() -> each(Right.READ, keys));
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
                    .or(() -> leaseKeys(Right.WRITE, put.lease()))
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

    private Optional<Refusal> leaseKeys(Right right, long lease) {
        return lease == 0 || !asks() ? Optional.empty() : each(right, leases.keys(lease));
    }

    private Optional<Refusal> each(Right right, List<Bytes> keys) {
        if (!asks()) {
            return Optional.empty();
        }
        for (Bytes key : keys) {
            Optional<Refusal> refusal = keys(right, KeyRange.single(key));
            if (refusal.isPresent()) {
                return refusal;
            }
        }
        return Optional.empty();
    }

    private Optional<Refusal> keys(Right right, KeyRange range) {
        if (!asks()) {
            return Optional.empty();
        }
        if (caller.user().isEmpty()) {
            return Optional.of(Refusal.USER_EMPTY);
        }
        if (caller.authRevision() < auth.revision()) {
            return Optional.of(Refusal.AUTH_OLD_REVISION);
        }
        boolean allowed = auth.user(caller.user())
                .filter(user -> auth.allows(user, right, range))
                .isPresent();
        return allowed ? Optional.empty() : Optional.of(Refusal.PERMISSION_DENIED);
    }
}
