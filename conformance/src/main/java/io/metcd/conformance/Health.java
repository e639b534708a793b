package io.metcd.conformance;

import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/** What {@code GET /health} says: true once a member has a leader and answers a linearizable read. */
public final class Health {
    private static final int TIMEOUT_MILLIS = 1000;

    private Health() {}

    /** Waits until the endpoint is healthy; returns how long that took. */
    public static Duration await(String endpoint, Duration limit) {
        return Waiting.until(endpoint + " is healthy", limit, () -> "", () -> healthy(endpoint));
    }

    public static boolean healthy(String endpoint) {
        try {
            HttpURLConnection connection = (HttpURLConnection)
                    URI.create("http://" + endpoint + "/health").toURL().openConnection();
            connection.setConnectTimeout(TIMEOUT_MILLIS);
            connection.setReadTimeout(TIMEOUT_MILLIS);
            if (connection.getResponseCode() != HttpURLConnection.HTTP_OK) {
                return false;
            }
            try (var body = connection.getInputStream()) {
                return new String(body.readAllBytes(), StandardCharsets.UTF_8).contains("\"health\":\"true\"");
            }
        } catch (IOException e) {
            return false; // not listening yet: what is waited for
        }
    }
}
