package io.metcd.node;

import io.metcd.base.ByteReader;
import io.metcd.base.ByteWriter;
import io.metcd.base.Bytes;
import io.metcd.journal.SnapshotMark;
import io.metcd.raft.codec.ConfigurationCodec;
import java.util.Optional;

/**
 * Questions for pieces of a state, and the pieces.
 *
 * <pre>
 * request:  index varint (0: any at or above the least), least varint, number varint
 * answer:   status u8; with a piece: index varint, term varint, configuration bytes, piece bytes
 * </pre>
 */
final class SnapshotCodec {
    private SnapshotCodec() {}

    record Question(long index, long least, int number) {}

    /** The codes are part of the packets. */
    enum Status {
        PIECE(1),
        /** The snapshot has no piece of this number. */
        END(2),
        /** That snapshot is not served here any more. */
        GONE(3);

        private final int code;

        Status(int code) {
            this.code = code;
        }
    }

    /** The mark is there with a piece only. */
    record Answer(Status status, Optional<SnapshotMark> mark, Bytes piece) {
        static Answer none(Status status) {
            return new Answer(status, Optional.empty(), Bytes.EMPTY);
        }
    }

    static Bytes encode(Question question) {
        return new ByteWriter(16)
                .varint(question.index())
                .varint(question.least())
                .varint(question.number())
                .toBytes();
    }

    static Question decodeQuestion(ByteReader reader) {
        Question question = new Question(reader.varint(), reader.varint(), reader.count(Integer.MAX_VALUE));
        reader.end();
        return question;
    }

    static Bytes encode(Answer answer) {
        ByteWriter writer = new ByteWriter(answer.piece().size() + 64).u8(answer.status().code);
        answer.mark()
                .ifPresent(mark -> writer.varint(mark.index())
                        .varint(mark.term())
                        .bytes(ConfigurationCodec.encode(mark.configuration()))
                        .bytes(answer.piece()));
        return writer.toBytes();
    }

    static Answer decodeAnswer(Bytes encoded) {
        ByteReader reader = new ByteReader(encoded);
        int status = reader.u8();
        if (status == Status.END.code) {
            return Answer.none(Status.END);
        }
        if (status == Status.GONE.code) {
            return Answer.none(Status.GONE);
        }
        if (status != Status.PIECE.code) {
            throw new ByteReader.Malformed("status " + status);
        }
        long index = reader.varint();
        long term = reader.varint();
        if (index <= 0 || term <= 0) {
            throw new ByteReader.Malformed("a snapshot at " + term + "/" + index);
        }
        SnapshotMark mark = new SnapshotMark(index, term, ConfigurationCodec.decode(reader.bytes()));
        Answer answer = new Answer(Status.PIECE, Optional.of(mark), reader.bytes());
        reader.end();
        return answer;
    }
}
