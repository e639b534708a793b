package io.metcd.server.vertx;

import io.metcd.base.Bytes;
import io.metcd.server.json.JsonErrors;
import io.metcd.server.json.JsonPaths.Route;
import io.metcd.server.json.JsonRejected;
import io.metcd.server.json.JsonValues;
import io.metcd.server.json.Transcoder;
import io.metcd.server.rpc.CallCount.Kind;
import io.metcd.server.rpc.Payload;
import io.metcd.server.rpc.Status;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * A stream of JSON: a value a message in, a line a message out (contract: json.5). A body whose first value is no
 * request of the method is refused; what is wrong later only ends the requests, as with etcd.
 */
final class JsonWire implements Wire {
    private static final Bytes NOTHING = Bytes.utf8("{}");

    private final HttpServerRequest request;
    private final HttpServerResponse response;
    private final Transcoder transcoder;
    private final JsonValues values;
    private final int maxMessageSize;

    /** A method with one request takes an empty body for an empty request. */
    private final boolean oneRequest;

    private boolean began;
    private boolean over;

    JsonWire(HttpServerRequest request, Route route, int maxMessageSize) {
        this.request = request;
        this.response = request.response();
        this.transcoder = route.transcoder();
        this.values = new JsonValues(JsonHeaders.bodyMax(maxMessageSize));
        this.maxMessageSize = maxMessageSize;
        this.oneRequest = route.method().count().kind() == Kind.SERVER_STREAM;
        if (request.version().alpnName().startsWith("http/1")) {
            response.setChunked(true);
        }
    }

    @Override
    public Optional<String> metadata(String name) {
        return JsonHeaders.metadata(request, name);
    }

    @Override
    public Optional<Status> read(Bytes chunk, Consumer<Bytes> messages) {
        return over ? Optional.empty() : taken(sink -> values.feed(chunk, sink::take), messages);
    }

    @Override
    public Optional<Status> readEnd(Consumer<Bytes> messages) {
        if (over) {
            return Optional.empty();
        }
        Optional<Status> failure = taken(sink -> values.end(sink::take), messages);
        if (failure.isEmpty() && oneRequest && !began) {
            failure = new Sink(messages).pass(NOTHING);
        }
        return failure;
    }

    @Override
    public int pending() {
        return values.pending();
    }

    @Override
    public Bytes frame(Payload message) {
        if (!response.headWritten()) {
            response.putHeader("content-type", "application/json");
        }
        return transcoder.result(message);
    }

    @Override
    public void end(Status status) {
        if (status.isOk()) {
            response.end();
            return;
        }
        if (!response.headWritten()) {
            response.setStatusCode(JsonErrors.httpStatus(status.code())).putHeader("content-type", "application/json");
        }
        response.end(Buffers.outgoing(JsonErrors.line(status)));
    }

    private Optional<Status> taken(
            java.util.function.Function<Sink, Optional<Status>> source, Consumer<Bytes> messages) {
        Sink sink = new Sink(messages);
        Optional<Status> failure = source.apply(sink);
        if (sink.failure.isPresent()) {
            failure = sink.failure;
        }
        if (failure.isPresent()) {
            over = true;
        }
        return began ? Optional.empty() : failure;
    }

    /** Takes the values of one piece of the body. */
    private final class Sink {
        private final Consumer<Bytes> messages;
        private Optional<Status> failure = Optional.empty();

        Sink(Consumer<Bytes> messages) {
            this.messages = messages;
        }

        boolean take(Bytes value) {
            failure = pass(value);
            if (oneRequest) {
                over = true;
            }
            return failure.isEmpty() && !over;
        }

        Optional<Status> pass(Bytes value) {
            try {
                Bytes message = transcoder.request(value);
                if (message.size() > maxMessageSize) {
                    return Optional.of(JsonValues.tooLarge(message.size(), maxMessageSize));
                }
                began = true;
                messages.accept(message);
                return Optional.empty();
            } catch (JsonRejected rejected) {
                return Optional.of(rejected.status());
            }
        }
    }
}
