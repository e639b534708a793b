package io.metcd.server.vertx;

import io.metcd.server.rpc.Call;
import io.metcd.server.rpc.Timeout;
import io.vertx.core.http.HttpServerRequest;
import java.util.Optional;
import java.util.OptionalLong;

/** What of the headers of plain HTTP a method may know (contract: json.6). */
final class JsonHeaders {
    /** Base64 takes four thirds; the rest is for names, white space and what is passed over. */
    private static final int BODY_PER_MESSAGE = 2;

    private static final int BODY_SLACK = 64 << 10;

    private JsonHeaders() {}

    /** The largest value of JSON that is read for a message of at most this size. */
    static int bodyMax(int maxMessageSize) {
        return (int) Math.min((long) BODY_PER_MESSAGE * maxMessageSize + BODY_SLACK, Integer.MAX_VALUE - 8);
    }

    /**
     * A header under gRPC's name: {@code authorization} as it is, any other from {@code Grpc-Metadata-NAME}. A call by JSON is known by {@code grpcgateway-accept}.
     */
    static Optional<String> metadata(HttpServerRequest request, String name) {
        return switch (name) {
            case "grpcgateway-accept" -> header(request, "accept").or(() -> Optional.of("*/*"));
            case "authorization" -> header(request, name).or(() -> header(request, "grpc-metadata-" + name));
            default -> header(request, "grpc-metadata-" + name);
        };
    }

    /** As {@link GrpcHeaders#timeout}. */
    static OptionalLong timeout(HttpServerRequest request) {
        String text = request.getHeader("grpc-timeout");
        return text == null ? OptionalLong.of(Call.NO_DEADLINE) : Timeout.parse(text);
    }

    private static Optional<String> header(HttpServerRequest request, String name) {
        return Optional.ofNullable(request.getHeader(name));
    }
}
