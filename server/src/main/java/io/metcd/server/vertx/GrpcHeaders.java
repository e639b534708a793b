package io.metcd.server.vertx;

import io.metcd.server.rpc.Call;
import io.metcd.server.rpc.Status;
import io.metcd.server.rpc.Timeout;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.ReadOnlyHttp2Headers;
import io.netty.util.AsciiString;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.util.OptionalLong;

/** The headers and trailers of gRPC. */
final class GrpcHeaders {
    private static final CharSequence CONTENT_TYPE = AsciiString.cached("content-type");
    private static final CharSequence GRPC = AsciiString.cached("application/grpc");
    private static final CharSequence STATUS = AsciiString.cached("grpc-status");
    private static final CharSequence MESSAGE = AsciiString.cached("grpc-message");
    private static final CharSequence ZERO = AsciiString.cached("0");
    private static final CharSequence TIMEOUT = AsciiString.cached("grpc-timeout");
    private static final OptionalLong NO_DEADLINE = OptionalLong.of(Call.NO_DEADLINE);

    /** Before a message; immutable, as is {@link #SUCCESS}. */
    static final Http2Headers HEAD = ReadOnlyHttp2Headers.serverHeaders(
            false, AsciiString.cached("200"), AsciiString.of(CONTENT_TYPE), AsciiString.of(GRPC));

    /** Behind a message. */
    static final Http2Headers SUCCESS =
            ReadOnlyHttp2Headers.trailers(false, AsciiString.of(STATUS), AsciiString.of(ZERO));

    private GrpcHeaders() {}

    static boolean isGrpc(HttpServerRequest request) {
        String type = request.headers().get(CONTENT_TYPE);
        return type != null && isGrpc(type);
    }

    /** What is left of the caller's time, {@link Call#NO_DEADLINE} without a limit, empty if the header is bad. */
    static OptionalLong timeout(HttpServerRequest request) {
        String text = request.headers().get("grpc-timeout");
        return text == null ? NO_DEADLINE : Timeout.parse(text);
    }

    static boolean isGrpc(Http2Headers headers) {
        CharSequence type = headers.get(CONTENT_TYPE);
        return type != null && isGrpc(type);
    }

    /** With nothing behind it, or what a plus or a semicolon introduces. */
    private static boolean isGrpc(CharSequence type) {
        int length = GRPC.length();
        return type.length() >= length
                && AsciiString.contentEquals(type.subSequence(0, length), GRPC)
                && (type.length() == length || type.charAt(length) == '+' || type.charAt(length) == ';');
    }

    /** As {@link #timeout(HttpServerRequest)}. */
    static OptionalLong timeout(Http2Headers headers) {
        CharSequence text = headers.get(TIMEOUT);
        return text == null ? NO_DEADLINE : Timeout.parse(text.toString());
    }

    /** A whole response without a message. */
    static Http2Headers failure(Status status) {
        Http2Headers headers = new DefaultHttp2Headers(false)
                .status(HEAD.status())
                .set(CONTENT_TYPE, GRPC)
                .set(STATUS, status.code().number());
        if (!status.text().isEmpty()) {
            headers.set(MESSAGE, status.encodedText());
        }
        return headers;
    }

    static void begin(HttpServerResponse response) {
        response.putHeader(CONTENT_TYPE, GRPC);
    }

    /** Ends a response with a status: in trailers if something was sent, else in the headers alone. */
    static void end(HttpServerResponse response, Status status) {
        if (response.headWritten()) {
            response.putTrailer(STATUS, status.code().number());
            if (!status.text().isEmpty()) {
                response.putTrailer(MESSAGE, status.encodedText());
            }
        } else {
            response.putHeader(CONTENT_TYPE, GRPC)
                    .putHeader(STATUS, status.code().number());
            if (!status.text().isEmpty()) {
                response.putHeader(MESSAGE, status.encodedText());
            }
        }
        response.end();
    }
}
