package io.metcd.server.vertx;

import static java.util.Objects.requireNonNull;

import io.metcd.base.Bytes;
import io.metcd.server.json.JsonErrors;
import io.metcd.server.json.JsonPaths.Route;
import io.metcd.server.json.JsonRejected;
import io.metcd.server.json.JsonValues;
import io.metcd.server.rpc.Code;
import io.metcd.server.rpc.Download;
import io.metcd.server.rpc.Payload;
import io.metcd.server.rpc.Reply;
import io.metcd.server.rpc.Status;
import io.metcd.server.rpc.UnaryCall;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.net.impl.ConnectionBase;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** One call of a unary method by JSON: the first value of the body is the request, what follows it is not looked at. */
final class JsonCall implements UnaryCall, Reply {
    private static final Bytes NOTHING = Bytes.utf8("{}");

    /** The largest message that is made into JSON, which takes a third more and is made as a whole. */
    private static final int ANSWER_MAX = 128 << 20;

    /** An answer's encoding, and its JSON while it is made, in bytes for each of the message. */
    private static final int MAKING_COST = 3;

    /** What a client is told whose answer does not fit in (contract: json.10). */
    private static final Status NO_ROOM = new Status(
            Code.RESOURCE_EXHAUSTED,
            "answers by JSON take too much memory at once: ask for less, with a limit and from key to key, or try again");

    /** What of a body that was refused is still taken, so that the client hears why before it is cut off. */
    private static final int REFUSED_BODY_MAX = 64 << 20;

    private final HttpServerRequest request;
    private final HttpServerResponse response;
    private final Route route;
    private final long timeoutNanos;
    private final PortOptions options;
    private final JsonValues values;
    private final Holding holding;

    /** The first value, once it is complete. */
    private @Nullable Bytes asked;

    private @Nullable Runnable onCancel;
    private @Nullable Future<?> deadline;
    private long taken;
    private boolean answered;

    /** What the method was called with: what never reaches it is not counted as its call. */
    private @Nullable Bytes called;

    private long begunNanos;

    JsonCall(HttpServerRequest request, Route route, long timeoutNanos, PortOptions options) {
        this.request = request;
        this.response = request.response();
        this.route = route;
        this.timeoutNanos = timeoutNanos;
        this.options = options;
        this.values = new JsonValues(JsonHeaders.bodyMax(options.maxMessageSize()));
        this.holding = new Holding(options.budgets().openCalls());
    }

    void start() {
        request.exceptionHandler(cause -> onGone());
        response.exceptionHandler(cause -> onGone()).closeHandler(closed -> onGone());
        request.handler(this::onData).endHandler(end -> onEnd());
    }

    @Override
    public Optional<String> metadata(String name) {
        return JsonHeaders.metadata(request, name);
    }

    @Override
    public String origin() {
        return Origin.of(request);
    }

    @Override
    public long timeoutNanos() {
        return timeoutNanos;
    }

    @Override
    public void onCancel(Runnable action) {
        onCancel = action;
        if (timeoutNanos != NO_DEADLINE) {
            deadline = ((ConnectionBase) request.connection())
                    .channel()
                    .eventLoop()
                    .schedule(this::onDeadline, timeoutNanos, TimeUnit.NANOSECONDS);
        }
    }

    @Override
    public void send(Payload message) {
        if (message.size() > ANSWER_MAX) {
            fail(JsonValues.tooLarge(message.size(), ANSWER_MAX));
        } else if (!answered) {
            ByteBudget budget = options.budgets().jsonAnswers();
            long making = MAKING_COST * message.size();
            if (!budget.take(making)) {
                fail(NO_ROOM);
                return;
            }
            long kept = 0;
            try {
                Bytes json = route.transcoder().answer(message);
                kept = json.sharedArray().length;
                finish(Code.OK);
                route.method().count().sent(message.size());
                flow(json);
            } finally {
                budget.giveBack(making - kept);
            }
        }
    }

    @Override
    public void fail(Status status) {
        if (finish(status.code())) {
            write(status.code(), JsonErrors.body(status));
        }
    }

    private void onData(Buffer data) {
        taken += data.length();
        if (answered) {
            if (taken > REFUSED_BODY_MAX) {
                request.connection().close();
            }
        } else if (asked == null) {
            if (holding.grow(data.length())) {
                values.feed(Buffers.incoming(data), this::take).ifPresent(this::fail);
            } else {
                fail(Holding.NO_ROOM);
            }
        }
    }

    private void onEnd() {
        if (answered) {
            return;
        }
        if (asked == null) {
            values.end(this::take).ifPresent(this::fail);
        }
        if (!answered) {
            call(asked == null ? NOTHING : asked);
        }
    }

    private boolean take(Bytes value) {
        asked = value;
        return false;
    }

    private void call(Bytes json) {
        Bytes message;
        try {
            message = route.transcoder().request(json);
        } catch (JsonRejected rejected) {
            fail(rejected.status());
            return;
        }
        if (message.size() > options.maxMessageSize()) {
            fail(JsonValues.tooLarge(message.size(), options.maxMessageSize()));
            return;
        }
        begunNanos = route.method().count().start();
        route.method().count().received(message.size());
        called = message;
        requireNonNull(route.method().unary()).call(this, message, this);
    }

    private void onGone() {
        Runnable action = onCancel;
        if (!answered && finish(Code.CANCELLED) && action != null) {
            action.run();
        }
    }

    private void onDeadline() {
        if (!answered) {
            fail(Cancellation.DEADLINE_EXCEEDED);
            requireNonNull(onCancel).run();
        }
    }

    /** Notes the end of the call; false if it had ended. */
    private boolean finish(Code code) {
        if (answered) {
            return false;
        }
        answered = true;
        holding.shrinkTo(0);
        if (deadline != null) {
            deadline.cancel(false);
        }
        Bytes message = called;
        if (message != null) {
            route.method().count().end(code, begunNanos, message, this::client);
        }
        return true;
    }

    private String client() {
        return String.valueOf(request.remoteAddress());
    }

    /** As the client takes it; what it was made in is held until the end. */
    private void flow(Bytes json) {
        ByteBudget budget = options.budgets().jsonAnswers();
        Download answer = new Download(new Slices(json), () -> budget.giveBack(json.sharedArray().length));
        new Outflow(request, answer, options.rules().patience())
                .start("application/json", OptionalLong.of(json.size()));
    }

    private void write(Code code, Bytes body) {
        if (!response.closed()) {
            response.setStatusCode(JsonErrors.httpStatus(code)).putHeader("content-type", "application/json");
            response.end(Buffers.outgoing(body));
        }
    }
}
