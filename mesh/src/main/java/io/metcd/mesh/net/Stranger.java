package io.metcd.mesh.net;

import io.metcd.base.Bytes;
import io.metcd.base.Scheduler;
import io.metcd.mesh.wire.handshake.Handshake;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
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
 * It ends once, with a link in its place or with a reason.
 */
final class Stranger extends ByteToMessageDecoder {
    private static final int LENGTH_SIZE = 4;

    private final Strangers strangers;
    private final Origin origin;
    private final Scheduler scheduler;
    private Scheduler.@Nullable Task deadline;
    private @Nullable Handshake handshake;
    /** Set once the other end answers. */
    private @Nullable Channel connection;

    private boolean ended;
    /** Why it ends, whatever ends it first. */
    private String lastWords = "";

    private @Nullable ChannelHandlerContext context;

    /**
     * Where the connection came from.
     *
     * @param attempt the number of the dial, 0 for an accepted connection
     * @param address as it was dialled, or the source address
     */
    record Origin(Handshake.Role role, long attempt, String address) {}

    Stranger(Strangers strangers, Scheduler scheduler, Origin origin) {
        this.strangers = strangers;
        this.scheduler = scheduler;
        this.origin = origin;
    }

    Origin origin() {
        return origin;
    }

    /** What it may say before it has proved itself. */
    int bytesMax() {
        return strangers.limits().strangerBytes();
    }

    String remoteAddress() {
        ChannelHandlerContext added = context;
        return added != null && added.channel().remoteAddress() instanceof InetSocketAddress remote
                ? HostPort.of(remote).toString()
                : origin.address();
    }

    /** Ends it from outside, e.g. at the deadline. */
    void drop(String reason) {
        end(reason);
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        this.context = ctx;
    }

    /** The other end answers: from now on its deadline runs, and the end of this connection is told. */
    void connected(Channel answering) {
        if (connection != null) {
            return;
        }
        connection = answering;
        long nanos = strangers.limits().handshakeNanos();
        long millis = TimeUnit.NANOSECONDS.toMillis(nanos);
        deadline = scheduler.schedule(nanos, () -> drop("handshake deadline: nothing agreed within " + millis + " ms"));
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) throws Exception {
        if (event instanceof SslHandshakeCompletionEvent completion && !ended) {
            if (completion.isSuccess()) {
                secured(ctx.pipeline().get(SslHandler.class).engine());
            } else {
                end(Words.of(completion.cause()));
            }
        }
        super.userEventTriggered(ctx, event);
    }

    /** TLS is done; this is the last handler of the channel over which the handshake is spoken. */
    void secured(SSLEngine engine) {
        ChannelHandlerContext ctx = context;
        if (ctx == null || ended) {
            return;
        }
        Bytes shown;
        Bytes remoteKey;
        try {
            remoteKey = PeerTls.remoteKey(engine);
        } catch (SSLException e) {
            end(Words.of(e));
            return;
        }
        try {
            shown = PeerTls.ownKey(engine);
        } catch (SSLException e) {
            // The other end refuses us for it, and would not learn why if we were gone by then.
            lastWords = Words.of(e);
            return;
        }
        Handshake begun = new Handshake(strangers.self(origin.role(), shown), remoteKey);
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
            end("malformed handshake: a message of more than " + Handshake.MESSAGE_SIZE_MAX + " bytes");
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
        step.refusal().ifPresent(refusal -> end(refusal.words()));
        step.agreement().ifPresent(agreement -> agree(ctx, agreement));
    }

    private void agree(ChannelHandlerContext ctx, Handshake.Agreement agreement) {
        ended = true;
        cancelDeadline();
        ctx.pipeline().remove(StrangerBudget.class);
        strangers.agreed(
                this, ctx.pipeline(), new Strangers.Proved(agreement.remoteIdentity(), agreement.remoteHello()));
        // What the other end has sent behind its last handshake message goes on to the link.
        ctx.pipeline().remove(this);
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        end("closed by the peer during the handshake");
    }

    @Override
    public void channelUnregistered(ChannelHandlerContext ctx) {
        end("no connection");
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        end(Words.of(cause));
    }

    private void end(String last) {
        if (!ended) {
            ended = true;
            String reason = lastWords.isEmpty() ? last : lastWords;
            cancelDeadline();
            // Closed behind what was flushed before, such as a refusal.
            if (connection != null) {
                connection.close();
                strangers.refused(this, reason);
            } else {
                if (context != null) {
                    context.close();
                }
                strangers.forget(this); // the dialler knows, and may try another address
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
