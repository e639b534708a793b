package io.metcd.node;

import io.metcd.base.ByteReader;
import io.metcd.base.ByteWriter;
import io.metcd.base.Bytes;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Questions of a peer about its place in a cluster, and the answers.
 *
 * <pre>
 * question: format u8, kind u8, cluster id u64, member id u64, name utf8, incarnation u64, count varint, urls utf8
 * answer:   format u8, status u8, text utf8; with WELCOME the identity as in {@link MemberFile}
 * </pre>
 */
final class AdmissionCodec {
    private static final int FORMAT = 1;
    private static final int URLS_MAX = 64;

    private AdmissionCodec() {}

    /** What is asked. The codes are part of the packets. */
    enum Kind {
        /** A peer with an empty disk comes to the place that was made for it. */
        JOIN(1),
        /** A peer without a disk comes to the place of its earlier life. */
        SUBSTITUTE(2),
        /** A member that hears of no leader asks whether it still belongs. */
        CHECK(3);

        private final int code;

        Kind(int code) {
            this.code = code;
        }

        static Kind of(int code) {
            for (Kind kind : values()) {
                if (kind.code == code) {
                    return kind;
                }
            }
            throw new ByteReader.Malformed("question " + code);
        }
    }

    /** How it is answered. The codes are part of the packets. */
    enum Status {
        /** This is who you are. */
        WELCOME(1),
        /** Not now, or not yet: the text says what is waited for. */
        WAIT(2),
        /** You still belong, as far as is known here. */
        BELONGS(3),
        REMOVED(4),
        /** Your member is bound to another peer. */
        TAKEN(5),
        /** Your member was removed while it was away: come again as another one. */
        REPLACED(6);

        private final int code;

        Status(int code) {
            this.code = code;
        }

        static Status of(int code) {
            for (Status status : values()) {
                if (status.code == code) {
                    return status;
                }
            }
            throw new ByteReader.Malformed("status " + code);
        }
    }

    /** Cluster and member are 0 for a peer that has none. */
    record Question(Kind kind, long clusterId, long memberId, String name, long incarnation, List<String> peerUrls) {}

    /** The identity is there with a welcome only. */
    record Answer(Status status, String text, Optional<MemberIdentity> identity) {
        static Answer of(Status status, String text) {
            return new Answer(status, text, Optional.empty());
        }
    }

    static Bytes encode(Question question) {
        ByteWriter writer = new ByteWriter()
                .u8(FORMAT)
                .u8(question.kind().code)
                .u64(question.clusterId())
                .u64(question.memberId())
                .utf8(question.name())
                .u64(question.incarnation())
                .varint(question.peerUrls().size());
        question.peerUrls().forEach(writer::utf8);
        return writer.toBytes();
    }

    static Question decodeQuestion(Bytes encoded) {
        ByteReader reader = new ByteReader(encoded);
        requireFormat(reader);
        Kind kind = Kind.of(reader.u8());
        long clusterId = reader.u64();
        long memberId = reader.u64();
        String name = reader.utf8();
        long incarnation = reader.u64();
        List<String> urls = new ArrayList<>();
        for (int left = reader.count(URLS_MAX); left > 0; left--) {
            urls.add(reader.utf8());
        }
        reader.end();
        return new Question(kind, clusterId, memberId, name, incarnation, urls);
    }

    static Bytes encode(Answer answer) {
        ByteWriter writer = new ByteWriter().u8(FORMAT).u8(answer.status().code).utf8(answer.text());
        answer.identity().ifPresent(identity -> MemberFile.write(identity, writer));
        return writer.toBytes();
    }

    static Answer decodeAnswer(Bytes encoded) {
        ByteReader reader = new ByteReader(encoded);
        requireFormat(reader);
        Status status = Status.of(reader.u8());
        String text = reader.utf8();
        Optional<MemberIdentity> identity =
                status == Status.WELCOME ? Optional.of(MemberFile.read(reader)) : Optional.empty();
        reader.end();
        return new Answer(status, text, identity);
    }

    private static void requireFormat(ByteReader reader) {
        int format = reader.u8();
        if (format != FORMAT) {
            throw new ByteReader.Malformed("format " + format);
        }
    }
}
