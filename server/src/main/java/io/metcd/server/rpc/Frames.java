package io.metcd.server.rpc;

import com.google.protobuf.CodedOutputStream;
import java.io.IOException;

/** The encoding of one outgoing gRPC message. */
public final class Frames {
    private static final int PREFIX = 5;

    private Frames() {}

    /** A flag for "not compressed", the length, the message: in one array of exactly that size. */
    public static byte[] encode(Payload payload) {
        int size = Math.toIntExact(payload.size());
        byte[] frame = new byte[PREFIX + size];
        putPrefix(size, frame);
        CodedOutputStream out = CodedOutputStream.newInstance(frame, PREFIX, size);
        try {
            payload.writeTo(out);
        } catch (IOException impossible) {
            throw new AssertionError("an array cannot fail", impossible);
        }
        out.checkNoSpaceLeft();
        return frame;
    }

    /** What stands before a message of this many bytes. */
    public static byte[] prefix(int size) {
        byte[] prefix = new byte[PREFIX];
        putPrefix(size, prefix);
        return prefix;
    }

    private static void putPrefix(int size, byte[] frame) {
        frame[1] = (byte) (size >>> 24);
        frame[2] = (byte) (size >>> 16);
        frame[3] = (byte) (size >>> 8);
        frame[4] = (byte) size;
    }
}
