package io.metcd.raft.codec;

import io.metcd.base.ByteReader;
import io.metcd.base.ByteReader.Malformed;
import io.metcd.base.ByteWriter;
import io.metcd.base.Bytes;
import io.metcd.raft.Entry;
import io.metcd.raft.Message;
import java.util.ArrayList;
import java.util.List;

/**
 * Messages as packets.
 *
 * <pre>version u8, kind u8, from u64, to u64, term varint, then the kind's components in the order of its record</pre>
 */
public final class MessageCodec {
    private static final int VERSION = 1;
    private static final int PRE_VOTE = 1;
    private static final int PRE_VOTE_REPLY = 2;
    private static final int VOTE = 3;
    private static final int VOTE_REPLY = 4;
    private static final int APPEND = 5;
    private static final int APPEND_REPLY = 6;
    private static final int HEARTBEAT = 7;
    private static final int HEARTBEAT_REPLY = 8;
    private static final int READ_REQUEST = 9;
    private static final int READ_REPLY = 10;
    private static final int SNAPSHOT_OFFER = 11;
    private static final int TIMEOUT_NOW = 12;

    /** A {@link #VOTE} in a transfer of leadership. */
    private static final int TRANSFER_VOTE = 13;

    private static final int HEADER_BYTES = 64;
    private static final int ENTRY_BYTES = 16;

    /** An entry takes at least kind, term and size. */
    private static final int ENTRY_BYTES_MIN = 3;

    private static final int HOLE_BYTES_MIN = 2;

    private MessageCodec() {}

    public static Bytes encode(Message message) {
        ByteWriter to = new ByteWriter(expectedSize(message));
        return message.accept(new Writing(to)).toBytes();
    }

    /** Throws {@link Malformed}. The entries' data share the packet's array. */
    public static Message decode(Bytes packet) {
        ByteReader in = new ByteReader(packet);
        int version = in.u8();
        if (version != VERSION) {
            throw new Malformed("packet of version " + version + ", this is " + VERSION);
        }
        int kind = in.u8();
        Message message = body(kind, in, in.u64(), in.u64(), positive(in));
        in.end();
        return message;
    }

    private static Message body(int kind, ByteReader in, long from, long to, long term) {
        return switch (kind) {
            case PRE_VOTE -> new Message.PreVote(from, to, term, positive(in), positive(in));
            case PRE_VOTE_REPLY -> new Message.PreVoteReply(from, to, term, positive(in), in.bool());
            case VOTE -> new Message.Vote(from, to, term, positive(in), positive(in));
            case TRANSFER_VOTE -> new Message.Vote(from, to, term, positive(in), positive(in), true);
            case VOTE_REPLY -> new Message.VoteReply(from, to, term, in.bool(), positive(in), positive(in));
            case APPEND -> readAppend(in, from, to, term);
            case APPEND_REPLY -> readAppendReply(in, from, to, term);
            case HEARTBEAT -> new Message.Heartbeat(from, to, term, positive(in), positive(in));
            case HEARTBEAT_REPLY -> new Message.HeartbeatReply(from, to, term, positive(in), positive(in));
            case READ_REQUEST -> new Message.ReadRequest(from, to, term, positive(in));
            case READ_REPLY -> new Message.ReadReply(from, to, term, positive(in), positive(in));
            case SNAPSHOT_OFFER ->
                new Message.SnapshotOffer(
                        from, to, term, positive(in), positive(in), positive(in), ConfigurationCodec.read(in));
            case TIMEOUT_NOW -> new Message.TimeoutNow(from, to, term);
            default -> throw new Malformed("message of kind " + kind);
        };
    }

    private static Message readAppend(ByteReader in, long from, long to, long term) {
        long sequence = positive(in);
        long prevIndex = positive(in);
        long prevTerm = positive(in);
        long commit = positive(in);
        boolean resent = in.bool();
        int count = in.count(in.remaining() / ENTRY_BYTES_MIN);
        if (prevIndex > Long.MAX_VALUE - count) {
            throw new Malformed("append behind index " + prevIndex);
        }
        List<Entry> entries = new ArrayList<>(count);
        long entryTerm = prevTerm;
        for (int i = 1; i <= count; i++) {
            Entry entry = EntryCodec.readBody(prevIndex + i, in);
            if (entry.term() < entryTerm) {
                throw new Malformed("entry of term " + entry.term() + " behind " + entryTerm);
            }
            entryTerm = entry.term();
            entries.add(entry);
        }
        if (entryTerm > term) {
            throw new Malformed("entry of term " + entryTerm + " from a leader of term " + term);
        }
        return new Message.Append(from, to, term, sequence, prevIndex, prevTerm, commit, resent, entries);
    }

    private static Message readAppendReply(ByteReader in, long from, long to, long term) {
        long sequence = positive(in);
        long match = positive(in);
        long commit = positive(in);
        long lastIndex = positive(in);
        long lastTerm = positive(in);
        boolean conflict = in.bool();
        long received = positive(in);
        int count = in.count(in.remaining() / HOLE_BYTES_MIN);
        List<Message.Hole> missing = new ArrayList<>(count);
        long previous = 0;
        for (int i = 0; i < count; i++) {
            long first = positive(in);
            long last = positive(in);
            if (first <= previous || last < first) {
                throw new Malformed("hole " + first + ".." + last + " behind " + previous);
            }
            missing.add(new Message.Hole(first, last));
            previous = last;
        }
        long unneeded = positive(in);
        return new Message.AppendReply(
                from, to, term, sequence, match, commit, lastIndex, lastTerm, conflict, received, missing, unneeded);
    }

    /** Terms, indexes and counters never reach the sign bit. */
    private static long positive(ByteReader in) {
        long value = in.varint();
        if (value < 0) {
            throw new Malformed("number beyond 63 bits");
        }
        return value;
    }

    private static int expectedSize(Message message) {
        int size = HEADER_BYTES;
        if (message instanceof Message.Append append) {
            for (Entry entry : append.entries()) {
                size += ENTRY_BYTES + entry.data().size();
            }
        }
        return size;
    }

    /** Writes one message. */
    private record Writing(ByteWriter to) implements Message.Cases<ByteWriter> {
        private ByteWriter head(int kind, Message message) {
            return to.u8(VERSION).u8(kind).u64(message.from()).u64(message.to()).varint(message.term());
        }

        @Override
        public ByteWriter preVote(Message.PreVote m) {
            return head(PRE_VOTE, m).varint(m.lastIndex()).varint(m.lastTerm());
        }

        @Override
        public ByteWriter preVoteReply(Message.PreVoteReply m) {
            return head(PRE_VOTE_REPLY, m).varint(m.campaign()).bool(m.granted());
        }

        @Override
        public ByteWriter vote(Message.Vote m) {
            return head(m.transfer() ? TRANSFER_VOTE : VOTE, m)
                    .varint(m.lastIndex())
                    .varint(m.lastTerm());
        }

        @Override
        public ByteWriter voteReply(Message.VoteReply m) {
            return head(VOTE_REPLY, m).bool(m.granted()).varint(m.lastIndex()).varint(m.lastTerm());
        }

        @Override
        public ByteWriter append(Message.Append m) {
            head(APPEND, m).varint(m.sequence()).varint(m.prevIndex()).varint(m.prevTerm());
            to.varint(m.commit()).bool(m.resent()).varint(m.entries().size());
            for (Entry entry : m.entries()) {
                EntryCodec.writeBody(entry, to);
            }
            return to;
        }

        @Override
        public ByteWriter appendReply(Message.AppendReply m) {
            head(APPEND_REPLY, m).varint(m.sequence()).varint(m.match()).varint(m.commit());
            to.varint(m.lastIndex()).varint(m.lastTerm()).bool(m.conflict());
            to.varint(m.received()).varint(m.missing().size());
            for (Message.Hole hole : m.missing()) {
                to.varint(hole.first()).varint(hole.last());
            }
            return to.varint(m.unneeded());
        }

        @Override
        public ByteWriter heartbeat(Message.Heartbeat m) {
            return head(HEARTBEAT, m).varint(m.commit()).varint(m.readContext());
        }

        @Override
        public ByteWriter heartbeatReply(Message.HeartbeatReply m) {
            return head(HEARTBEAT_REPLY, m).varint(m.commit()).varint(m.readContext());
        }

        @Override
        public ByteWriter readRequest(Message.ReadRequest m) {
            return head(READ_REQUEST, m).varint(m.batch());
        }

        @Override
        public ByteWriter readReply(Message.ReadReply m) {
            return head(READ_REPLY, m).varint(m.batch()).varint(m.index());
        }

        @Override
        public ByteWriter snapshotOffer(Message.SnapshotOffer m) {
            head(SNAPSHOT_OFFER, m)
                    .varint(m.leastIndex())
                    .varint(m.snapshotIndex())
                    .varint(m.snapshotTerm());
            ConfigurationCodec.write(m.configuration(), to);
            return to;
        }

        @Override
        public ByteWriter timeoutNow(Message.TimeoutNow m) {
            return head(TIMEOUT_NOW, m);
        }
    }
}
