package io.metcd.mesh.wire;

import io.metcd.base.ByteReader;
import io.metcd.base.ByteWriter;
import io.metcd.base.Bytes;
import io.metcd.mesh.Priority;

/**
 * Tells the source of a datagram that the link between two peers of its route is gone.
 *
 * @param reporter the relay that could not go on
 * @param lost the peer it should have handed the frame to
 */
public record RouteError(long reporter, long lost) {
    /** What the frame says, and what is sealed where it crosses relays. */
    public Bytes content() {
        return new ByteWriter(16).u64(reporter).u64(lost).toBytes();
    }

    /** The frame over an encoded route, which is empty when the source is the other end of the link. */
    public Bytes encode(Bytes route) {
        return encode(route, route.isEmpty() ? 0 : Frame.ROUTED, content());
    }

    /** The frame over relays, with its content closed to them. */
    public static Bytes encodeSealed(Bytes route, Bytes sealedContent) {
        return encode(route, Frame.ROUTED | Frame.SEALED, sealedContent);
    }

    private static Bytes encode(Bytes route, int flags, Bytes content) {
        return new ByteWriter(2 + route.size() + content.size())
                .u8(FrameType.ROUTE_ERROR.firstByte(flags))
                .u8(Priority.CONTROL.code())
                .raw(route)
                .raw(content)
                .toBytes();
    }

    /** What a later version appends is ignored. */
    public static RouteError decode(Bytes body) {
        ByteReader reader = new ByteReader(body);
        return new RouteError(reader.u64(), reader.u64());
    }
}
