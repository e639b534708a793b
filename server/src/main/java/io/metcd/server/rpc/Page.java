package io.metcd.server.rpc;

import java.util.Map;
import java.util.TreeMap;

/** The answer to a plain HTTP request. */
public record Page(int status, String contentType, String body, Map<String, String> headers) implements Answer {
    private static final String TEXT = "text/plain; charset=utf-8";
    private static final Map<String, String> AS_IT_IS = Map.of("x-content-type-options", "nosniff");

    public Page(int status, String contentType, String body) {
        this(status, contentType, body, Map.of());
    }

    public static Page json(int status, String body) {
        return new Page(status, "application/json", body);
    }

    public static Page text(int status, String body) {
        return new Page(status, TEXT, body, AS_IT_IS);
    }

    /** For a page that knows only the methods given. */
    public static Page onlyBy(String methods) {
        return new Page(
                405, TEXT, "Method Not Allowed\n", Map.of("allow", methods, "x-content-type-options", "nosniff"));
    }

    /** With one header more. */
    public Page with(String header, String value) {
        Map<String, String> more = new TreeMap<>(headers);
        more.put(header, value);
        return new Page(status, contentType, body, more);
    }
}
