package io.metcd.server.vertx;

import io.metcd.base.Bytes;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.internal.buffer.BufferInternal;

/** Bytes to and from Vert.x without a copy. */
final class Buffers {
    private Buffers() {}

    /** Vert.x hands out buffers of their own on the heap, which nobody writes to again. */
    static Bytes incoming(Buffer buffer) {
        ByteBuf bytes = ((BufferInternal) buffer).getByteBuf();
        return bytes.hasArray()
                ? Bytes.wrap(bytes.array(), bytes.arrayOffset() + bytes.readerIndex(), bytes.readableBytes())
                : Bytes.wrap(buffer.getBytes());
    }

    /** On the heap too: a buffer that a closed stream never writes is then simply collected. */
    static Buffer outgoing(byte[] frame) {
        return BufferInternal.buffer(Unpooled.wrappedBuffer(frame));
    }

    /** As {@link #outgoing(byte[])}. */
    static Buffer outgoing(Bytes bytes) {
        return BufferInternal.buffer(wrapped(bytes));
    }

    /** The same for what is written without Vert.x. */
    static ByteBuf wrapped(Bytes bytes) {
        return Unpooled.wrappedBuffer(bytes.sharedArray(), bytes.sharedOffset(), bytes.size());
    }
}
