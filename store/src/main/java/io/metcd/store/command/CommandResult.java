package io.metcd.store.command;

import io.metcd.store.MemberState;
import io.metcd.store.alarm.Alarm;
import io.metcd.store.kv.KeyValue;
import io.metcd.store.kv.RangeResult;
import io.metcd.store.kv.Refusal;
import java.util.List;
import java.util.Optional;

/** What a command did. */
public sealed interface CommandResult {
    /** The store's revision after the command; inside a transaction, the one for the operation's own header. */
    long revision();

    /** The result of an operation of a transaction. */
    sealed interface OpResult {
        long revision();
    }

    record PutResult(long revision, Optional<KeyValue> previous) implements CommandResult, OpResult {}

    record DeleteResult(long revision, long deleted, List<KeyValue> previous) implements CommandResult, OpResult {}

    record ReadResult(long revision, RangeResult.Ok range) implements OpResult {}

    record TxnResult(long revision, boolean succeeded, List<OpResult> responses) implements CommandResult, OpResult {}

    record CompactResult(long revision) implements CommandResult {}

    record LeaseGrantResult(long revision, long id, long ttlSeconds) implements CommandResult {}

    record LeaseRevokeResult(long revision, long id) implements CommandResult {}

    /**
     * Membership was changed.
     *
     * @param id the member that it was about
     * @param members all of them after the change, by unsigned id
     */
    record MembershipResult(long revision, long id, List<MemberState> members) implements CommandResult {}

    /** The alarms that a command was about; none if it had no effect. */
    record AlarmResult(long revision, List<Alarm> alarms) implements CommandResult {}

    /**
     * A change of users or roles was made, or a token given out.
     *
     * @param index of the entry that did it
     * @param authRevision of users and roles after it
     */
    record AuthResult(long revision, long index, long authRevision) implements CommandResult {}

    /** Done, and there is nothing to tell: what members say of themselves, noop. */
    record Done(long revision) implements CommandResult {}

    /** Not done; the keyspace is as it was. */
    record Refused(long revision, Refusal refusal) implements CommandResult {}
}
