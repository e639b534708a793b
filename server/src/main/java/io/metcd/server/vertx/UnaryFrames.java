package io.metcd.server.vertx;

import io.metcd.base.Bytes;
import io.metcd.server.rpc.Methods;
import io.metcd.server.rpc.Methods.Method;
import io.metcd.server.rpc.Status;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.EventLoop;
import io.netty.handler.codec.http2.Http2Connection;
import io.netty.handler.codec.http2.Http2ConnectionAdapter;
import io.netty.handler.codec.http2.Http2ConnectionHandler;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Flags;
import io.netty.handler.codec.http2.Http2FrameListenerDecorator;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2Stream;
import io.netty.util.AsciiString;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * The unary calls of one connection, which are nearly all there are: taken from the frames before Vert.x makes a request
 * of each, and answered with frames. Every other stream, and all that concerns the connection, goes on to Vert.x.
 *
 * <pre>
 *   socket ─► HTTP/2 codec ─► UnaryFrames ─┬─► UnaryExchange ─► method
 *                                          └─► Vert.x ─► Dispatch: streaming methods, pages, what is unknown or wrong
 * </pre>
 *
 * <p>A unary stream has no state in Vert.x, which passes over such streams.
 */
final class UnaryFrames extends Http2FrameListenerDecorator {
    private static final AsciiString POST = AsciiString.cached("POST");

    private final Http2ConnectionHandler http2;
    private final ChannelHandlerContext context;
    private final FlushOnce flushes;
    private final Methods methods;
    private final PingPolicy pings;
    private final int maxMessageSize;
    private final Http2Connection.PropertyKey exchangeKey;
    private boolean flushScheduled;

    /** What the calls of all connections share, and what this connection counts. */
    record Setting(Methods methods, int maxMessageSize, FlushOnce flushes, PingPolicy pings) {}

    private UnaryFrames(Http2ConnectionHandler http2, ChannelHandlerContext context, Setting setting) {
        super(http2.decoder().frameListener());
        this.http2 = http2;
        this.context = context;
        this.flushes = setting.flushes;
        this.methods = setting.methods;
        this.pings = setting.pings;
        this.maxMessageSize = setting.maxMessageSize;
        this.exchangeKey = http2.connection().newKey();
    }

    /** Takes the unary calls of a connection over; to be called before its first stream. */
    static void install(Http2ConnectionHandler http2, ChannelHandlerContext context, Setting setting) {
        UnaryFrames frames = new UnaryFrames(http2, context, setting);
        http2.decoder().frameListener(frames);
        http2.connection().addListener(new Http2ConnectionAdapter() {
            @Override
            public void onStreamClosed(Http2Stream stream) {
                UnaryExchange exchange = stream.getProperty(frames.exchangeKey);
                if (exchange != null) {
                    exchange.onClosed();
                }
            }
        });
    }

    /** Who is at the other end, for logs. */
    String client() {
        return String.valueOf(context.channel().remoteAddress());
    }

    String origin() {
        return Origin.of(context.channel());
    }

    EventLoop loop() {
        return context.channel().eventLoop();
    }

    Optional<String> commonName() {
        return Intake.commonName(context.channel());
    }

    /** Writes a whole successful answer; it leaves at the end of the loop's turn. */
    void answer(int streamId, byte[] message) {
        http2.encoder().writeHeaders(context, streamId, GrpcHeaders.HEAD, 0, false, context.newPromise());
        http2.encoder().writeData(context, streamId, Unpooled.wrappedBuffer(message), 0, false, context.newPromise());
        succeed(streamId);
    }

    /** The head of an answer, and the first bytes of its message. */
    void begin(int streamId, byte[] prefix) {
        http2.encoder().writeHeaders(context, streamId, GrpcHeaders.HEAD, 0, false, context.newPromise());
        write(streamId, Unpooled.wrappedBuffer(prefix));
    }

    /** More of a message; done when the socket has taken it. */
    ChannelFuture write(int streamId, ByteBuf bytes) {
        ChannelFuture written = http2.encoder().writeData(context, streamId, bytes, 0, false, context.newPromise());
        flushSoon();
        return written;
    }

    void succeed(int streamId) {
        http2.encoder().writeHeaders(context, streamId, GrpcHeaders.SUCCESS, 0, true, context.newPromise());
        flushSoon();
    }

    /** Ends a stream whose client does not take its answer. */
    void reset(int streamId) {
        http2.resetStream(context, streamId, Http2Error.CANCEL.code(), context.newPromise());
        flushSoon();
    }

    void fail(int streamId, Status status) {
        http2.encoder().writeHeaders(context, streamId, GrpcHeaders.failure(status), 0, true, context.newPromise());
        flushSoon();
    }

    @Override
    public void onHeadersRead(
            ChannelHandlerContext ctx, int streamId, Http2Headers headers, int padding, boolean endOfStream)
            throws Http2Exception {
        if (!taken(streamId, headers, endOfStream)) {
            super.onHeadersRead(ctx, streamId, headers, padding, endOfStream);
        }
    }

    @Override
    @SuppressWarnings("TooManyParameters") // as Netty hands them
    public void onHeadersRead(
            ChannelHandlerContext ctx,
            int streamId,
            Http2Headers headers,
            int dependency,
            short weight,
            boolean exclusive,
            int padding,
            boolean endOfStream)
            throws Http2Exception {
        if (!taken(streamId, headers, endOfStream)) {
            super.onHeadersRead(ctx, streamId, headers, dependency, weight, exclusive, padding, endOfStream);
        }
    }

    @Override
    public int onDataRead(ChannelHandlerContext ctx, int streamId, ByteBuf data, int padding, boolean endOfStream)
            throws Http2Exception {
        UnaryExchange exchange = exchange(streamId);
        if (exchange == null) {
            return super.onDataRead(ctx, streamId, data, padding, endOfStream);
        }
        int size = data.readableBytes();
        if (size > 0) {
            byte[] bytes = new byte[size];
            data.getBytes(data.readerIndex(), bytes);
            exchange.onData(Bytes.wrap(bytes));
        }
        if (endOfStream) {
            exchange.onEnd();
        }
        return size + padding;
    }

    @Override
    public void onRstStreamRead(ChannelHandlerContext ctx, int streamId, long errorCode) throws Http2Exception {
        if (exchange(streamId) == null) {
            super.onRstStreamRead(ctx, streamId, errorCode);
        }
    }

    /** Both ends have said how they speak: the connection has arrived. */
    @Override
    public void onSettingsAckRead(ChannelHandlerContext ctx) throws Http2Exception {
        Arrival.complete(ctx.channel());
        super.onSettingsAckRead(ctx);
    }

    @Override
    public void onPriorityRead(ChannelHandlerContext ctx, int streamId, int dependency, short weight, boolean exclusive)
            throws Http2Exception {
        if (exchange(streamId) == null) {
            super.onPriorityRead(ctx, streamId, dependency, weight, exclusive);
        }
    }

    @Override
    public void onUnknownFrame(ChannelHandlerContext ctx, byte type, int streamId, Http2Flags flags, ByteBuf payload)
            throws Http2Exception {
        if (exchange(streamId) == null) {
            super.onUnknownFrame(ctx, type, streamId, flags, payload);
        }
    }

    /** Whether these headers begin or end a unary call. */
    private boolean taken(int streamId, Http2Headers headers, boolean endOfStream) {
        UnaryExchange exchange = exchange(streamId);
        if (exchange == null) {
            exchange = open(streamId, headers);
        }
        if (exchange != null && endOfStream) {
            exchange.onEnd();
        }
        return exchange != null;
    }

    /** A call of a unary method in every respect as it must be; whatever is wrong is told by {@link Dispatch}. */
    private @Nullable UnaryExchange open(int streamId, Http2Headers headers) {
        Http2Stream stream = http2.connection().stream(streamId);
        CharSequence path = headers.path();
        if (stream == null
                || path == null
                || headers.method() == null
                || !POST.contentEquals(headers.method())
                || !GrpcHeaders.isGrpc(headers)) {
            return null;
        }
        Method method = methods.find(path.toString());
        OptionalLong timeout = GrpcHeaders.timeout(headers);
        if (method == null || method.unary() == null || timeout.isEmpty()) {
            return null;
        }
        pings.onSent();
        UnaryExchange exchange = new UnaryExchange(
                this, new UnaryExchange.Opening(streamId, headers, method, timeout.getAsLong()), maxMessageSize);
        stream.setProperty(exchangeKey, exchange);
        return exchange;
    }

    private @Nullable UnaryExchange exchange(int streamId) {
        Http2Stream stream = http2.connection().stream(streamId);
        return stream == null ? null : stream.getProperty(exchangeKey);
    }

    private void flushSoon() {
        if (!flushScheduled) {
            flushScheduled = true;
            loop().execute(this::flush);
        }
    }

    private void flush() {
        flushScheduled = false;
        flushes.atOnce(() -> http2.flush(context));
    }
}
