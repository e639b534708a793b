package io.metcd.server.vertx;

import io.metcd.base.Clock;
import io.metcd.server.json.JsonErrors;
import io.metcd.server.json.JsonPaths;
import io.metcd.server.json.JsonPaths.Route;
import io.metcd.server.rpc.Code;
import io.metcd.server.rpc.Download;
import io.metcd.server.rpc.Methods;
import io.metcd.server.rpc.Methods.Method;
import io.metcd.server.rpc.Page;
import io.metcd.server.rpc.Pages;
import io.metcd.server.rpc.Status;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http2.Http2ConnectionHandler;
import io.netty.util.AttributeKey;
import io.vertx.core.Handler;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.net.impl.ConnectionBase;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * Sends each request of one event loop to the method or the page that it names: gRPC by its path, plain HTTP through
 * {@link FrontDoor}, JSON by {@link JsonPaths}, and everything else to the pages.
 */
final class Dispatch implements Handler<HttpServerRequest> {
    private static final AttributeKey<PingPolicy> PINGS = AttributeKey.valueOf(Dispatch.class, "pings");

    /** What {@link UnaryFrames} has not taken, because it is no POST or its connection began as HTTP/1. */
    private static final Status NOT_A_CALL =
            new Status(Code.INTERNAL, "a unary call is a POST on a connection that speaks HTTP/2 from its first byte");

    private final Methods methods;
    private final JsonPaths json;
    private final Pages pages;
    private final FrontDoor door;
    private final PortOptions options;

    Dispatch(Port.Side side, PortOptions options) {
        this.methods = side.methods();
        this.json = side.json();
        this.pages = side.pages();
        this.door = new FrontDoor(side.web(), side.users());
        this.options = options;
    }

    /** Prepares a new connection. */
    void accept(HttpConnection connection) {
        Channel channel = ((ConnectionBase) connection).channel();
        PingPolicy pings = new PingPolicy(Clock.system(), options.rules().pingMinTime());
        FlushOnce flushes = new FlushOnce(pings);
        if (Intake.isEncrypted(channel)) {
            channel.pipeline().addAfter(Intake.TLS, null, flushes);
        } else {
            channel.pipeline().addFirst(flushes);
        }
        channel.attr(PINGS).set(pings);
        Http2ConnectionHandler http2 = channel.pipeline().get(Http2ConnectionHandler.class);
        if (http2 != null) {
            UnaryFrames.Setting setting = new UnaryFrames.Setting(methods, options, flushes, pings);
            ChannelHandlerContext context = channel.pipeline().context(http2);
            UnaryFrames frames = UnaryFrames.install(http2, context, setting);
            channel.pipeline()
                    .addBefore(
                            context.name(), null, new ReadPause(options.rules().patience()))
                    .addBefore(context.name(), null, new LastWord(http2, context, frames));
            SilenceProbe.start(connection, channel.eventLoop(), options.rules());
        } else {
            Arrival.followRequests(channel);
        }
    }

    @Override
    public void handle(HttpServerRequest request) {
        if (request.version() == HttpVersion.HTTP_2 && GrpcHeaders.isGrpc(request)) {
            call(request);
        } else if (!door.answers(request)) {
            String path = request.path();
            if (path != null && json.isUnderRoot(path)) {
                if (!door.refusesName(request)) {
                    json(request, json.find(path));
                }
            } else {
                page(request);
            }
        }
    }

    private void call(HttpServerRequest request) {
        String path = request.uri();
        Method method = methods.find(path);
        if (method == null) {
            GrpcHeaders.end(request.response(), methods.unknown(path));
            return;
        }
        OptionalLong timeout = GrpcHeaders.timeout(request);
        if (timeout.isEmpty()) {
            String text = "malformed grpc-timeout: " + request.headers().get("grpc-timeout");
            GrpcHeaders.end(request.response(), new Status(Code.INTERNAL, text));
            return;
        }
        setting(request).pings().onSent();
        if (method.unary() != null) {
            GrpcHeaders.end(request.response(), NOT_A_CALL);
        } else {
            GrpcWire wire = new GrpcWire(request, options.maxMessageSize());
            new StreamCall(request, method, timeout.getAsLong(), wire, setting(request)).start();
        }
    }

    private void json(HttpServerRequest request, @Nullable Route route) {
        OptionalLong timeout = JsonHeaders.timeout(request);
        if (route == null) {
            refuse(request, JsonErrors.NOT_FOUND);
        } else if (!request.method().equals(HttpMethod.POST)) {
            refuse(request, JsonErrors.NOT_A_POST);
        } else if (timeout.isEmpty()) {
            String text = "invalid grpc-timeout: " + request.getHeader("grpc-timeout");
            refuse(request, new Status(Code.INVALID_ARGUMENT, text));
        } else if (route.method().unary() != null) {
            new JsonCall(request, route, timeout.getAsLong(), options).start();
        } else {
            JsonWire wire = new JsonWire(request, route, options.maxMessageSize());
            new StreamCall(request, route.method(), timeout.getAsLong(), wire, setting(request)).start();
        }
    }

    private static void refuse(HttpServerRequest request, Status status) {
        request.response()
                .setStatusCode(JsonErrors.httpStatus(status.code()))
                .putHeader("content-type", "application/json")
                .end(Buffers.outgoing(JsonErrors.body(status)));
    }

    private StreamCall.Setting setting(HttpServerRequest request) {
        PingPolicy pings =
                ((ConnectionBase) request.connection()).channel().attr(PINGS).get();
        return new StreamCall.Setting(
                pings, options.streamPendingMax(), options.budgets().openCalls());
    }

    private void page(HttpServerRequest request) {
        String path = request.path();
        String query = request.query();
        Pages.Request asked = new Pages.Request(
                request.method().name(),
                path == null ? "" : path,
                query == null ? "" : query,
                Optional.ofNullable(request.getHeader("authorization")),
                shownName(request),
                Origin.of(request));
        pages.answer(asked, answer -> {
            if (answer instanceof Download download) {
                new Outflow(request, download, options.rules().patience())
                        .start("application/octet-stream", OptionalLong.empty());
            } else if (answer instanceof Page page) {
                write(request.response(), page);
            }
        });
    }

    /** A browser shows its certificate for whatever page asks it to: what a page of any site asks for is nobody's. */
    private static Optional<String> shownName(HttpServerRequest request) {
        return request.getHeader("origin") != null
                ? Optional.empty()
                : Intake.commonName(((ConnectionBase) request.connection()).channel());
    }

    private static void write(HttpServerResponse response, Page page) {
        if (!response.closed()) {
            response.setStatusCode(page.status()).putHeader("content-type", page.contentType());
            page.headers().forEach(response::putHeader);
            response.end(page.body());
        }
    }
}
