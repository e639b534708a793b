package io.metcd.mesh.net;

import io.metcd.base.Bytes;
import io.metcd.base.Invariants;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.ByteToMessageDecoder;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One authenticated link, the last handler of its channel: frames with a four-byte length before each. Frames wait here
 * until {@link #push}, so that many of them leave in one write and share TLS records.
 */
final class TlsLink extends ByteToMessageDecoder {
    private final long number;
    private final TlsLinks links;
    private final Framing framing;
    private @Nullable ChannelHandlerContext context;
    private final List<Bytes> gathered = new ArrayList<>();
    /** Of what is gathered, with the lengths. */
    private int gatheredBytes;

    private long unsent;
    private boolean open = true;

    TlsLink(long number, TlsLinks links) {
        this.number = number;
        this.links = links;
        this.framing = new Framing(links.limits().frameMax());
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
        gathered.add(frame);
        gatheredBytes += frame.size() + Framing.LENGTH_SIZE;
        unsent += frame.size() + Framing.LENGTH_SIZE;
    }

    /** One write of everything gathered, in a buffer of its size: one that grows would be copied as it does. */
    void push() {
        if (gathered.isEmpty() || !open) {
            return;
        }
        int size = gatheredBytes;
        ByteBuf buffer = context().alloc().heapBuffer(size);
        for (Bytes frame : gathered) {
            Framing.write(buffer, frame);
        }
        forgetGathered();
        context().writeAndFlush(buffer).addListener(written -> taken(size));
    }

    private void forgetGathered() {
        gathered.clear();
        gatheredBytes = 0;
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
                Bytes frame = framing.next(in);
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
        forgetGathered();
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
