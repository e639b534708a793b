package io.metcd.server.testing;

import com.google.protobuf.MessageLite;
import com.google.protobuf.Parser;
import io.metcd.base.Bytes;
import io.metcd.server.rpc.Code;
import io.metcd.server.rpc.MessageReader;
import io.metcd.server.rpc.Status;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** One open call of a {@link GrpcClient}. */
public final class GrpcStream implements AutoCloseable {
    private static final long CANCEL = 8;

    private final HttpClientRequest request;
    private final BlockingQueue<Bytes> messages = new LinkedBlockingQueue<>();
    private final CompletableFuture<Status> status = new CompletableFuture<>();
    private final CompletableFuture<HttpClientResponse> response = new CompletableFuture<>();
    private final MessageReader reader = new MessageReader(Integer.MAX_VALUE);

    GrpcStream(HttpClientRequest request) {
        this.request = request;
        request.setChunked(true).exceptionHandler(this::fail);
        request.response().onSuccess(this::onResponse).onFailure(this::fail);
        request.sendHead();
    }

    public void send(MessageLite message) {
        request.write(Buffer.buffer(GrpcClient.frame(message)));
    }

    /** Bytes as they are, for what no honest client sends. */
    public void sendRaw(Bytes bytes) {
        request.write(Buffer.buffer(bytes.toArray()));
    }

    public void halfClose() {
        request.end();
    }

    public void cancel() {
        request.reset(CANCEL);
    }

    /** Stops taking messages off the connection. */
    public void pause() {
        await(response).pause();
    }

    public void resume() {
        await(response).resume();
    }

    /** The next message. */
    public Bytes next() {
        return poll(GrpcClient.TIMEOUT_SECONDS * 1000)
                .orElseThrow(() -> new AssertionError(
                        "no message; status: " + (status.isDone() ? await(status) : "the call is open")));
    }

    public <R> R next(Parser<R> parser) {
        return GrpcClient.parse(parser, next());
    }

    /** The next message, if it comes so soon. */
    public Optional<Bytes> poll(long millis) {
        try {
            return Optional.ofNullable(messages.poll(millis, TimeUnit.MILLISECONDS));
        } catch (InterruptedException interrupted) {
            throw new AssertionError(interrupted);
        }
    }

    /** How the call ended. */
    public Status status() {
        return await(status);
    }

    public boolean isOpen() {
        return !status.isDone();
    }

    @Override
    public void close() {
        if (isOpen()) {
            cancel();
        }
    }

    private void onResponse(HttpClientResponse answer) {
        answer.handler(chunk -> reader.feed(Bytes.wrap(chunk.getBytes()), messages::add));
        answer.exceptionHandler(this::fail);
        answer.endHandler(end -> {
            String code = answer.getTrailer("grpc-status");
            String text = answer.getTrailer("grpc-message");
            if (code == null) {
                code = answer.getHeader("grpc-status");
                text = answer.getHeader("grpc-message");
            }
            status.complete(
                    code == null
                            ? new Status(Code.INTERNAL, "HTTP status " + answer.statusCode() + " without grpc-status")
                            : new Status(GrpcClient.code(code), text == null ? "" : decode(text)));
        });
        response.complete(answer);
    }

    private static String decode(String text) {
        return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
    }

    private void fail(Throwable cause) {
        status.complete(new Status(Code.UNAVAILABLE, "the connection failed: " + cause));
    }

    private static <T> T await(CompletableFuture<T> future) {
        try {
            return future.get(GrpcClient.TIMEOUT_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException | ExecutionException | TimeoutException failure) {
            throw new AssertionError(failure);
        }
    }
}
