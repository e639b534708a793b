package io.metcd.mesh.net;

import io.metcd.base.Bytes;
import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/** How frames follow each other in a stream of bytes: four bytes of length before each. */
final class Framing {
    static final int LENGTH_SIZE = 4;

    private Framing() {}

    /** A length that no frame may have, in words for an operator. */
    static final class TooLong extends Exception {
        private static final long serialVersionUID = 1L;

        private TooLong(int size, int frameMax) {
            super("frame of " + Integer.toUnsignedString(size) + " bytes, at most " + frameMax + " are taken");
        }
    }

    static void write(ByteBuf out, Bytes frame) {
        out.writeInt(frame.size());
        out.writeBytes(frame.sharedArray(), frame.sharedOffset(), frame.size());
    }

    /** Takes the next frame out of the buffer; null, and nothing taken, while it is not whole. */
    static @Nullable Bytes read(ByteBuf in, int frameMax) throws TooLong {
        if (in.readableBytes() < LENGTH_SIZE) {
            return null;
        }
        int size = in.getInt(in.readerIndex());
        if (size < 0 || size > frameMax) {
            throw new TooLong(size, frameMax);
        }
        if (in.readableBytes() - LENGTH_SIZE < size) {
            return null;
        }
        byte[] frame = new byte[size];
        in.skipBytes(LENGTH_SIZE).readBytes(frame);
        return Bytes.wrap(frame);
    }
}
