package io.metcd.server.rpc;

import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.MessageLite;
import io.metcd.base.Bytes;
import java.io.IOException;
import java.util.Iterator;
import java.util.List;

/** A message on its way out: its encoded size, and the encoding. */
public interface Payload {
    long size();

    /** Writes exactly {@link #size()} bytes. */
    void writeTo(CodedOutputStream out) throws IOException;

    /** The encoding in pieces of about the size asked for, each made when it is taken; a generated message is one piece. */
    default Iterator<Bytes> pieces(int pieceBytes) {
        return List.of(encoded()).iterator();
    }

    /** The whole encoding. */
    default Bytes encoded() {
        byte[] bytes = new byte[Math.toIntExact(size())];
        CodedOutputStream out = CodedOutputStream.newInstance(bytes);
        try {
            writeTo(out);
        } catch (IOException impossible) {
            throw new AssertionError("an array cannot fail", impossible);
        }
        out.checkNoSpaceLeft();
        return Bytes.wrap(bytes);
    }

    static Payload of(MessageLite message) {
        return new Whole(message);
    }

    /** A generated message. */
    record Whole(MessageLite message) implements Payload {
        @Override
        public long size() {
            return message.getSerializedSize();
        }

        @Override
        public void writeTo(CodedOutputStream out) throws IOException {
            message.writeTo(out);
        }
    }
}
