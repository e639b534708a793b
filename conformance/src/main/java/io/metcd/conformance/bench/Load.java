package io.metcd.conformance.bench;

import io.metcd.conformance.CommandLine;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One line of load: a gRPC method, a body, connections and streams a connection, driven by h2load for a fixed time.
 * h2load reads no trailers: that answers were answers is told by their size here, and by the caller by other means.
 */
record Load(Kind kind, int connections, int streams) {
    static final String KEY = "bench-key-01";
    private static final int VALUE_SIZE = 256;
    private static final int MICROS_COLUMN = 2;
    private static final int PREFIX_SIZE = 5;
    private static final Pattern DATA = Pattern.compile("\\(([0-9]+)\\) data");

    /** The requests that are compared. */
    enum Kind {
        PUT,
        RANGE_LINEARIZABLE,
        RANGE_SERIALIZABLE
    }

    /** Where the load goes: scheme, host and port, and the headers that every request has besides its own. */
    record Target(String url, List<String> headers) {
        Target {
            headers = List.copyOf(headers);
        }
    }

    /** What one run measured; latencies in milliseconds. */
    record Measured(long succeeded, double perSecond, double p50Millis, double p99Millis) {}

    /** The name in tables and in the line for machines, e.g. {@code put_100x10}. */
    String label() {
        return kind.name().toLowerCase(Locale.ROOT) + "_" + connections + "x" + streams;
    }

    /** As the other, in the clear, for nobody. */
    Measured run(String endpoint, Duration time) {
        return run(new Target("http://" + endpoint, List.of()), time);
    }

    /** Drives the target for the given time; every answer must have HTTP status 200 and, on the whole, hold a message. */
    Measured run(Target target, Duration time) {
        try {
            Path body = Files.write(Files.createTempFile("metcd-load", ".grpc"), framed());
            Path log = Files.createTempFile("metcd-load", ".log");
            try {
                List<String> command = new ArrayList<>(List.of(
                        "h2load",
                        "-t1",
                        "-c" + connections,
                        "-m" + streams,
                        "-D" + time.toSeconds(),
                        "-d" + body,
                        "-Hcontent-type: application/grpc",
                        "-Hte: trailers",
                        "--log-file=" + log));
                target.headers().forEach(header -> command.add("-H" + header));
                command.add(target.url() + path());
                CommandLine.Result result = CommandLine.run(time.plusSeconds(30), command);
                long succeeded = succeeded(result.orThrow(command));
                return measured(log, succeeded, time);
            } finally {
                Files.delete(body);
                Files.delete(log);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * From the lines "requests: N total, … N succeeded, N failed, N errored, N timeout" and "traffic: … (N) data". An
     * error of gRPC is a head with HTTP status 200 and no data.
     */
    private static long succeeded(String output) {
        String line = line(output, "requests:");
        if (number(line, "failed") != 0 || number(line, "errored") != 0 || number(line, "timeout") != 0) {
            throw new IllegalStateException("the load met errors: " + line);
        }
        Matcher data = DATA.matcher(line(output, "traffic:"));
        long succeeded = number(line, "succeeded");
        if (!data.find() || Long.parseLong(data.group(1)) < succeeded * PREFIX_SIZE) {
            throw new IllegalStateException("the answers were errors: " + output);
        }
        return succeeded;
    }

    private static String line(String output, String start) {
        return output.lines()
                .filter(text -> text.startsWith(start))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("no result from h2load:\n" + output));
    }

    private static long number(String line, String word) {
        for (String part : line.substring("requests:".length()).split(",", -1)) {
            if (part.endsWith(" " + word)) {
                return Long.parseLong(part.strip().substring(0, part.strip().indexOf(' ')));
            }
        }
        throw new IllegalStateException("no '" + word + "' in: " + line);
    }

    private static Measured measured(Path log, long succeeded, Duration time) throws IOException {
        List<Long> micros = new ArrayList<>();
        try (var lines = Files.lines(log)) {
            lines.forEach(line -> micros.add(Long.parseLong(line.split("\t", -1)[MICROS_COLUMN])));
        }
        long[] sorted = micros.stream().mapToLong(Long::longValue).sorted().toArray();
        if (sorted.length == 0) {
            throw new IllegalStateException("h2load logged no request");
        }
        double perSecond = succeeded * 1000.0 / time.toMillis();
        return new Measured(succeeded, perSecond, percentile(sorted, 50), percentile(sorted, 99));
    }

    private static double percentile(long[] sorted, int percent) {
        return sorted[Math.min(sorted.length - 1, sorted.length * percent / 100)] / 1000.0;
    }

    private String path() {
        return kind == Kind.PUT ? "/etcdserverpb.KV/Put" : "/etcdserverpb.KV/Range";
    }

    /** The message behind gRPC's prefix: not compressed, four bytes of length. */
    private byte[] framed() {
        byte[] message = kind == Kind.PUT ? putRequest() : rangeRequest(kind == Kind.RANGE_SERIALIZABLE);
        return ByteBuffer.allocate(PREFIX_SIZE + message.length)
                .put((byte) 0)
                .putInt(message.length)
                .put(message)
                .array();
    }

    /** A Put of a 12-byte key and 256 bytes. */
    private static byte[] putRequest() {
        byte[] value = new byte[VALUE_SIZE];
        Arrays.fill(value, (byte) 'v');
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        field(out, 1, KEY.getBytes(StandardCharsets.UTF_8));
        field(out, 2, value);
        return out.toByteArray();
    }

    /** A Range of that one key. */
    private static byte[] rangeRequest(boolean serializable) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        field(out, 1, KEY.getBytes(StandardCharsets.UTF_8));
        if (serializable) {
            out.write(7 << 3);
            out.write(1);
        }
        return out.toByteArray();
    }

    /** A length-delimited protobuf field. */
    private static void field(ByteArrayOutputStream out, int number, byte[] bytes) {
        out.write((number << 3) | 2);
        for (int rest = bytes.length; ; rest >>>= 7) {
            if (rest < 0x80) {
                out.write(rest);
                break;
            }
            out.write((rest & 0x7f) | 0x80);
        }
        out.writeBytes(bytes);
    }
}
