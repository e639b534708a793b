package io.metcd.node;

import io.metcd.base.ByteReader;
import io.metcd.base.ByteWriter;
import io.metcd.base.Bytes;
import io.metcd.raft.Proposal;
import io.metcd.store.command.Envelope;
import io.metcd.store.command.MemberCommand;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Proposals on their way to a leader, and its answer.
 *
 * <pre>
 * request:  each envelope: size varint, bytes
 * answer:   accepted u8, term varint
 * </pre>
 */
final class ForwardCodec {
    private ForwardCodec() {}

    static Bytes encode(List<Bytes> envelopes) {
        int size = 0;
        for (Bytes envelope : envelopes) {
            size += envelope.size() + 5;
        }
        ByteWriter writer = new ByteWriter(size);
        envelopes.forEach(writer::bytes);
        return writer.toBytes();
    }

    /** A proposal as it came. */
    record Forwarded(Envelope content, Bytes envelope) {
        Envelope.Origin origin() {
            return content.origin();
        }

        /** Present for what the leader must check first. */
        Optional<MemberCommand> change() {
            return content.command() instanceof MemberCommand change ? Optional.of(change) : Optional.empty();
        }
    }

    /** Whatever is not an envelope of the member that sent it must not reach the log: it is malformed. */
    static List<Forwarded> decode(ByteReader reader, long member) {
        List<Forwarded> proposals = new ArrayList<>();
        while (reader.hasRemaining()) {
            Bytes envelope = reader.bytes();
            Envelope content = Envelope.decode(envelope);
            if (content.origin().member() != member) {
                throw new ByteReader.Malformed("a proposal of another member");
            }
            proposals.add(new Forwarded(content, envelope));
        }
        return proposals;
    }

    static Bytes answer(Proposal proposal) {
        return proposal instanceof Proposal.Accepted accepted
                ? new ByteWriter().bool(true).varint(accepted.term()).toBytes()
                : new ByteWriter().bool(false).varint(0).toBytes();
    }

    static Proposals.Forwarded decodeAnswer(Optional<Bytes> answer) {
        if (answer.isEmpty()) {
            return new Proposals.Forwarded.Refused();
        }
        try {
            ByteReader reader = new ByteReader(answer.get());
            return reader.bool()
                    ? new Proposals.Forwarded.Accepted(reader.varint())
                    : new Proposals.Forwarded.Refused();
        } catch (ByteReader.Malformed damaged) {
            return new Proposals.Forwarded.Refused();
        }
    }
}
