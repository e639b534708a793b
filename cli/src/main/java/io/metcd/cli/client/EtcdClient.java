package io.metcd.cli.client;

import com.google.protobuf.Message;
import io.metcd.api.etcdserverpb.AuthenticateRequest;
import io.metcd.cli.Mistake;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.grpc.client.GrpcClient;
import io.vertx.grpc.client.GrpcClientRequest;
import io.vertx.grpc.client.GrpcClientResponse;
import io.vertx.grpc.common.GrpcMessageDecoder;
import io.vertx.grpc.common.GrpcMessageEncoder;
import io.vertx.grpc.common.GrpcStatus;
import io.vertx.grpc.common.ServiceMethod;
import io.vertx.grpc.common.ServiceName;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;

/**
 * Calls to the first endpoint that accepts a connection. The calling thread waits; answers of streams come on the
 * client's own thread.
 */
public final class EtcdClient implements AutoCloseable {
    private static final String NOBODY_ASKED = "etcdserver: authentication is not enabled";

    /** What a fresh token is the cure for. */
    private static final List<String> RENEW =
            List.of("etcdserver: invalid auth token", "etcdserver: revision of auth store is old");

    private static final Duration CLOSING = Duration.ofSeconds(1);

    private final Vertx vertx = Vertx.vertx();
    private final GrpcClient inTheClear = GrpcClient.client(vertx);
    private final GrpcClient secure;
    private final List<Endpoint> endpoints;
    private final Duration timeout;
    private final Optional<Login> login;
    /** What the member gave for the password; empty before, and where nobody is asked. */
    private volatile Optional<String> token = Optional.empty();

    private volatile boolean loggedIn;

    /** The timeout bounds each unary call, and the opening of a stream. */
    EtcdClient(Access access) {
        this.secure = GrpcClient.client(vertx, access.security().options());
        this.endpoints = access.endpoints();
        this.timeout = access.timeout();
        this.login = access.login();
    }

    /** A stream of requests; answers go to who opened it. */
    interface Requests<Q> {
        void send(Q request);

        /** Says that no more follow. */
        void end();

        /** Completes when the server has ended the stream; fails with the reason. */
        CompletableFuture<Void> ended();
    }

    /** Calls and waits, at most the client's timeout. */
    <Q extends Message, R extends Message> R call(Rpc<Q, R> rpc, Q request) {
        return call(rpc, request, timeout);
    }

    /** Calls and waits, at most {@code limit}. */
    <Q extends Message, R extends Message> R call(Rpc<Q, R> rpc, Q request, Duration limit) {
        logIn();
        try {
            return send(rpc, request, limit);
        } catch (Mistake refused) {
            if (token.isEmpty() || RENEW.stream().noneMatch(refused.text()::contains)) {
                throw refused;
            }
        }
        loggedIn = false;
        logIn();
        return send(rpc, request, limit);
    }

    private synchronized void logIn() {
        if (loggedIn || login.isEmpty()) {
            return;
        }
        token = Optional.empty();
        AuthenticateRequest request = AuthenticateRequest.newBuilder()
                .setName(login.get().name())
                .setPassword(login.get().password())
                .build();
        try {
            token = Optional.of(send(Rpc.AUTHENTICATE, request, timeout).getToken());
        } catch (Mistake refused) {
            if (!refused.text().contains(NOBODY_ASKED)) {
                throw refused;
            }
        }
        loggedIn = true;
    }

    private <Q extends Message, R extends Message> R send(Rpc<Q, R> rpc, Q request, Duration limit) {
        Future<R> answer = connect(rpc, 0).compose(out -> {
            out.timeout(limit.toMillis(), TimeUnit.MILLISECONDS);
            return out.send(request).compose(in -> in.last().transform(last -> outcome(in, last)));
        });
        return await(answer.toCompletionStage().toCompletableFuture(), limit);
    }

    /** Opens a stream of answers to whatever is sent. */
    <Q extends Message, R extends Message> Requests<Q> open(Rpc<Q, R> rpc, Consumer<R> answers) {
        logIn();
        GrpcClientRequest<Q, R> out = await(connect(rpc, 0).toCompletionStage().toCompletableFuture(), timeout);
        CompletableFuture<Void> ended = new CompletableFuture<>();
        out.response()
                .onSuccess(in -> {
                    in.handler(answers::accept);
                    in.exceptionHandler(ended::completeExceptionally);
                    in.endHandler(done -> end(in, ended));
                })
                .onFailure(ended::completeExceptionally);
        return new Requests<>() {
            @Override
            public void send(Q request) {
                out.write(request);
            }

            @Override
            public void end() {
                out.end();
            }

            @Override
            public CompletableFuture<Void> ended() {
                return ended;
            }
        };
    }

    /** Waits for a stream's end or the caller's interruption. */
    void awaitEnd(Requests<?> stream) {
        try {
            stream.ended().get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException e) {
            throw told(e);
        }
    }

    @Override
    public void close() {
        try {
            vertx.close().toCompletionStage().toCompletableFuture().get(CLOSING.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | TimeoutException e) {
            // The process is about to end; what still hangs ends with it.
        }
    }

    private <Q extends Message, R extends Message> Future<GrpcClientRequest<Q, R>> connect(Rpc<Q, R> rpc, int index) {
        ServiceMethod<R, Q> method = ServiceMethod.client(
                ServiceName.create(rpc.service()),
                rpc.method(),
                GrpcMessageEncoder.encoder(),
                GrpcMessageDecoder.decoder(rpc.empty()));
        Endpoint endpoint = endpoints.get(index);
        Future<GrpcClientRequest<Q, R>> request =
                (endpoint.secure() ? secure : inTheClear).request(endpoint.address(), method);
        Optional<String> shown = token;
        Future<GrpcClientRequest<Q, R>> named =
                request.onSuccess(out -> shown.ifPresent(text -> out.headers().set("token", text)));
        return named.recover(failure -> index + 1 < endpoints.size()
                ? connect(rpc, index + 1)
                : Future.failedFuture(new Unreachable(endpoints, failure)));
    }

    private static <R> Future<R> outcome(GrpcClientResponse<?, R> in, io.vertx.core.AsyncResult<R> last) {
        GrpcStatus status = in.status();
        if (status == GrpcStatus.OK && last.succeeded()) {
            return Future.succeededFuture(last.result());
        }
        return Future.failedFuture(
                status == null || status == GrpcStatus.OK ? last.cause() : new Refused(status, in.statusMessage()));
    }

    private static void end(GrpcClientResponse<?, ?> in, CompletableFuture<Void> ended) {
        if (in.status() == GrpcStatus.OK) {
            ended.complete(null);
        } else {
            ended.completeExceptionally(new Refused(in.status(), in.statusMessage()));
        }
    }

    private static <T> T await(CompletableFuture<T> future, Duration limit) {
        try {
            return future.get(limit.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Mistake("interrupted");
        } catch (TimeoutException e) {
            throw new Mistake("context deadline exceeded: no answer within " + limit.toMillis() + " ms");
        } catch (ExecutionException e) {
            throw told(e);
        }
    }

    private static Mistake told(ExecutionException failure) {
        Throwable cause = failure.getCause() == null ? failure : failure.getCause();
        if (cause instanceof Mistake mistake) {
            return mistake;
        }
        return cause instanceof Refused || cause instanceof Unreachable
                ? new Mistake(String.valueOf(cause.getMessage()))
                : new Mistake("the connection failed: " + cause);
    }

    /** The server said no; its own words. */
    private static final class Refused extends Exception {
        private static final long serialVersionUID = 1;

        Refused(GrpcStatus status, String message) {
            super(message == null || message.isEmpty() ? String.valueOf(status) : message);
        }
    }

    private static final class Unreachable extends Exception {
        private static final long serialVersionUID = 1;

        Unreachable(List<Endpoint> endpoints, Throwable cause) {
            super("no endpoint accepts connections ("
                    + String.join(", ", endpoints.stream().map(String::valueOf).toList()) + "): " + cause.getMessage()
                    + "; is a member running there? See --endpoints");
        }
    }
}
