package io.metcd.store.command;

import io.metcd.base.Bytes;
import io.metcd.store.alarm.Alarm;
import java.util.List;

/** What a log entry asks of the store. */
public sealed interface Command
        permits Op.Put,
                Op.DeleteRange,
                Op.Txn,
                Command.Compact,
                Command.LeaseGrant,
                Command.LeaseRevoke,
                Command.LeaseRevokeExpired,
                Command.LeaseCheckpoint,
                Command.MemberDescribe,
                Command.MemberBind,
                MemberCommand,
                AuthCommand,
                Command.AlarmRaise,
                Command.AlarmClear,
                Command.Noop {

    <R> R accept(Cases<R> cases);

    /** Forgets what only revisions below the given one can see. */
    record Compact(long revision) implements Command {
        @Override
        public <R> R accept(Cases<R> cases) {
            return cases.compact(this);
        }
    }

    /** Grants a lease; id and time to live are chosen (and raised to the minimum) by the member that proposes. */
    record LeaseGrant(long id, long ttlSeconds) implements Command {
        @Override
        public <R> R accept(Cases<R> cases) {
            return cases.leaseGrant(this);
        }
    }

    /** Ends a lease, and deletes the keys attached to it. */
    record LeaseRevoke(long id) implements Command {
        @Override
        public <R> R accept(Cases<R> cases) {
            return cases.leaseRevoke(this);
        }
    }

    /** The leader of the term found the lease expired: void in any other term, whose leader may have renewed it. */
    record LeaseRevokeExpired(long id, long term) implements Command {
        @Override
        public <R> R accept(Cases<R> cases) {
            return cases.leaseRevokeExpired(this);
        }
    }

    /**
     * The leader of the term says what is left of leases, for the leader after it; void in any other term. Leases that
     * do not exist any more are passed over.
     */
    record LeaseCheckpoint(long term, List<Remainder> remainders) implements Command {
        public LeaseCheckpoint {
            remainders = List.copyOf(remainders);
        }

        /** What is left of a lease; 0 seconds mean that it was renewed, and has all of its time again. */
        public record Remainder(long lease, long seconds) {}

        @Override
        public <R> R accept(Cases<R> cases) {
            return cases.leaseCheckpoint(this);
        }
    }

    /** Says a member's name and addresses; makes the member known if it was not. */
    record MemberDescribe(long id, String name, List<String> peerUrls, List<String> clientUrls) implements Command {
        public MemberDescribe {
            peerUrls = List.copyOf(peerUrls);
            clientUrls = List.copyOf(clientUrls);
        }

        @Override
        public <R> R accept(Cases<R> cases) {
            return cases.memberDescribe(this);
        }
    }

    /** Binds a member to the one peer, in one of its lives, that may speak for it. */
    record MemberBind(long id, Bytes peer, long incarnation) implements Command {
        @Override
        public <R> R accept(Cases<R> cases) {
            return cases.memberBind(this);
        }
    }

    /** Something is wrong with a member: until it is cleared, the alarm stands against writing. */
    record AlarmRaise(Alarm alarm) implements Command {
        @Override
        public <R> R accept(Cases<R> cases) {
            return cases.alarmRaise(this);
        }
    }

    /** An operator takes an alarm away. */
    record AlarmClear(Alarm alarm) implements Command {
        @Override
        public <R> R accept(Cases<R> cases) {
            return cases.alarmClear(this);
        }
    }

    /** Changes nothing; a proposal that only marks its place in the log. */
    record Noop() implements Command {
        @Override
        public <R> R accept(Cases<R> cases) {
            return cases.noop(this);
        }
    }

    /** One method per command: a new one does not compile until every reader of commands knows it. */
    interface Cases<R> {
        R put(Op.Put put);

        R deleteRange(Op.DeleteRange delete);

        R txn(Op.Txn txn);

        R compact(Compact compact);

        R leaseGrant(LeaseGrant grant);

        R leaseRevoke(LeaseRevoke revoke);

        R leaseRevokeExpired(LeaseRevokeExpired revoke);

        R leaseCheckpoint(LeaseCheckpoint checkpoint);

        R memberDescribe(MemberDescribe describe);

        R memberBind(MemberBind bind);

        R membership(MemberCommand change);

        R auth(AuthCommand command);

        R alarmRaise(AlarmRaise raise);

        R alarmClear(AlarmClear clear);

        R noop(Noop noop);
    }
}
