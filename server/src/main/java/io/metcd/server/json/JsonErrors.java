package io.metcd.server.json;

import io.metcd.base.Bytes;
import io.metcd.server.rpc.Code;
import io.metcd.server.rpc.Status;

/**
 * Failures as JSON and as statuses of HTTP (contract: json.4). The bodies hold the fields of both generations of etcd's
 * gateway, since clients of either read only their own.
 */
public final class JsonErrors {
    /** For a path that names no method. */
    public static final Status NOT_FOUND = new Status(Code.NOT_FOUND, "Not Found");

    /** For a method of HTTP other than POST. */
    public static final Status NOT_A_POST = new Status(Code.UNIMPLEMENTED, "Method Not Allowed");

    private JsonErrors() {}

    /** The status of HTTP that a code has. */
    public static int httpStatus(Code code) {
        return switch (code) {
            case OK -> 200;
            case CANCELLED -> 499;
            case INVALID_ARGUMENT, FAILED_PRECONDITION, OUT_OF_RANGE -> 400;
            case UNAUTHENTICATED -> 401;
            case PERMISSION_DENIED -> 403;
            case NOT_FOUND -> 404;
            case ALREADY_EXISTS, ABORTED -> 409;
            case RESOURCE_EXHAUSTED -> 429;
            case UNIMPLEMENTED -> 501;
            case UNAVAILABLE -> 503;
            case DEADLINE_EXCEEDED -> 504;
            case UNKNOWN, INTERNAL, DATA_LOSS -> 500;
        };
    }

    /** The body of a unary call that failed. */
    public static Bytes body(Status status) {
        ByteSink json = new ByteSink(128);
        json.ascii("{\"error\":");
        MessageToJson.string(status.text(), json);
        json.ascii(",\"code\":" + status.code().value() + ",\"message\":");
        MessageToJson.string(status.text(), json);
        json.put('}');
        return json.done();
    }

    /** The last line of a stream that failed. */
    public static Bytes line(Status status) {
        int http = httpStatus(status.code());
        ByteSink json = new ByteSink(192);
        json.ascii("{\"error\":{\"grpc_code\":" + status.code().value() + ",\"http_code\":" + http + ",\"code\":"
                + status.code().value() + ",\"message\":");
        MessageToJson.string(status.text(), json);
        json.ascii(",\"http_status\":\"" + phrase(http) + "\"}}\n");
        return json.done();
    }

    private static String phrase(int http) {
        return switch (http) {
            case 400 -> "Bad Request";
            case 401 -> "Unauthorized";
            case 403 -> "Forbidden";
            case 404 -> "Not Found";
            case 409 -> "Conflict";
            case 429 -> "Too Many Requests";
            case 499 -> "";
            case 501 -> "Not Implemented";
            case 503 -> "Service Unavailable";
            case 504 -> "Gateway Timeout";
            default -> "Internal Server Error";
        };
    }
}
