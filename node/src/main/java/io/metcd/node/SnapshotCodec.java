package io.metcd.node;

import io.metcd.base.ByteReader;
import io.metcd.base.ByteWriter;
import io.metcd.base.Bytes;
import io.metcd.raft.codec.ConfigurationCodec;
import io.metcd.raft.membership.Configuration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Questions for states and their pieces, and the answers.
 *
 * <pre>
 * which:    1 u8, least index varint          answer: 4 u8, count varint, ids, the newest first
 * hold:     2 u8, id                          answer: the same, of this one or none
 * piece:    3 u8, id, number varint           answer: status u8; with a piece: configuration bytes, piece bytes
 * id:       index varint, term varint, hash u64
 * </pre>
 */
final class SnapshotCodec {
    private static final int WHICH = 1;
    private static final int HOLD = 2;
    private static final int PIECE = 3;
    private static final int HELD = 4;
    /** More than any member holds. */
    private static final int IDS_MAX = 64;

    private SnapshotCodec() {}

    /** What members ask. */
    sealed interface Question {
        /** Which states as of this index or later are there? They are kept for a while. */
        record Which(long leastIndex) implements Question {}

        /** Keep this state for a while, and the log behind it. */
        record Hold(SnapshotId id) implements Question {}

        record Piece(SnapshotId id, int number) implements Question {}
    }

    /** The codes are part of the packets. */
    enum Status {
        PIECE(1),
        /** The state has no piece of this number. */
        END(2),
        /** That state is not held here any more. */
        GONE(3),
        /** The pieces before it are still being made: to be asked again. */
        SOON(4);

        private final int code;

        Status(int code) {
            this.code = code;
        }
    }

    /** With a piece comes the configuration as of the state's index. */
    record Answer(Status status, Optional<Configuration> configuration, Bytes piece) {
        static Answer none(Status status) {
            return new Answer(status, Optional.empty(), Bytes.EMPTY);
        }
    }

    static Bytes encode(Question question) {
        ByteWriter writer = new ByteWriter(40);
        if (question instanceof Question.Which which) {
            return writer.u8(WHICH).varint(which.leastIndex()).toBytes();
        }
        if (question instanceof Question.Hold hold) {
            return write(hold.id(), writer.u8(HOLD)).toBytes();
        }
        Question.Piece piece = (Question.Piece) question;
        return write(piece.id(), writer.u8(PIECE)).varint(piece.number()).toBytes();
    }

    static Question decodeQuestion(ByteReader reader) {
        int kind = reader.u8();
        Question question = switch (kind) {
            case WHICH -> new Question.Which(reader.varint());
            case HOLD -> new Question.Hold(readId(reader));
            case PIECE -> new Question.Piece(readId(reader), reader.count(Integer.MAX_VALUE));
            default -> throw new ByteReader.Malformed("a question of kind " + kind);
        };
        reader.end();
        return question;
    }

    static Bytes encodeHeld(List<SnapshotId> ids) {
        ByteWriter writer = new ByteWriter(8 + 28 * ids.size()).u8(HELD).varint(ids.size());
        ids.forEach(id -> write(id, writer));
        return writer.toBytes();
    }

    static List<SnapshotId> decodeHeld(Bytes encoded) {
        ByteReader reader = new ByteReader(encoded);
        if (reader.u8() != HELD) {
            throw new ByteReader.Malformed("an answer to another question");
        }
        int count = reader.count(IDS_MAX);
        List<SnapshotId> ids = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            ids.add(readId(reader));
        }
        reader.end();
        return ids;
    }

    static Bytes encode(Answer answer) {
        ByteWriter writer = new ByteWriter(answer.piece().size() + 64).u8(answer.status().code);
        answer.configuration()
                .ifPresent(each -> writer.bytes(ConfigurationCodec.encode(each)).bytes(answer.piece()));
        return writer.toBytes();
    }

    static Answer decodeAnswer(Bytes encoded) {
        ByteReader reader = new ByteReader(encoded);
        int code = reader.u8();
        for (Status status : Status.values()) {
            if (status.code == code) {
                Answer answer = status == Status.PIECE
                        ? new Answer(status, Optional.of(ConfigurationCodec.decode(reader.bytes())), reader.bytes())
                        : Answer.none(status);
                reader.end();
                return answer;
            }
        }
        throw new ByteReader.Malformed("status " + code);
    }

    private static ByteWriter write(SnapshotId id, ByteWriter writer) {
        return writer.varint(id.index()).varint(id.term()).u64(id.hash());
    }

    private static SnapshotId readId(ByteReader reader) {
        SnapshotId id = new SnapshotId(reader.varint(), reader.varint(), reader.u64());
        if (id.index() <= 0 || id.term() <= 0) {
            throw new ByteReader.Malformed("a snapshot at " + id.term() + "/" + id.index());
        }
        return id;
    }
}
