package io.metcd.server.vertx;

import io.metcd.server.json.JsonPaths;
import io.metcd.server.rpc.EventLoop;
import io.metcd.server.rpc.Methods;
import io.metcd.server.rpc.Pages;
import io.vertx.core.AbstractVerticle;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.file.FileSystemOptions;
import io.vertx.core.http.Http2Settings;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.internal.ContextInternal;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;
import java.util.function.Function;

/** The listening port: event loops of its own, each with its own methods. */
public final class Port {
    private static final int WINDOW_BYTES = 1 << 20;
    private static final int CONNECTION_WINDOW_BYTES = 8 << 20;
    /** Vert.x does not tell the highest number there is, and some clients take that for a hundred. */
    private static final long STREAMS_TOLD_MAX = Integer.MAX_VALUE;

    private static final int HEADER_BYTES_MAX = 64 << 10;

    /** Vert.x gives each loop a port of its own for 0, and all loops the same one for a negative number. */
    private static final int ANY_SHARED_PORT = -1;

    /** By {@link UnaryFrames}, which knows the resets of both sides. */
    private static final int COUNTED_ELSEWHERE = Integer.MAX_VALUE;

    private static final int BACKLOG = 1024;
    private static final long OPEN_TIMEOUT_SECONDS = 30;
    private static final long STOP_MILLIS = 10_000;

    private final Vertx vertx;
    private final List<HttpServer> servers = new CopyOnWriteArrayList<>();

    /**
     * What serves the connections of one loop.
     *
     * @param users whether every call is somebody's
     */
    public record Side(Methods methods, JsonPaths json, Pages pages, WebPolicy web, BooleanSupplier users) {
        public Side(Methods methods, JsonPaths json, Pages pages, WebPolicy web) {
            this(methods, json, pages, web, () -> false);
        }

        /** Without JSON, and open to every host and origin. */
        public Side(Methods methods, Pages pages) {
            this(methods, new JsonPaths(), pages, WebPolicy.OPEN);
        }
    }

    private Port(Vertx vertx) {
        this.vertx = vertx;
    }

    /**
     * Opens the port. The function is called on each loop, once, before the loop takes its first connection.
     *
     * @throws IOException if the address cannot be had
     */
    public static Port open(PortOptions options, Function<EventLoop, Side> sides) throws IOException {
        VertxOptions vertxOptions = new VertxOptions()
                .setEventLoopPoolSize(options.eventLoops())
                .setFileSystemOptions(new FileSystemOptions()
                        .setClassPathResolvingEnabled(false)
                        .setFileCachingEnabled(false));
        Port port = new Port(Vertx.builder()
                .with(vertxOptions)
                .withTransport(new Intake(options).transport())
                .build());
        try {
            port.vertx
                    .deployVerticle(
                            () -> port.new LoopVerticle(options, sides),
                            new DeploymentOptions().setInstances(options.eventLoops()))
                    .await(OPEN_TIMEOUT_SECONDS, TimeUnit.SECONDS);
        } catch (Exception failure) {
            port.close(0);
            throw new IOException(
                    "cannot listen on " + options.host() + ":" + options.port() + ": " + failure.getMessage(), failure);
        }
        return port;
    }

    /** The port in use. */
    public int number() {
        return servers.get(0).actualPort();
    }

    /** Takes no more connections, lets calls finish for so long, then closes everything. */
    public void close(long graceMillis) {
        List<Future<Void>> drained = new ArrayList<>();
        for (HttpServer server : servers) {
            drained.add(server.shutdown(graceMillis, TimeUnit.MILLISECONDS));
        }
        try {
            Future.join(drained).otherwiseEmpty().await(graceMillis + STOP_MILLIS, TimeUnit.MILLISECONDS);
            vertx.close().await(STOP_MILLIS, TimeUnit.MILLISECONDS);
        } catch (TimeoutException late) {
            throw new IllegalStateException("the event loops did not stop", late);
        }
    }

    private static HttpServerOptions httpOptions(PortOptions options) {
        return new HttpServerOptions()
                .setHost(options.host())
                .setPort(options.port() == 0 ? ANY_SHARED_PORT : options.port())
                .setAcceptBacklog(BACKLOG)
                .setMaxHeaderSize(HEADER_BYTES_MAX)
                .setMaxInitialLineLength(HEADER_BYTES_MAX)
                .setHandle100ContinueAutomatically(true)
                .setPerFrameWebSocketCompressionSupported(false)
                .setPerMessageWebSocketCompressionSupported(false)
                .setHttp2ConnectionWindowSize(CONNECTION_WINDOW_BYTES)
                .setHttp2RstFloodMaxRstFramePerWindow(COUNTED_ELSEWHERE)
                .setInitialSettings(new Http2Settings()
                        .setMaxConcurrentStreams(Math.min(options.rules().streamsMax(), STREAMS_TOLD_MAX))
                        .setInitialWindowSize(WINDOW_BYTES)
                        .setMaxHeaderListSize(HEADER_BYTES_MAX));
    }

    /** One event loop's part of the port. */
    private final class LoopVerticle extends AbstractVerticle {
        private final PortOptions options;
        private final Function<EventLoop, Side> sides;

        LoopVerticle(PortOptions options, Function<EventLoop, Side> sides) {
            this.options = options;
            this.sides = sides;
        }

        @Override
        public void start(Promise<Void> started) {
            EventLoop loop = new NettyLoop(((ContextInternal) context).nettyEventLoop());
            Side side = sides.apply(loop);
            Dispatch dispatch = new Dispatch(side, options);
            HttpServer server = vertx.createHttpServer(httpOptions(options));
            server.connectionHandler(dispatch::accept).requestHandler(dispatch);
            server.listen().<Void>mapEmpty().onComplete(started);
            servers.add(server);
        }
    }
}
