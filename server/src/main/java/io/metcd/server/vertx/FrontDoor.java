package io.metcd.server.vertx;

import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.net.HostAndPort;
import io.vertx.core.net.impl.ConnectionBase;
import java.util.function.BooleanSupplier;

/**
 * What every request of plain HTTP passes before anybody looks at its path: is it for this host, may pages of other
 * origins read the answer, and does it only ask what is allowed.
 */
final class FrontDoor {
    private static final int BAD_REQUEST = 400;
    private static final int MISDIRECTED = 421;

    private final WebPolicy policy;
    private final BooleanSupplier users;

    FrontDoor(WebPolicy policy, BooleanSupplier users) {
        this.policy = policy;
        this.users = users;
    }

    /** True if the request has got its answer here. */
    boolean answers(HttpServerRequest request) {
        HttpServerResponse response = request.response();
        HostAndPort authority = request.authority();
        String host = authority == null ? "" : authority.host();
        if (!Intake.isEncrypted(((ConnectionBase) request.connection()).channel()) && !policy.allowsHost(host)) {
            refuse(
                    response,
                    MISDIRECTED,
                    "this member does not answer to the host name '" + host
                            + "': add it to --host-whitelist (a page of another site could otherwise have its own name"
                            + " point here), or use TLS");
            return true;
        }
        String origin = request.getHeader("origin");
        String allowed = policy.allowedOrigin(origin == null ? "" : origin);
        if (!allowed.isEmpty()) {
            response.putHeader("access-control-allow-methods", "POST, GET, OPTIONS, PUT, DELETE")
                    .putHeader("access-control-allow-origin", allowed)
                    .putHeader("access-control-allow-headers", "accept, content-type, authorization");
        }
        if (request.method().equals(HttpMethod.OPTIONS)) {
            response.end();
            return true;
        }
        return false;
    }

    /** As etcd: a client by JSON that its certificate names, and could take itself for that user, is told that it is not. */
    boolean refusesName(HttpServerRequest request) {
        boolean named = Intake.commonName(((ConnectionBase) request.connection()).channel())
                .isPresent();
        if (named && users.getAsBoolean()) {
            refuse(
                    request.response(),
                    BAD_REQUEST,
                    "CommonName of client sending a request against gateway will be ignored and not used as expected");
            return true;
        }
        return false;
    }

    private static void refuse(HttpServerResponse response, int status, String text) {
        response.setStatusCode(status)
                .putHeader("content-type", "text/plain; charset=utf-8")
                .putHeader("x-content-type-options", "nosniff")
                .end(text + "\n");
    }
}
