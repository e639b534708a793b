package io.metcd.server.vertx;

import io.metcd.base.Bytes;
import io.metcd.server.rpc.Frames;
import io.metcd.server.rpc.MessageReader;
import io.metcd.server.rpc.Payload;
import io.metcd.server.rpc.Status;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.impl.ConnectionBase;
import java.util.Optional;
import java.util.function.Consumer;

/** A stream of gRPC: frames in and out, the status in trailers. */
final class GrpcWire implements Wire {
    private final HttpServerRequest request;
    private final MessageReader reader;

    GrpcWire(HttpServerRequest request, int maxMessageSize) {
        this.request = request;
        this.reader = new MessageReader(maxMessageSize);
        GrpcHeaders.begin(request.response());
    }

    @Override
    public Optional<String> metadata(String name) {
        return Optional.ofNullable(request.headers().get(name));
    }

    @Override
    public Optional<String> commonName() {
        return Intake.commonName(((ConnectionBase) request.connection()).channel());
    }

    @Override
    public Optional<Status> read(Bytes chunk, Consumer<Bytes> messages) {
        return reader.feed(chunk, messages);
    }

    @Override
    public Optional<Status> readEnd(Consumer<Bytes> messages) {
        return Optional.empty();
    }

    @Override
    public int pending() {
        return reader.pending();
    }

    @Override
    public Bytes frame(Payload message) {
        return Bytes.wrap(Frames.encode(message));
    }

    @Override
    public void end(Status status) {
        GrpcHeaders.end(request.response(), status);
    }
}
