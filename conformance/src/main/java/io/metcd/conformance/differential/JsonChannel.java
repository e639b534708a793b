package io.metcd.conformance.differential;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;

/** The JSON gateway and the pages of one server, over HTTP/1.1. */
final class JsonChannel {
    private static final Duration ANSWER = Duration.ofSeconds(3);

    private final HttpClient client = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(ANSWER)
            .build();
    private final String endpoint;

    JsonChannel(String endpoint) {
        this.endpoint = endpoint;
    }

    /**
     * An answer.
     *
     * @param status HTTP's, and the type of the body
     */
    record Reply(String status, String body) {}

    /**
     * Asks, by POST if the headers name no other {@code :method}.
     *
     * @param firstLine whether no more of the answer is wanted than its first line
     */
    Reply ask(String path, Map<String, String> headers, byte[] body, boolean firstLine) throws IOException {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create("http://" + endpoint + path))
                .timeout(ANSWER)
                .method(headers.getOrDefault(":method", "POST"), HttpRequest.BodyPublishers.ofByteArray(body));
        headers.forEach((name, value) -> {
            if (!name.startsWith(":")) {
                request.header(name, value);
            }
        });
        try {
            return firstLine ? beginning(request.build()) : whole(request.build());
        } catch (HttpTimeoutException | TimeoutException e) {
            return new Reply("NO ANSWER", "");
        } catch (ExecutionException e) {
            throw new IOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(e);
        }
    }

    private Reply beginning(HttpRequest request) throws IOException, InterruptedException {
        HttpResponse<InputStream> response = client.send(request, HttpResponse.BodyHandlers.ofInputStream());
        try (BufferedReader in = new BufferedReader(new InputStreamReader(response.body(), StandardCharsets.UTF_8))) {
            return new Reply(status(response), String.valueOf(in.readLine()));
        }
    }

    private Reply whole(HttpRequest request)
            throws IOException, InterruptedException, ExecutionException, TimeoutException {
        HttpResponse<String> response = client.sendAsync(
                        request, HttpResponse.BodyHandlers.ofString(StandardCharsets.UTF_8))
                .get(ANSWER.toMillis(), TimeUnit.MILLISECONDS);
        return new Reply(status(response), inOrder(response.body()));
    }

    /** The checks of a probe, which a real etcd tells in another order each time. */
    private static String inOrder(String body) {
        boolean checks = body.startsWith("[+]") || body.startsWith("[-]");
        return checks ? body.lines().sorted().collect(Collectors.joining("\n")) : body;
    }

    private static String status(HttpResponse<?> response) {
        return "HTTP " + response.statusCode() + " "
                + response.headers().firstValue("content-type").orElse("");
    }
}
