package io.metcd.server.etcd;

import com.google.protobuf.ByteOutput;
import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import io.metcd.base.Bytes;
import java.io.IOException;
import java.nio.ByteBuffer;

/** Byte strings of protobuf and of ours share their arrays: both are immutable. */
final class Strings {
    private Strings() {}

    static ByteString of(Bytes bytes) {
        return bytes.isEmpty()
                ? ByteString.EMPTY
                : UnsafeByteOperations.unsafeWrap(bytes.sharedArray(), bytes.sharedOffset(), bytes.size());
    }

    static Bytes of(ByteString string) {
        if (string.isEmpty()) {
            return Bytes.EMPTY;
        }
        Taken taken = new Taken();
        try {
            UnsafeByteOperations.unsafeWriteTo(string, taken);
        } catch (IOException impossible) {
            throw new AssertionError("an array cannot fail", impossible);
        }
        return taken.bytes;
    }

    /** Takes the array that a byte string wants to write. */
    private static final class Taken extends ByteOutput {
        private Bytes bytes = Bytes.EMPTY;

        @Override
        public void write(byte value) {
            bytes = bytes.concat(Bytes.of(value));
        }

        @Override
        public void write(byte[] array, int offset, int length) {
            bytes = bytes.concat(Bytes.wrap(array, offset, length));
        }

        @Override
        public void writeLazy(byte[] array, int offset, int length) {
            bytes = bytes.isEmpty()
                    ? Bytes.wrap(array, offset, length)
                    : bytes.concat(Bytes.wrap(array, offset, length));
        }

        @Override
        public void write(ByteBuffer buffer) {
            byte[] copy = new byte[buffer.remaining()];
            buffer.get(copy);
            bytes = bytes.concat(Bytes.wrap(copy));
        }

        @Override
        public void writeLazy(ByteBuffer buffer) {
            write(buffer);
        }
    }
}
