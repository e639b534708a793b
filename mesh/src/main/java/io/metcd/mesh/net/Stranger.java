package io.metcd.mesh.net;

import io.metcd.base.Bytes;
import io.metcd.base.Scheduler;
import io.metcd.mesh.wire.handshake.Handshake;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.ByteToMessageDecoder;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * A connection until it has proved that it belongs here: drives TLS and then the {@link Handshake}, under one deadline.
 * It ends once, as a {@link TlsLink} in its place or with a reason.
 */
final class Stranger extends ByteToMessageDecoder {
    private static final int LENGTH_SIZE = 4;

    private final TlsLinks links;
    private final Origin origin;
    private final Scheduler scheduler;
    private Scheduler.@Nullable Task deadline;
    private @Nullable Handshake handshake;
    private boolean connected;
    private boolean ended;
    private @Nullable ChannelHandlerContext context;

    /**
     * Where the connection came from.
     *
     * @param attempt the number of the dial, 0 for an accepted connection
     * @param address as it was dialled, or the source address
     */
    record Origin(Handshake.Role role, long attempt, String address) {}

    Stranger(TlsLinks links, Scheduler scheduler, Origin origin) {
        this.links = links;
        this.scheduler = scheduler;
        this.origin = origin;
    }

    Origin origin() {
        return origin;
    }

    String remoteAddress() {
        ChannelHandlerContext added = context;
        return added != null && added.channel().remoteAddress() instanceof InetSocketAddress remote
                ? HostPort.of(remote).toString()
                : origin.address();
    }

    /** Ends it from outside, e.g. at the deadline. */
    void drop(String reason) {
        ChannelHandlerContext added = context;
        if (added != null) {
            end(added, reason);
        }
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        this.context = ctx;
    }

    /** The other end answers: from now on its deadline runs, and the end of this connection is told. */
    void connected() {
        connected = true;
        long nanos = links.limits().handshakeNanos();
        long millis = TimeUnit.NANOSECONDS.toMillis(nanos);
        deadline = scheduler.schedule(nanos, () -> drop("handshake deadline: nothing agreed within " + millis + " ms"));
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) throws Exception {
        if (event instanceof SslHandshakeCompletionEvent completion && !ended) {
            if (completion.isSuccess()) {
                begin(ctx);
            } else {
                end(ctx, Words.of(completion.cause()));
            }
        }
        super.userEventTriggered(ctx, event);
    }

    private void begin(ChannelHandlerContext ctx) {
        Handshake begun;
        try {
            SSLEngine engine = ctx.pipeline().get(SslHandler.class).engine();
            Bytes remoteKey = PeerTls.remoteKey(engine);
            begun = new Handshake(links.self(origin.role(), PeerTls.ownKey(engine)), remoteKey);
        } catch (SSLException e) {
            end(ctx, Words.of(e));
            return;
        }
        handshake = begun;
        apply(ctx, begun.start());
    }

    @Override
    protected void decode(ChannelHandlerContext ctx, ByteBuf in, List<Object> out) {
        Handshake current = handshake;
        if (ended || current == null) {
            in.skipBytes(in.readableBytes());
            return;
        }
        if (in.readableBytes() < LENGTH_SIZE) {
            return;
        }
        int size = in.getInt(in.readerIndex());
        if (size < 0 || size > Handshake.MESSAGE_SIZE_MAX) {
            end(ctx, "malformed handshake: a message of more than " + Handshake.MESSAGE_SIZE_MAX + " bytes");
            return;
        }
        if (in.readableBytes() - LENGTH_SIZE >= size) {
            byte[] message = new byte[size];
            in.skipBytes(LENGTH_SIZE).readBytes(message);
            apply(ctx, current.receive(Bytes.wrap(message)));
        }
    }

    private void apply(ChannelHandlerContext ctx, Handshake.Step step) {
        for (Bytes message : step.send()) {
            ByteBuf framed = ctx.alloc().heapBuffer(LENGTH_SIZE + message.size());
            framed.writeInt(message.size());
            framed.writeBytes(message.sharedArray(), message.sharedOffset(), message.size());
            ctx.write(framed);
        }
        ctx.flush();
        step.refusal().ifPresent(refusal -> end(ctx, refusal.words()));
        step.agreement().ifPresent(agreement -> agree(ctx, agreement));
    }

    private void agree(ChannelHandlerContext ctx, Handshake.Agreement agreement) {
        ended = true;
        cancelDeadline();
        ctx.pipeline().remove(StrangerBudget.class);
        TlsLink link = links.nextLink();
        ctx.pipeline().addLast(link);
        links.opened(this, link, new TlsLinks.Proved(agreement.remoteIdentity(), agreement.remoteHello()));
        // What the other end has sent behind its last handshake message goes on to the link.
        ctx.pipeline().remove(this);
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        end(ctx, "closed by the peer during the handshake");
    }

    @Override
    public void channelUnregistered(ChannelHandlerContext ctx) {
        end(ctx, "no connection");
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        end(ctx, Words.of(cause));
    }

    private void end(ChannelHandlerContext ctx, String reason) {
        if (!ended) {
            ended = true;
            cancelDeadline();
            ctx.close(); // behind what was flushed before, such as a refusal
            if (connected) {
                links.refused(this, reason);
            } else {
                links.forget(this); // the dialler knows, and may try another address
            }
        }
    }

    private void cancelDeadline() {
        Scheduler.Task task = deadline;
        if (task != null) {
            task.cancel();
        }
    }
}
