package io.metcd.server.rpc;

import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.MessageLite;
import java.io.IOException;

/** A message on its way out: its encoded size, and the encoding. */
public interface Payload {
    int size();

    /** Writes exactly {@link #size()} bytes. */
    void writeTo(CodedOutputStream out) throws IOException;

    static Payload of(MessageLite message) {
        return new Whole(message);
    }

    /** A generated message. */
    record Whole(MessageLite message) implements Payload {
        @Override
        public int size() {
            return message.getSerializedSize();
        }

        @Override
        public void writeTo(CodedOutputStream out) throws IOException {
            message.writeTo(out);
        }
    }
}
