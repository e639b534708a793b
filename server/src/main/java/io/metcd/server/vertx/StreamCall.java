package io.metcd.server.vertx;

import static java.util.Objects.requireNonNull;

import io.metcd.base.Bytes;
import io.metcd.server.rpc.Call;
import io.metcd.server.rpc.Code;
import io.metcd.server.rpc.Inbound;
import io.metcd.server.rpc.Methods.Method;
import io.metcd.server.rpc.Outbound;
import io.metcd.server.rpc.Payload;
import io.metcd.server.rpc.Status;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** One call of a streaming method. */
final class StreamCall implements Call, Outbound {
    private final HttpServerRequest request;
    private final HttpServerResponse response;
    private final Method method;
    private final long timeoutNanos;
    private final Wire wire;
    private final PingPolicy pings;
    private final int pendingMax;
    private final Holding holding;

    /** Set once the method has opened the stream. */
    private @Nullable Inbound inbound;

    /** Bytes handed to the connection that it has not yet written to the socket. */
    private int pending;

    private long begunNanos;
    private boolean blocked;
    private boolean over;

    /** What all streams of a connection share. */
    record Setting(PingPolicy pings, int pendingMax, ByteBudget openCalls) {}

    StreamCall(HttpServerRequest request, Method method, long timeoutNanos, Wire wire, Setting setting) {
        this.request = request;
        this.response = request.response();
        this.method = method;
        this.timeoutNanos = timeoutNanos;
        this.wire = wire;
        this.pings = setting.pings;
        this.pendingMax = setting.pendingMax;
        this.holding = new Holding(setting.openCalls);
    }

    void start() {
        begunNanos = method.count().start();
        new Cancellation(request, timeoutNanos, this::onGone).arm();
        response.drainHandler(drained -> onProgress());
        inbound = requireNonNull(method.stream()).open(this, this);
        if (!over) {
            request.handler(this::onData).endHandler(end -> onHalfClosed());
        }
    }

    @Override
    public Optional<String> metadata(String name) {
        return wire.metadata(name);
    }

    @Override
    public long timeoutNanos() {
        return timeoutNanos;
    }

    @Override
    public Optional<String> commonName() {
        return wire.commonName();
    }

    @Override
    public boolean writable() {
        boolean writable = !over && pending < pendingMax && !response.writeQueueFull();
        blocked = !writable;
        return writable;
    }

    @Override
    public void send(Payload message) {
        if (over) {
            return;
        }
        pings.onSent();
        Bytes frame = wire.frame(message);
        method.count().sent(message.size());
        pending += frame.size();
        response.write(Buffers.outgoing(frame)).onComplete(written -> {
            pending -= frame.size();
            onProgress();
        });
    }

    @Override
    public void pauseRequests() {
        if (!over && !request.isEnded()) {
            request.pause();
        }
    }

    @Override
    public void resumeRequests() {
        if (!over && !request.isEnded()) {
            request.resume();
        }
    }

    @Override
    public void end(Status status) {
        if (over) {
            return;
        }
        over = true;
        holding.shrinkTo(0);
        method.count().end(status.code(), begunNanos);
        if (!response.closed()) {
            wire.end(status);
        }
    }

    private void onData(Buffer data) {
        Inbound opened = inbound;
        if (over || opened == null) {
            return;
        }
        if (!holding.grow(data.length())) {
            fail(opened, Holding.NO_ROOM);
            return;
        }
        wire.read(Buffers.incoming(data), message -> pass(opened, message)).ifPresent(failure -> fail(opened, failure));
        holding.shrinkTo(over ? 0 : wire.pending());
    }

    private void pass(Inbound opened, Bytes message) {
        if (!over) {
            method.count().received(message.size());
            opened.message(message);
        }
    }

    private void fail(Inbound opened, Status failure) {
        if (!over) {
            end(failure);
            opened.cancelled();
        }
    }

    private void onHalfClosed() {
        Inbound opened = inbound;
        if (over || opened == null) {
            return;
        }
        wire.readEnd(message -> pass(opened, message)).ifPresent(failure -> fail(opened, failure));
        if (!over) {
            opened.halfClosed();
        }
    }

    private void onProgress() {
        Inbound opened = inbound;
        if (blocked && opened != null && writable()) {
            opened.writable();
        }
    }

    private void onGone(boolean deadlinePassed) {
        if (over) {
            return;
        }
        if (deadlinePassed) {
            end(Cancellation.DEADLINE_EXCEEDED);
        } else {
            over = true;
            holding.shrinkTo(0);
            method.count().end(Code.CANCELLED, begunNanos);
        }
        Inbound opened = inbound;
        if (opened != null) {
            opened.cancelled();
        }
    }
}
