package io.metcd.server.rpc;

import com.google.protobuf.CodedOutputStream;
import java.io.IOException;

/** The encoding of one outgoing gRPC message. */
public final class Frames {
    private static final int PREFIX = 5;

    private Frames() {}

    /** A flag for "not compressed", the length, the message: in one array of exactly that size. */
    public static byte[] encode(Payload payload) {
        int size = payload.size();
        byte[] frame = new byte[PREFIX + size];
        frame[1] = (byte) (size >>> 24);
        frame[2] = (byte) (size >>> 16);
        frame[3] = (byte) (size >>> 8);
        frame[4] = (byte) size;
        CodedOutputStream out = CodedOutputStream.newInstance(frame, PREFIX, size);
        try {
            payload.writeTo(out);
        } catch (IOException impossible) {
            throw new AssertionError("an array cannot fail", impossible);
        }
        out.checkNoSpaceLeft();
        return frame;
    }
}
