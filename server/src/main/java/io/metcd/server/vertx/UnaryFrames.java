package io.metcd.server.vertx;

import static java.util.Objects.requireNonNull;

import io.metcd.base.Bytes;
import io.metcd.base.Clock;
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
import io.netty.handler.codec.http2.Http2Settings;
import io.netty.handler.codec.http2.Http2Stream;
import io.netty.util.AsciiString;
import java.time.Duration;
import java.util.Map;
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

    /** Clients that cancel many watches reset many streams; each costs little here. */
    private static final int RESETS_MAX = 20_000;

    /** Of streams that the server resets: mistakes of the client, and calls that there is no room for. */
    private static final int REFUSALS_MAX = 1000;

    /** Every client has settings, but none has them all the time. */
    private static final int SETTINGS_MAX = 1000;

    private static final Duration WINDOW = Duration.ofSeconds(10);

    /** What a stream is in memory, without its headers. */
    private static final int STREAM_BYTES = 2048;

    /** What a header is in memory, besides its letters. */
    private static final int HEADER_BYTES = 64;

    private final Http2ConnectionHandler http2;
    private final ChannelHandlerContext context;
    private final FlushOnce flushes;
    private final Methods methods;
    private final PingPolicy pings;
    private final Pace resets = new Pace(Clock.system(), RESETS_MAX, WINDOW);
    private final Pace refusals = new Pace(Clock.system(), REFUSALS_MAX, WINDOW);
    private final Pace settings = new Pace(Clock.system(), SETTINGS_MAX, WINDOW);
    private final PortOptions options;
    private final Http2Connection.PropertyKey exchangeKey;
    private final Http2Connection.PropertyKey holdingKey;
    private boolean flushScheduled;
    private boolean over;

    /** What the calls of all connections share, and what this connection counts. */
    record Setting(Methods methods, PortOptions options, FlushOnce flushes, PingPolicy pings) {}

    private UnaryFrames(Http2ConnectionHandler http2, ChannelHandlerContext context, Setting setting) {
        super(http2.decoder().frameListener());
        this.http2 = http2;
        this.context = context;
        this.flushes = setting.flushes;
        this.methods = setting.methods;
        this.pings = setting.pings;
        this.options = setting.options;
        this.exchangeKey = http2.connection().newKey();
        this.holdingKey = http2.connection().newKey();
    }

    /** Takes the unary calls of a connection over; to be called before its first stream. */
    static UnaryFrames install(Http2ConnectionHandler http2, ChannelHandlerContext context, Setting setting) {
        UnaryFrames frames = new UnaryFrames(http2, context, setting);
        http2.decoder().frameListener(frames);
        http2.connection().addListener(new Http2ConnectionAdapter() {
            @Override
            public void onStreamClosed(Http2Stream stream) {
                frames.onStreamClosed(stream);
            }
        });
        StreamEnds.install(http2, frames);
        return frames;
    }

    /** Ends all calls, since the connection is over; what may still come of it begins none. */
    void end() {
        over = true;
        try {
            http2.connection().forEachActiveStream(stream -> {
                if (isUnary(stream)) {
                    stream.close();
                }
                return true;
            });
        } catch (Http2Exception e) {
            throw new IllegalStateException(e);
        }
    }

    /** Whether the stream is a call's that is answered here. */
    boolean isUnary(Http2Stream stream) {
        return exchange(stream) != null;
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

    long patienceNanos() {
        return options.rules().patience().toNanos();
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
        reset(streamId, Http2Error.CANCEL);
    }

    private void reset(int streamId, Http2Error error) {
        http2.encoder().writeRstStream(context, streamId, error.code(), context.newPromise());
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
        if (hasRoom(streamId, headers) && !taken(streamId, headers, endOfStream)) {
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
        if (hasRoom(streamId, headers) && !taken(streamId, headers, endOfStream)) {
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
        if (resets.isExceeded()) {
            calm("too_many_resets");
        } else if (exchange(streamId) == null) {
            super.onRstStreamRead(ctx, streamId, errorCode);
        }
    }

    @Override
    public void onPingRead(ChannelHandlerContext ctx, long data) throws Http2Exception {
        if (pings.onPing(http2.connection().numActiveStreams() > 0)) {
            calm("too_many_pings");
        } else {
            super.onPingRead(ctx, data);
        }
    }

    @Override
    public void onSettingsRead(ChannelHandlerContext ctx, Http2Settings changed) throws Http2Exception {
        if (settings.isExceeded()) {
            calm("too_many_settings");
        } else {
            super.onSettingsRead(ctx, changed);
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

    private void onStreamClosed(Http2Stream stream) {
        UnaryExchange exchange = exchange(stream);
        if (exchange != null) {
            exchange.onClosed();
        }
        Holding holding = stream.getProperty(holdingKey);
        if (holding != null) {
            holding.shrinkTo(0);
        }
        if (!over && stream.isResetSent() && refusals.isExceeded()) {
            // Not at once: this may be the middle of a flush, and the last word would not leave.
            loop().execute(() -> calm("too_many_mistakes"));
        }
    }

    /** False for a new stream that would take more than there is for open calls: it is refused. */
    private boolean hasRoom(int streamId, Http2Headers headers) {
        Http2Stream stream = http2.connection().stream(streamId);
        if (over) {
            return false;
        }
        if (stream == null || stream.getProperty(holdingKey) != null) {
            return true;
        }
        long bytes = STREAM_BYTES;
        for (Map.Entry<CharSequence, CharSequence> header : headers) {
            bytes += HEADER_BYTES + header.getKey().length() + header.getValue().length();
        }
        Holding holding = new Holding(options.budgets().openCalls());
        if (!holding.grow(bytes)) {
            reset(streamId, Http2Error.REFUSED_STREAM);
            return false;
        }
        stream.setProperty(holdingKey, holding);
        return true;
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
        UnaryExchange.Opening opening = new UnaryExchange.Opening(
                streamId, headers, method, timeout.getAsLong(), requireNonNull(stream.getProperty(holdingKey)));
        UnaryExchange exchange = new UnaryExchange(this, opening, options.maxMessageSize());
        stream.setProperty(exchangeKey, exchange);
        return exchange;
    }

    private @Nullable UnaryExchange exchange(int streamId) {
        Http2Stream stream = http2.connection().stream(streamId);
        return stream == null ? null : exchange(stream);
    }

    private @Nullable UnaryExchange exchange(Http2Stream stream) {
        return stream.getProperty(exchangeKey);
    }

    /** Ends the connection of a client that asks for nothing but work. */
    private void calm(String why) {
        if (!http2.connection().goAwaySent()) {
            LastWord.say(http2, context, Http2Error.ENHANCE_YOUR_CALM, why);
        }
        context.close();
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
