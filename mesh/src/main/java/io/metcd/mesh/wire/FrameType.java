package io.metcd.mesh.wire;

import io.metcd.base.ByteReader.Malformed;
import io.metcd.base.Bytes;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** What a frame is; its code is the high half of the first byte. The first five never leave their link. */
public enum FrameType {
    /** Proof of life, round-trip time and digest. */
    HEARTBEAT(1),
    /** Peers' records: news, or what the other end lacked. */
    RECORDS(2),
    /** The digest of each bucket of records, after the digests of the whole differed. */
    BUCKETS(3),
    /** The versions held in the buckets that differ. */
    VERSIONS(4),
    /** Asks for the records of some peers. */
    WANT(5),
    /** A datagram or a part of one, perhaps for someone else. */
    DATAGRAM(8),
    /** To the source of a datagram: its route is broken here. */
    ROUTE_ERROR(9);

    private static final FrameType[] BY_CODE = byCode();

    private final int code;

    FrameType(int code) {
        this.code = code;
    }

    int code() {
        return code;
    }

    /** The first byte of a frame of this type. */
    public int firstByte(int flags) {
        return code << 4 | flags;
    }

    /** The type of a frame, which must not be empty; null for one that only later versions know, and that is skipped. */
    public static @Nullable FrameType find(Bytes frame) {
        if (frame.isEmpty()) {
            throw new Malformed("an empty frame");
        }
        int code = (frame.at(0) & 0xf0) >>> 4;
        FrameType type = BY_CODE[code];
        return type.code == code ? type : null;
    }

    /** The type of a frame that this version knows. */
    public static FrameType of(Bytes frame) {
        FrameType type = find(frame);
        if (type == null) {
            throw new Malformed("unknown frame type " + ((frame.at(0) & 0xf0) >>> 4));
        }
        return type;
    }

    /** Codes without a type hold another type, whose code then differs. */
    private static FrameType[] byCode() {
        FrameType[] types = new FrameType[16];
        Arrays.fill(types, HEARTBEAT);
        for (FrameType type : values()) {
            types[type.code] = type;
        }
        return types;
    }
}
