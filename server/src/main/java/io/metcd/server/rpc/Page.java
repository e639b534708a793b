package io.metcd.server.rpc;

/** The answer to a plain HTTP request. */
public record Page(int status, String contentType, String body) implements Answer {
    public static Page json(int status, String body) {
        return new Page(status, "application/json", body);
    }

    public static Page text(int status, String body) {
        return new Page(status, "text/plain; charset=utf-8", body);
    }
}
