package io.metcd.mesh.wire;

import io.metcd.base.ByteReader;
import io.metcd.base.ByteWriter;
import io.metcd.base.Bytes;
import java.util.Optional;

/**
 * What a datagram holds: {@code kind | channel | [correlation] | payload}. Relays never look inside.
 *
 * @param correlation ties the answer to its request; 0 in a message
 */
public record Envelope(Kind kind, int channel, long correlation, Bytes payload) {
    /** What {@link #head} and sealing add at most. */
    public static final int HEAD_BYTES_MAX = 64;

    /** The part of a datagram in a dialogue. */
    public enum Kind {
        /** Expects no answer. */
        MESSAGE(0),
        /** Expects an answer or a refusal. */
        REQUEST(1),
        /** The answer. */
        ANSWER(2),
        /** Says in words why there is no answer. */
        REFUSAL(3);

        private static final Kind[] ALL = values();

        private final int code;

        Kind(int code) {
            this.code = code;
        }
    }

    /** What precedes the payload. */
    public static Bytes head(Kind kind, int channel, long correlation) {
        ByteWriter writer = new ByteWriter(16).u8(kind.code).u32(channel);
        if (kind != Kind.MESSAGE) {
            writer.varint(correlation);
        }
        return writer.toBytes();
    }

    /** Reads head and payload; empty for kinds that only later versions know. */
    public static Optional<Envelope> decode(Bytes datagram) {
        ByteReader reader = new ByteReader(datagram);
        int code = reader.u8();
        if (code >= Kind.ALL.length) {
            return Optional.empty();
        }
        Kind kind = Kind.ALL[code];
        int channel = reader.u32();
        long correlation = kind == Kind.MESSAGE ? 0 : reader.varint();
        return Optional.of(new Envelope(kind, channel, correlation, reader.rest()));
    }
}
