package io.metcd.mesh.net;

import io.metcd.base.Bytes;
import io.metcd.base.Invariants;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.ByteToMessageDecoder;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One authenticated link, the last handler of its channel: frames with a four-byte length before each. Frames wait here
 * until {@link #push}, so that many of them leave in one write and share TLS records.
 */
final class TlsLink extends ByteToMessageDecoder {
    private static final int FIRST_BUFFER_SIZE = 4 << 10;

    private final long number;
    private final TlsLinks links;
    private @Nullable ChannelHandlerContext context;
    private @Nullable ByteBuf gathered;
    private long unsent;
    private boolean open = true;

    TlsLink(long number, TlsLinks links) {
        this.number = number;
        this.links = links;
    }

    long number() {
        return number;
    }

    /** Handed over and not yet in the system's buffer. */
    long unsent() {
        return unsent;
    }

    void gather(Bytes frame) {
        Invariants.check(
                frame.size() <= links.limits().frameMax(),
                "frame of %s bytes, at most %s",
                frame.size(),
                links.limits().frameMax());
        ByteBuf buffer = gathered;
        if (buffer == null) {
            buffer = context().alloc().heapBuffer(Math.max(FIRST_BUFFER_SIZE, frame.size() + Framing.LENGTH_SIZE));
            gathered = buffer;
        }
        Framing.write(buffer, frame);
        unsent += frame.size() + Framing.LENGTH_SIZE;
    }

    /** One write of everything gathered. */
    void push() {
        ByteBuf buffer = gathered;
        if (buffer == null || !open) {
            return;
        }
        gathered = null;
        int size = buffer.readableBytes();
        context().writeAndFlush(buffer).addListener(written -> taken(size));
    }

    /** Pushes what was handed over, then closes. The owner has forgotten this link already. */
    void close() {
        push();
        open = false;
        context().close();
    }

    private void taken(int size) {
        long before = unsent;
        unsent -= size;
        long mark = links.limits().writableBytes();
        if (open && before >= mark && unsent < mark) {
            links.writable(this);
        }
    }

    @Override
    protected void decode(ChannelHandlerContext ctx, ByteBuf in, List<Object> out) {
        try {
            while (open) {
                Bytes frame = Framing.read(in, links.limits().frameMax());
                if (frame == null) {
                    return;
                }
                links.received(this, frame);
            }
        } catch (Framing.TooLong e) {
            fail(String.valueOf(e.getMessage()));
        }
        if (!open) {
            in.skipBytes(in.readableBytes());
        }
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        this.context = ctx;
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        fail("closed by the peer");
        ByteBuf rest = gathered;
        gathered = null;
        if (rest != null) {
            rest.release();
        }
        // Not to the superclass, which would read a last half frame as a whole one.
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        fail(Words.of(cause));
    }

    private void fail(String reason) {
        if (open) {
            open = false;
            context().close();
            links.lost(this, reason);
        }
    }

    private ChannelHandlerContext context() {
        ChannelHandlerContext added = context;
        if (added == null) {
            throw new IllegalStateException("link without a channel");
        }
        return added;
    }
}
