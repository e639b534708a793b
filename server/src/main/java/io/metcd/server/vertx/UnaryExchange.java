package io.metcd.server.vertx;

import static java.util.Objects.requireNonNull;

import io.metcd.base.Bytes;
import io.metcd.server.rpc.Code;
import io.metcd.server.rpc.Frames;
import io.metcd.server.rpc.MessageReader;
import io.metcd.server.rpc.Methods.Method;
import io.metcd.server.rpc.Payload;
import io.metcd.server.rpc.Reply;
import io.metcd.server.rpc.Status;
import io.metcd.server.rpc.UnaryCall;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.util.concurrent.Future;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** One call of a unary method: its stream's frames in, one answer out. */
final class UnaryExchange implements UnaryCall, Reply {
    private static final int SMALL_ANSWER = 1024;

    private final UnaryFrames connection;
    private final int streamId;
    private final Http2Headers headers;
    private final Method method;
    private final long timeoutNanos;
    private final MessageReader reader;
    private final Holding holding;

    /** What to do when nobody waits any more, and the timer of the deadline; both only if they were asked for. */
    private @Nullable Runnable onCancel;

    private @Nullable Future<?> deadline;

    private final long begunNanos;
    private Bytes asked = Bytes.EMPTY;
    private boolean called;
    private boolean answered;
    private boolean closed;

    /** What a stream's first frame says. */
    record Opening(int streamId, Http2Headers headers, Method method, long timeoutNanos, Holding holding) {}

    UnaryExchange(UnaryFrames connection, Opening opening, int maxMessageSize) {
        this.connection = connection;
        this.streamId = opening.streamId;
        this.headers = opening.headers;
        this.method = opening.method;
        this.timeoutNanos = opening.timeoutNanos;
        this.holding = opening.holding;
        this.reader = new MessageReader(maxMessageSize);
        this.begunNanos = method.count().start();
    }

    @Override
    public Optional<String> metadata(String name) {
        return Optional.ofNullable(headers.get(name)).map(CharSequence::toString);
    }

    @Override
    public String origin() {
        return connection.origin();
    }

    @Override
    public long timeoutNanos() {
        return timeoutNanos;
    }

    @Override
    public Optional<String> commonName() {
        return connection.commonName();
    }

    @Override
    public void onCancel(Runnable action) {
        onCancel = action;
        if (timeoutNanos != NO_DEADLINE) {
            deadline = connection.loop().schedule(this::onDeadline, timeoutNanos, TimeUnit.NANOSECONDS);
        }
    }

    @Override
    public void send(Payload message) {
        long size = message.size();
        if (size > Integer.MAX_VALUE) {
            fail(tooLarge(size));
        } else if (!hasRoom(size)) {
            fail(Holding.NO_ROOM);
        } else if (finish(Code.OK)) {
            method.count().sent(size);
            if (size <= LargeAnswer.PIECE_BYTES) {
                connection.answer(streamId, Frames.encode(message));
            } else {
                new LargeAnswer(connection, streamId, message.pieces(LargeAnswer.PIECE_BYTES))
                        .start(Frames.prefix((int) size));
            }
        }
    }

    @Override
    public void fail(Status status) {
        if (finish(status.code())) {
            connection.fail(streamId, status);
        }
    }

    void onData(Bytes data) {
        if (called) {
            return;
        }
        if (!holding.grow(data.size())) {
            called = true;
            fail(Holding.NO_ROOM);
        } else {
            reader.feed(data, this::onMessage).ifPresent(failure -> {
                called = true;
                fail(failure);
            });
        }
    }

    /** The client sends no more. */
    void onEnd() {
        if (!called) {
            called = true;
            fail(new Status(Code.INTERNAL, "unexpected EOF"));
        }
    }

    /** The stream is over: answered, reset, or lost with its connection. */
    void onClosed() {
        closed = true;
        Runnable action = onCancel;
        if (!answered && (!called || action != null)) {
            finish(Code.CANCELLED);
            if (action != null) {
                action.run();
            }
        }
    }

    private void onDeadline() {
        if (!answered) {
            fail(Cancellation.DEADLINE_EXCEEDED);
            requireNonNull(onCancel).run();
        }
    }

    private void onMessage(Bytes message) {
        if (!called) {
            called = true;
            method.count().received(message.size());
            asked = message;
            requireNonNull(method.unary()).call(this, message, this);
        }
    }

    /** An answer waits for its client as a whole, or a piece of it does; a small one is in what each stream is counted as. */
    private boolean hasRoom(long size) {
        return size <= SMALL_ANSWER || answered || closed || holding.grow(Math.min(size, LargeAnswer.PIECE_BYTES));
    }

    /** As etcd says it (contract: wire.size.4). */
    private static Status tooLarge(long size) {
        return new Status(
                Code.RESOURCE_EXHAUSTED,
                "trying to send message larger than max (" + size + " vs. " + Integer.MAX_VALUE + ")");
    }

    /** Notes the end of the call; true if there is still somebody to hear it. */
    private boolean finish(Code code) {
        if (answered) {
            return false;
        }
        answered = true;
        if (deadline != null) {
            deadline.cancel(false);
        }
        method.count().end(code, begunNanos, asked, connection::client);
        return !closed;
    }
}
