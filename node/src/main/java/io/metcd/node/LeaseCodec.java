package io.metcd.node;

import io.metcd.base.ByteReader;
import io.metcd.base.ByteWriter;
import io.metcd.base.Bytes;
import java.util.ArrayList;
import java.util.List;

/**
 * Questions about leases and the leader's answers.
 *
 * <pre>
 * request:  count varint, then each: kind u8, lease u64
 * answer:   status u8; when it is ANSWERED each: result u8, then
 *             RENEWED: ttl varint, revision varint
 *             FOUND:   remaining u64, granted varint, revision varint, count varint, keys
 *             UNKNOWN: revision varint
 *             LATER:   nothing
 * </pre>
 */
final class LeaseCodec {
    private LeaseCodec() {}

    /** What is asked. The codes are part of the packets. */
    enum Kind {
        RENEW(1),
        QUERY(2),
        QUERY_WITH_KEYS(3);

        private final int code;

        Kind(int code) {
            this.code = code;
        }
    }

    record Question(Kind kind, long leaseId) {}

    /** Whether the asked member could answer at all. The codes are part of the packets. */
    enum Status {
        ANSWERED(1),
        NOT_LEADER(2),
        /** It leads, but lags with applying. */
        LAGGING(3);

        private final int code;

        Status(int code) {
            this.code = code;
        }
    }

    /** What the leader says of one lease. */
    sealed interface Finding {
        record Renewed(long ttlSeconds, long revision) implements Finding {}

        record Found(long remainingSeconds, long grantedSeconds, long revision, List<Bytes> keys) implements Finding {}

        record Unknown(long revision) implements Finding {}

        /** Its revocation is under way, or what stands against renewing it is being taken back: ask again. */
        record Later() implements Finding {}
    }

    record Answer(Status status, List<Finding> findings) {
        static Answer none(Status status) {
            return new Answer(status, List.of());
        }
    }

    static Bytes encode(List<Question> questions) {
        ByteWriter writer = new ByteWriter(questions.size() * 9 + 5).varint(questions.size());
        for (Question question : questions) {
            writer.u8(question.kind().code).u64(question.leaseId());
        }
        return writer.toBytes();
    }

    static List<Question> decodeQuestions(ByteReader reader, int max) {
        int count = reader.count(max);
        List<Question> questions = new ArrayList<>(Math.min(count, reader.remaining()));
        for (int i = 0; i < count; i++) {
            questions.add(new Question(kind(reader.u8()), reader.u64()));
        }
        reader.end();
        return questions;
    }

    static Bytes encode(Answer answer) {
        ByteWriter writer = new ByteWriter().u8(answer.status().code);
        for (Finding finding : answer.findings()) {
            write(finding, writer);
        }
        return writer.toBytes();
    }

    static Answer decodeAnswer(Bytes encoded) {
        ByteReader reader = new ByteReader(encoded);
        Status status = status(reader.u8());
        List<Finding> findings = new ArrayList<>();
        while (reader.hasRemaining()) {
            findings.add(readFinding(reader));
        }
        return new Answer(status, findings);
    }

    private static void write(Finding finding, ByteWriter writer) {
        if (finding instanceof Finding.Renewed renewed) {
            writer.u8(0).varint(renewed.ttlSeconds()).varint(renewed.revision());
        } else if (finding instanceof Finding.Found found) {
            writer.u8(1)
                    .u64(found.remainingSeconds())
                    .varint(found.grantedSeconds())
                    .varint(found.revision())
                    .varint(found.keys().size());
            found.keys().forEach(writer::bytes);
        } else if (finding instanceof Finding.Unknown unknown) {
            writer.u8(2).varint(unknown.revision());
        } else if (finding instanceof Finding.Later) {
            writer.u8(3);
        } else {
            throw new AssertionError(finding);
        }
    }

    private static Finding readFinding(ByteReader reader) {
        int code = reader.u8();
        return switch (code) {
            case 0 -> new Finding.Renewed(reader.varint(), reader.varint());
            case 1 -> {
                long remaining = reader.u64();
                long granted = reader.varint();
                long revision = reader.varint();
                int count = reader.count(reader.remaining());
                List<Bytes> keys = new ArrayList<>();
                for (int i = 0; i < count; i++) {
                    keys.add(reader.bytes());
                }
                yield new Finding.Found(remaining, granted, revision, keys);
            }
            case 2 -> new Finding.Unknown(reader.varint());
            case 3 -> new Finding.Later();
            default -> throw new ByteReader.Malformed("finding of kind " + code);
        };
    }

    private static Kind kind(int code) {
        return switch (code) {
            case 1 -> Kind.RENEW;
            case 2 -> Kind.QUERY;
            case 3 -> Kind.QUERY_WITH_KEYS;
            default -> throw new ByteReader.Malformed("question of kind " + code);
        };
    }

    private static Status status(int code) {
        return switch (code) {
            case 1 -> Status.ANSWERED;
            case 2 -> Status.NOT_LEADER;
            case 3 -> Status.LAGGING;
            default -> throw new ByteReader.Malformed("status " + code);
        };
    }
}
