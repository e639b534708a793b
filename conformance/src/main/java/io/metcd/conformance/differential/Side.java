package io.metcd.conformance.differential;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;
import java.util.regex.Pattern;

/**
 * One of the two servers, for one thread. Each sequence begins on an empty store without history, leases and alarms; its
 * outcome is a text for each line, and one for what watches told after the last.
 */
final class Side implements AutoCloseable {
    /** Who gave up waiting takes its traces back a little later. */
    private static final Pattern GIVEN_UP = Pattern.compile("^(DEADLINE_EXCEEDED|RESET|NO ANSWER)");

    private static final int RESETS_MAX = 50;
    private static final Duration CONNECT = Duration.ofSeconds(10);
    private static final Duration ANSWER = Duration.ofSeconds(3);
    private static final Duration SETTLE = Duration.ofMillis(500);
    private static final Duration POLL = Duration.ofMillis(3);
    private static final Duration QUIET = Duration.ofMillis(80);

    private final String endpoint;
    private final Runnable restart;
    private final Schema schema;
    private final Symbols symbols = new Symbols();
    private final JsonChannel json;
    private final Map<String, OpenStream> open = new TreeMap<>();
    private final Cleaning cleaning = new Cleaning(this);
    private GrpcChannel channel;
    private long requests;
    private boolean planted;

    /**
     * Connects.
     *
     * @param restart puts a new server, empty and healthy, in the place of the old one
     */
    Side(String endpoint, Runnable restart, Schema schema) throws IOException {
        this.endpoint = endpoint;
        this.restart = restart;
        this.schema = schema;
        this.json = new JsonChannel(endpoint);
        this.channel = GrpcChannel.open(endpoint, CONNECT);
        meet();
        symbols.call("http://" + endpoint, "client-url");
    }

    private void meet() throws IOException {
        byte[] status = ask("Status", "");
        symbols.meet(Answer.number(status, 1, 1), Answer.number(status, 1, 2));
    }

    /** From here on {@code text} is shown as {@code word}. */
    void call(String text, String word) {
        symbols.call(text, word);
    }

    /** From here on a bit is wrong in some of its answers, which shows that this harness would notice. */
    void plant() {
        planted = true;
    }

    long requests() {
        return requests;
    }

    Symbols symbols() {
        return symbols;
    }

    /** Plays a sequence; one outcome a line and one for the end. */
    List<String> play(List<String> sequence) {
        List<String> outcomes = new ArrayList<>();
        try {
            symbols.begin(clean());
            for (String text : sequence) {
                Line line = Line.parse(text);
                cleaning.note(line);
                String outcome = perform(line);
                outcomes.add(outcome);
                requests++;
                if (GIVEN_UP.matcher(outcome).find()) {
                    channel.await(QUIET, () -> false);
                }
                awaitObservers();
            }
            outcomes.add(settle());
            for (String slot : List.copyOf(open.keySet())) {
                close(slot);
            }
            if (channel.resets() >= RESETS_MAX) {
                channel.close();
                channel = GrpcChannel.open(endpoint, CONNECT);
            }
        } catch (IOException e) {
            outcomes.add("CONNECTION LOST: " + e.getMessage());
            recover();
        }
        return outcomes;
    }

    /** A call whatever comes of it. */
    GrpcStream tell(String method, String message, Map<String, String> headers) throws IOException {
        Schema.Method known = schema.method(method);
        GrpcStream stream = channel.start(known.path(), headers);
        channel.send(stream, Words.encode(message, known.request(), schema, symbols), true);
        channel.await(ANSWER, stream::hasEnded);
        channel.forget(stream);
        return stream;
    }

    /** A call that must succeed: its message. */
    byte[] ask(String method, String message) throws IOException {
        GrpcStream stream = tell(method, message, Map.of());
        if (!stream.hasMessage()) {
            throw new IOException(method + " " + message + ": " + stream.status());
        }
        return stream.take();
    }

    @Override
    public void close() {
        channel.close();
    }

    private long clean() throws IOException {
        try {
            return cleaning.begin();
        } catch (Cleaning.Stuck e) {
            renew();
            return cleaning.begin();
        }
    }

    /** Goes on with a new connection, or with a new server if the old one has ended. */
    private void recover() {
        open.clear();
        channel.close();
        cleaning.everything();
        try {
            channel = GrpcChannel.open(endpoint, CONNECT);
        } catch (IOException e) {
            try {
                renew();
            } catch (IOException again) {
                throw new IllegalStateException(endpoint + " cannot be started again", again);
            }
        }
    }

    private void renew() throws IOException {
        channel.close();
        restart.run();
        channel = GrpcChannel.open(endpoint, CONNECT);
        cleaning.everything();
        meet();
    }

    private String perform(Line line) throws IOException {
        return switch (line.verb()) {
            case "settle" -> settle();
            case "close" -> close(line.slot());
            case "half-close" -> halfClose(line.slot());
            case "Body" -> {
                GrpcStream stream = channel.start(line.method(), symbols.headers(line.headers()));
                channel.sendRaw(stream, Words.bytes(line.message(), schema, symbols), true);
                yield outcome(stream, schema.responseOf(line.method()), ANSWER);
            }
            case "Json" -> {
                Schema.Method method = schema.method(line.method());
                byte[] message = Words.encode(line.message(), method.request(), schema, symbols);
                String body = new JsonMessage(schema, symbols).of(message, method.request());
                yield http(line, method.json(), method.response(), body.getBytes(StandardCharsets.UTF_8));
            }
            case "Http" ->
                http(
                        line,
                        line.method(),
                        schema.responseOf(line.method()),
                        Words.bytes(line.message(), schema, symbols));
            default -> {
                boolean path = line.method().startsWith("/");
                Schema.Method method = path
                        ? new Schema.Method(line.method(), "Nothing", schema.responseOf(line.method()), "")
                        : schema.method(line.method());
                byte[] message = line.verb().equals("Raw")
                        ? Words.bytes(line.message(), schema, symbols)
                        : Words.encode(line.message(), method.request(), schema, symbols);
                yield isStream(line.method()) ? speak(line, method, message) : call(line, method, message);
            }
        };
    }

    private String http(Line line, String path, String response, byte[] body) throws IOException {
        JsonChannel.Reply reply = json.ask(path, symbols.headers(line.headers()), body, path.endsWith("/watch"));
        try {
            return reply.status() + " " + new JsonMessage(schema, symbols).words(reply.body(), response);
        } catch (IllegalArgumentException e) {
            return reply.status() + " " + reply.body().strip();
        }
    }

    private static boolean isStream(String method) {
        return method.equals("Watch") || method.equals("LeaseKeepAlive") || method.equals("Observe");
    }

    private String call(Line line, Schema.Method method, byte[] message) throws IOException {
        GrpcStream stream = channel.start(method.path(), symbols.headers(line.headers()));
        channel.send(stream, message, true);
        channel.await(ANSWER, stream::hasEnded);
        if (stream.hasMessage()) {
            cleaning.learn(line, stream);
            if (planted && line.method().equals("DeleteRange") && Answer.number(stream.peek(), 2) > 1) {
                byte[] wrong = stream.take();
                wrong[wrong.length - 1] ^= 1;
                stream.putBack(wrong);
            }
        }
        return outcome(stream, method.response(), Duration.ZERO);
    }

    private String outcome(GrpcStream stream, String response, Duration limit) throws IOException {
        channel.await(limit, stream::hasEnded);
        if (!stream.hasEnded()) {
            channel.cancel(stream);
            return "NO ANSWER";
        }
        channel.forget(stream);
        StringBuilder words = new StringBuilder(stream.status());
        while (stream.hasMessage()) {
            words.append(' ').append(Answer.words(stream.take(), response, schema, symbols));
        }
        return words.toString();
    }

    private String speak(Line line, Schema.Method method, byte[] message) throws IOException {
        boolean watch = line.method().equals("Watch");
        OpenStream spoken = open.get(line.slot());
        if (spoken == null) {
            String name = line.method().equals("Observe") && line.verb().isEmpty() ? line.message() : "";
            spoken = new OpenStream(channel.start(method.path(), symbols.headers(line.headers())), watch, name);
            open.put(line.slot(), spoken);
        }
        OpenStream stream = spoken;
        if (stream.isHalfClosed()) {
            return "nothing more may be sent";
        }
        BooleanSupplier answered = answered(stream, line);
        boolean last = line.method().equals("Observe");
        channel.send(stream.stream, message, last);
        if (last) {
            stream.halfClose();
        }
        boolean inTime = channel.await(SETTLE, () -> {
            stream.drain(schema, method.response(), symbols);
            return stream.stream.hasEnded() || answered.getAsBoolean();
        });
        if (watch && line.message().contains("start_revision")) {
            stream.forgetProgress();
            awaitProgress(stream);
        }
        return inTime ? "spoken" : "no word";
    }

    /** What to wait for before the next line, so that both servers are asked the next thing in the same state. */
    private BooleanSupplier answered(OpenStream stream, Line line) {
        if (line.verb().equals("Raw")) {
            return () -> false;
        }
        if (line.method().equals("Observe")) {
            return () -> true;
        }
        if (!stream.watch) {
            long before = stream.messages();
            return () -> stream.messages() > before;
        }
        byte[] request = Words.encode(line.message(), "WatchRequest", schema, symbols);
        if (line.message().contains("create_request")) {
            long before = stream.created();
            stream.expectFuture(Answer.number(request, 1, 3));
            return () -> stream.created() > before;
        }
        if (stream.isLive(Answer.number(request, 2, 1)) && line.message().contains("cancel_request")) {
            long before = stream.cancelled();
            return () -> stream.cancelled() > before;
        }
        return () -> true;
    }

    private void awaitProgress(OpenStream stream) throws IOException {
        if (stream.waitsForFuture(symbols.now()) || stream.isHalfClosed()) {
            channel.await(QUIET, () -> drained(stream));
            return;
        }
        byte[] ask = Words.encode("progress_request{}", "WatchRequest", schema, symbols);
        long deadline = System.nanoTime() + SETTLE.toNanos();
        drained(stream);
        while (stream.hasLive()
                && !stream.stream.hasEnded()
                && stream.progress() < symbols.now()
                && System.nanoTime() < deadline) {
            channel.send(stream.stream, ask, false);
            channel.await(POLL, () -> drained(stream) || stream.progress() >= symbols.now() || !stream.hasLive());
        }
    }

    /** An observer hears of a leader some time after it is there: the next line waits until it has. */
    private void awaitObservers() throws IOException {
        for (OpenStream stream : open.values()) {
            if (!stream.name.isEmpty() && !stream.stream.hasEnded()) {
                GrpcStream leader = tell("Leader", stream.name, Map.of());
                byte[] wanted = leader.hasMessage() ? Answer.part(leader.take(), 2) : new byte[0];
                channel.await(SETTLE, () -> {
                    stream.drain(schema, "LeaderResponse", symbols);
                    return wanted.length == 0 || Arrays.equals(stream.lastPair(), wanted);
                });
            }
        }
    }

    private boolean drained(OpenStream stream) {
        stream.drain(schema, "WatchResponse", symbols);
        return stream.stream.hasEnded();
    }

    /** What each stream has said since the last time, once nothing more is to come. */
    private String settle() throws IOException {
        StringBuilder words = new StringBuilder();
        for (Map.Entry<String, OpenStream> entry : open.entrySet()) {
            OpenStream stream = entry.getValue();
            if (stream.watch) {
                awaitProgress(stream);
            } else {
                stream.drain(
                        schema,
                        schema.method(Line.parse(entry.getKey()).method()).response(),
                        symbols);
            }
            words.append(entry.getKey()).append(' ').append(stream.heard()).append(' ');
        }
        return words.toString();
    }

    private String halfClose(String slot) throws IOException {
        OpenStream stream = open.get(slot);
        if (stream == null) {
            return "not open";
        }
        if (stream.hasSaidAll()) {
            return "half closed before";
        }
        channel.halfClose(stream.stream);
        stream.halfClose();
        if (!stream.watch) {
            channel.await(SETTLE, stream.stream::hasEnded);
        }
        return "half closed";
    }

    private String close(String slot) throws IOException {
        OpenStream stream = open.remove(slot);
        if (stream == null) {
            return "not open";
        }
        channel.cancel(stream.stream);
        return "closed";
    }
}
