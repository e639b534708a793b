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
    /** The frame over an encoded route, which is empty when the source is the other end of the link. */
    public Bytes encode(Bytes route) {
        return new ByteWriter(18 + route.size())
                .u8(FrameType.ROUTE_ERROR.firstByte(route.isEmpty() ? 0 : Frame.ROUTED))
                .u8(Priority.CONTROL.code())
                .raw(route)
                .u64(reporter)
                .u64(lost)
                .toBytes();
    }

    /** What a later version appends is ignored. */
    public static RouteError decode(Bytes body) {
        ByteReader reader = new ByteReader(body);
        return new RouteError(reader.u64(), reader.u64());
    }
}
