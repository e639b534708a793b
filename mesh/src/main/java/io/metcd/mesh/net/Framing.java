package io.metcd.mesh.net;

import io.metcd.base.Bytes;
import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/**
 * The frames of one stream of bytes, however it comes in pieces: four bytes of length before each. What comes is copied
 * once, into its frame, so that nothing is left in the pieces.
 */
final class Framing {
    static final int LENGTH_SIZE = 4;
    private static final byte[] NONE = new byte[0];

    private final int frameMax;
    /** The length of the frame, as far as it has come. */
    private int length;

    private int lengthRead;
    private byte[] frame = NONE;
    private int frameRead;

    /** A length that no frame may have, in words for an operator. */
    static final class TooLong extends Exception {
        private static final long serialVersionUID = 1L;

        private TooLong(int size, int frameMax) {
            super("frame of " + Integer.toUnsignedString(size) + " bytes, at most " + frameMax + " are taken");
        }
    }

    /** A longer frame is refused before anything is allocated for it. */
    Framing(int frameMax) {
        this.frameMax = frameMax;
    }

    static void write(ByteBuf out, Bytes frame) {
        out.writeInt(frame.size());
        out.writeBytes(frame.sharedArray(), frame.sharedOffset(), frame.size());
    }

    /** The next frame of which the last byte is here; null, and everything taken, when there is none. */
    @Nullable
    Bytes next(ByteBuf in) throws TooLong {
        while (lengthRead < LENGTH_SIZE) {
            if (!in.isReadable()) {
                return null;
            }
            length = length << Byte.SIZE | in.readUnsignedByte();
            if (++lengthRead == LENGTH_SIZE) {
                begin();
            }
        }
        int size = Math.min(in.readableBytes(), frame.length - frameRead);
        in.readBytes(frame, frameRead, size);
        frameRead += size;
        return frameRead == frame.length ? end() : null;
    }

    private void begin() throws TooLong {
        if (length < 0 || length > frameMax) {
            throw new TooLong(length, frameMax);
        }
        frame = new byte[length];
    }

    private Bytes end() {
        Bytes whole = Bytes.wrap(frame);
        frame = NONE;
        frameRead = 0;
        length = 0;
        lengthRead = 0;
        return whole;
    }
}
