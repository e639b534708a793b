package io.metcd.store.command;

import io.metcd.base.ByteReader;
import io.metcd.base.ByteReader.Malformed;
import io.metcd.base.ByteWriter;
import io.metcd.base.Bytes;
import io.metcd.store.alarm.Alarm;
import io.metcd.store.command.Command.Cases;
import java.util.ArrayList;
import java.util.List;

/**
 * The binary form of a {@link Command}: a tag byte, then its parts in order. Numbers are varints, byte strings have
 * their length before them, and what is mostly absent is announced by a flag. The form is on disk and on the wire: a
 * tag, flag or code never changes its meaning.
 */
public final class CommandCodec {
    /** Transactions in transactions; deeper ones are refused by {@link Checks} and not decoded. */
    static final int NESTING_MAX = 256;

    private static final int PUT = 1;
    private static final int DELETE_RANGE = 2;
    private static final int TXN = 3;
    private static final int COMPACT = 4;
    private static final int LEASE_GRANT = 5;
    private static final int LEASE_REVOKE = 6;
    private static final int LEASE_REVOKE_EXPIRED = 7;
    private static final int MEMBER_DESCRIBE = 8;
    private static final int MEMBER_BIND = 9;
    static final int MEMBER_REMOVE = 10;
    private static final int NOOP = 11;
    /** Inside transactions only. */
    private static final int RANGE = 12;

    static final int MEMBER_ADD = 13;
    static final int MEMBER_UPDATE = 14;
    static final int MEMBER_PROMOTE = 15;
    static final int MEMBER_ALONE = 16;
    static final int MEMBER_REFUSE = 17;
    private static final int ALARM_RAISE = 18;
    private static final int ALARM_CLEAR = 19;
    static final int MEMBER_RELEASE = 20;
    static final int PILOT_SWITCH = 21;
    private static final int AUTH = 22;
    private static final int LEASE_CHECKPOINT = 23;

    private static final int PUT_PREVIOUS = 1;
    private static final int PUT_IGNORE_VALUE = 2;
    private static final int PUT_IGNORE_LEASE = 4;
    private static final int PUT_LEASE = 8;

    private CommandCodec() {}

    public static void encode(Command command, ByteWriter out) {
        command.accept(new Writer(out));
    }

    public static Bytes encode(Command command) {
        ByteWriter out = new ByteWriter();
        encode(command, out);
        return out.toBytes();
    }

    /** Throws {@link Malformed} if no command begins here. The byte strings of the result share the source. */
    public static Command decode(ByteReader in) {
        int tag = in.u8();
        return switch (tag) {
            case PUT -> readPut(in);
            case DELETE_RANGE -> readDeleteRange(in);
            case TXN -> readTxn(in, 1);
            case COMPACT -> new Command.Compact(in.varint());
            case LEASE_GRANT -> new Command.LeaseGrant(in.varint(), in.varint());
            case LEASE_REVOKE -> new Command.LeaseRevoke(in.varint());
            case LEASE_REVOKE_EXPIRED -> new Command.LeaseRevokeExpired(in.varint(), in.varint());
            case LEASE_CHECKPOINT -> readCheckpoint(in);
            case MEMBER_DESCRIBE ->
                new Command.MemberDescribe(
                        in.u64(), in.utf8(), MemberCodec.readStrings(in), MemberCodec.readStrings(in));
            case MEMBER_BIND -> new Command.MemberBind(in.u64(), in.bytes(), in.varint());
            case ALARM_RAISE -> new Command.AlarmRaise(readAlarm(in));
            case ALARM_CLEAR -> new Command.AlarmClear(readAlarm(in));
            case NOOP -> new Command.Noop();
            case AUTH -> AuthCodec.read(in);
            default -> MemberCodec.read(tag, in);
        };
    }

    public static void writeAlarm(Alarm alarm, ByteWriter out) {
        out.u64(alarm.member()).u8(alarm.kind().code());
    }

    /** Throws {@link Malformed} if no alarm begins here. */
    public static Alarm readAlarm(ByteReader in) {
        long member = in.u64();
        int code = in.u8();
        return new Alarm(member, Alarm.Kind.of(code).orElseThrow(() -> new Malformed("alarm kind " + code)));
    }

    private static Op.Put readPut(ByteReader in) {
        int flags = in.u8();
        if (flags >= 2 * PUT_LEASE) {
            throw new Malformed("put flags " + flags);
        }
        Bytes key = in.bytes();
        Bytes value = in.bytes();
        long lease = (flags & PUT_LEASE) == 0 ? 0 : in.varint();
        return new Op.Put(
                key,
                value,
                lease,
                (flags & PUT_PREVIOUS) != 0,
                (flags & PUT_IGNORE_VALUE) != 0,
                (flags & PUT_IGNORE_LEASE) != 0);
    }

    private static Command.LeaseCheckpoint readCheckpoint(ByteReader in) {
        long term = in.varint();
        int count = in.count(in.remaining());
        List<Command.LeaseCheckpoint.Remainder> remainders = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            Command.LeaseCheckpoint.Remainder remainder =
                    new Command.LeaseCheckpoint.Remainder(in.varint(), in.varint());
            if (remainder.seconds() < 0) {
                throw new Malformed("a lease with " + remainder.seconds() + " seconds left");
            }
            remainders.add(remainder);
        }
        return new Command.LeaseCheckpoint(term, remainders);
    }

    private static Op.DeleteRange readDeleteRange(ByteReader in) {
        return new Op.DeleteRange(QueryCodec.readRange(in), in.bool());
    }

    private static Op.Txn readTxn(ByteReader in, int depth) {
        if (depth > NESTING_MAX) {
            throw new Malformed("transactions nested deeper than " + NESTING_MAX);
        }
        int count = in.count(in.remaining());
        List<Compare> compares = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            compares.add(QueryCodec.readCompare(in));
        }
        return new Op.Txn(compares, readOps(in, depth), readOps(in, depth));
    }

    private static List<Op> readOps(ByteReader in, int depth) {
        int count = in.count(in.remaining());
        List<Op> ops = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            int tag = in.u8();
            ops.add(
                    switch (tag) {
                        case PUT -> readPut(in);
                        case DELETE_RANGE -> readDeleteRange(in);
                        case TXN -> readTxn(in, depth + 1);
                        case RANGE -> new Op.Range(QueryCodec.readQuery(in));
                        default -> throw new Malformed("operation tag " + tag);
                    });
        }
        return ops;
    }

    /** Writes one command. */
    private record Writer(ByteWriter out) implements Cases<ByteWriter> {
        @Override
        public ByteWriter put(Op.Put put) {
            int flags = (put.previous() ? PUT_PREVIOUS : 0)
                    | (put.ignoreValue() ? PUT_IGNORE_VALUE : 0)
                    | (put.ignoreLease() ? PUT_IGNORE_LEASE : 0)
                    | (put.lease() != 0 ? PUT_LEASE : 0);
            out.u8(PUT).u8(flags).bytes(put.key()).bytes(put.value());
            return put.lease() != 0 ? out.varint(put.lease()) : out;
        }

        @Override
        public ByteWriter deleteRange(Op.DeleteRange delete) {
            QueryCodec.writeRange(delete.range(), out.u8(DELETE_RANGE));
            return out.bool(delete.previous());
        }

        @Override
        public ByteWriter txn(Op.Txn txn) {
            out.u8(TXN).varint(txn.compares().size());
            for (Compare compare : txn.compares()) {
                QueryCodec.writeCompare(compare, out);
            }
            ops(txn.success());
            return ops(txn.failure());
        }

        @Override
        public ByteWriter compact(Command.Compact compact) {
            return out.u8(COMPACT).varint(compact.revision());
        }

        @Override
        public ByteWriter leaseGrant(Command.LeaseGrant grant) {
            return out.u8(LEASE_GRANT).varint(grant.id()).varint(grant.ttlSeconds());
        }

        @Override
        public ByteWriter leaseRevoke(Command.LeaseRevoke revoke) {
            return out.u8(LEASE_REVOKE).varint(revoke.id());
        }

        @Override
        public ByteWriter leaseRevokeExpired(Command.LeaseRevokeExpired revoke) {
            return out.u8(LEASE_REVOKE_EXPIRED).varint(revoke.id()).varint(revoke.term());
        }

        @Override
        public ByteWriter leaseCheckpoint(Command.LeaseCheckpoint checkpoint) {
            out.u8(LEASE_CHECKPOINT)
                    .varint(checkpoint.term())
                    .varint(checkpoint.remainders().size());
            checkpoint.remainders().forEach(each -> out.varint(each.lease()).varint(each.seconds()));
            return out;
        }

        @Override
        public ByteWriter memberDescribe(Command.MemberDescribe describe) {
            out.u8(MEMBER_DESCRIBE).u64(describe.id()).utf8(describe.name());
            MemberCodec.writeStrings(describe.peerUrls(), out);
            MemberCodec.writeStrings(describe.clientUrls(), out);
            return out;
        }

        @Override
        public ByteWriter memberBind(Command.MemberBind bind) {
            return out.u8(MEMBER_BIND).u64(bind.id()).bytes(bind.peer()).varint(bind.incarnation());
        }

        @Override
        public ByteWriter membership(MemberCommand change) {
            MemberCodec.write(change, out);
            return out;
        }

        @Override
        public ByteWriter auth(AuthCommand command) {
            AuthCodec.write(command, out.u8(AUTH));
            return out;
        }

        @Override
        public ByteWriter alarmRaise(Command.AlarmRaise raise) {
            writeAlarm(raise.alarm(), out.u8(ALARM_RAISE));
            return out;
        }

        @Override
        public ByteWriter alarmClear(Command.AlarmClear clear) {
            writeAlarm(clear.alarm(), out.u8(ALARM_CLEAR));
            return out;
        }

        @Override
        public ByteWriter noop(Command.Noop noop) {
            return out.u8(NOOP);
        }

        private ByteWriter ops(List<Op> ops) {
            out.varint(ops.size());
            for (Op op : ops) {
                if (op instanceof Command command) {
                    command.accept(this);
                } else if (op instanceof Op.Range range) {
                    QueryCodec.writeQuery(range.query(), out.u8(RANGE));
                } else {
                    throw new AssertionError(op);
                }
            }
            return out;
        }
    }
}
