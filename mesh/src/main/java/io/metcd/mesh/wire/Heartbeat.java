package io.metcd.mesh.wire;

import io.metcd.base.ByteReader;
import io.metcd.base.ByteWriter;
import io.metcd.base.Bytes;

/**
 * What both ends of a link send in every interval.
 *
 * @param stamp the sender's clock in microseconds, which means nothing to the receiver but comes back in an echo
 * @param echo the newest stamp received on this link, 0 before the first
 * @param heldMicros how long the sender has held that stamp
 * @param digest of the records the sender holds
 * @param taken bytes of paced frames ({@link Lane#paced}) that the sender has received over this link; {@link #UNTOLD} by a version that does not say
 */
public record Heartbeat(long stamp, long echo, long heldMicros, long digest, long taken) {
    /** Instead of a number of bytes. */
    public static final long UNTOLD = -1;

    public Bytes encode() {
        return new ByteWriter(40)
                .u8(FrameType.HEARTBEAT.firstByte(0))
                .varint(stamp)
                .varint(echo)
                .varint(heldMicros)
                .u64(digest)
                .varint(taken)
                .toBytes();
    }

    /** What a later version appends is ignored. */
    public static Heartbeat decode(Bytes frame) {
        ByteReader reader = new ByteReader(frame);
        reader.u8();
        return new Heartbeat(reader.varint(), reader.varint(), reader.varint(), reader.u64(), told(reader));
    }

    private static long told(ByteReader reader) {
        return reader.remaining() == 0 ? UNTOLD : reader.varint();
    }
}
