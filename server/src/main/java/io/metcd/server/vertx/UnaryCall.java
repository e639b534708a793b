package io.metcd.server.vertx;

import static java.util.Objects.requireNonNull;

import io.metcd.base.Bytes;
import io.metcd.server.rpc.Call;
import io.metcd.server.rpc.Code;
import io.metcd.server.rpc.Frames;
import io.metcd.server.rpc.MessageReader;
import io.metcd.server.rpc.Methods.Method;
import io.metcd.server.rpc.Payload;
import io.metcd.server.rpc.Reply;
import io.metcd.server.rpc.Status;
import io.metcd.server.rpc.UnaryMethod;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.util.Optional;

/** One call of a unary method. */
final class UnaryCall implements Call, Reply {
    private final HttpServerRequest request;
    private final HttpServerResponse response;
    private final Method method;
    private final UnaryMethod handler;
    private final long timeoutNanos;
    private final MessageReader reader;
    private boolean called;
    private boolean answered;

    UnaryCall(HttpServerRequest request, Method method, long timeoutNanos, int maxMessageSize) {
        this.request = request;
        this.response = request.response();
        this.method = method;
        this.handler = requireNonNull(method.unary());
        this.timeoutNanos = timeoutNanos;
        this.reader = new MessageReader(maxMessageSize);
    }

    void start() {
        method.count().start();
        request.handler(this::onData).endHandler(end -> onEnd());
    }

    @Override
    public Optional<String> metadata(String name) {
        return Optional.ofNullable(request.headers().get(name));
    }

    @Override
    public long timeoutNanos() {
        return timeoutNanos;
    }

    @Override
    public void onCancel(Runnable action) {
        Cancellation cancellation = new Cancellation(request, timeoutNanos, deadlinePassed -> {
            if (!answered) {
                if (deadlinePassed) {
                    fail(Cancellation.DEADLINE_EXCEEDED);
                } else {
                    answered = true;
                    method.count().end(Code.CANCELLED);
                }
                action.run();
            }
        });
        cancellation.arm();
    }

    @Override
    public void send(Payload message) {
        if (finish(Code.OK)) {
            GrpcHeaders.begin(response);
            GrpcHeaders.successTrailer(response);
            response.end(Buffers.outgoing(Frames.encode(message)));
        }
    }

    @Override
    public void fail(Status status) {
        if (finish(status.code())) {
            GrpcHeaders.end(response, status);
        }
    }

    private void onData(Buffer data) {
        if (!called) {
            reader.feed(Buffers.incoming(data), this::onMessage).ifPresent(failure -> {
                called = true;
                fail(failure);
            });
        }
    }

    private void onMessage(Bytes message) {
        if (!called) {
            called = true;
            handler.call(this, message, this);
        }
    }

    private void onEnd() {
        if (!called) {
            called = true;
            fail(new Status(Code.INTERNAL, "unexpected EOF"));
        }
    }

    /** Notes the end of the call; true if there is still somebody to hear it. */
    private boolean finish(Code code) {
        if (answered) {
            return false;
        }
        answered = true;
        method.count().end(code);
        return !response.closed();
    }
}
