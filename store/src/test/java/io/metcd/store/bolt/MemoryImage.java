package io.metcd.store.bolt;

import io.metcd.base.Bytes;
import java.util.Arrays;

/** A file in memory that counts what is read of it, and is strict about where. */
public final class MemoryImage implements BoltReader.Image {
    private final byte[] bytes;
    private long bytesRead;

    public MemoryImage(byte[] bytes) {
        this.bytes = bytes;
    }

    public long bytesRead() {
        return bytesRead;
    }

    @Override
    public long size() {
        return bytes.length;
    }

    @Override
    public Bytes read(long offset, int size) {
        if (offset < 0 || size < 0 || offset + size > bytes.length) {
            throw new AssertionError("read of " + size + " bytes at " + offset + " of " + bytes.length);
        }
        bytesRead += size;
        return Bytes.wrap(Arrays.copyOfRange(bytes, (int) offset, (int) offset + size));
    }
}
