package io.metcd.conformance.torture;

import io.metcd.conformance.DurableCluster;
import io.metcd.conformance.Heap;
import io.metcd.conformance.MetcdProduct;
import io.metcd.conformance.Ports;
import io.metcd.conformance.Waiting;
import io.metcd.conformance.client.KvClient;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;

/**
 * Thousands of clients that connect and say nothing to the point, every other one where TLS is spoken: puts go on beside
 * them, and in time they are all closed (contract: wire.port.5).
 */
final class SlowTorture {
    /** What a connection may take to say what it wants, and as much again for a busy machine. */
    private static final Duration CLOSED_LIMIT = Duration.ofSeconds(20);

    private static final Duration CALL_LIMIT = Duration.ofSeconds(5);
    private static final Duration PUT_MAX = Duration.ofSeconds(1);
    private static final int SPARE_DESCRIPTORS = 20;

    /** Nothing, one byte, half a preface of HTTP/2, a request without an end. */
    private static final List<String> PLAIN = List.of("", "P", "PRI * HTTP/2.0\r\n", "POST /v3/kv/put HTTP/1.1\r\nx: ");
    /** Nothing, one byte, and more of a handshake: with anything else a connection is closed at once. */
    private static final List<String> SECURE = List.of("", "\u0016", "\u0016\u0003\u0001\u0002");

    private final DurableCluster cluster;
    private final int plain;
    private final int secure;

    private SlowTorture(DurableCluster cluster, int plain, int secure) {
        this.cluster = cluster;
        this.plain = plain;
        this.secure = secure;
    }

    static String play(int connections) {
        int secure = Ports.free();
        MetcdProduct product =
                MetcdProduct.flagged("--auto-tls", "--listen-metrics-urls", "https://127.0.0.1:" + secure);
        try (DurableCluster cluster = DurableCluster.start(product, List.of("a"))) {
            int plain = cluster.seat("a").clientPort();
            return new SlowTorture(cluster, plain, secure).play(connections, new ArrayList<>());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private String play(int connections, List<Socket> slow) throws IOException {
        long before = descriptors();
        double heapBefore = heap();
        AtomicBoolean enough = new AtomicBoolean();
        CompletableFuture<Durations> writer = CompletableFuture.supplyAsync(() -> put(enough));
        for (int i = 0; i < connections; i++) {
            Socket socket = new Socket("127.0.0.1", i % 2 == 0 ? plain : secure);
            List<String> beginnings = i % 2 == 0 ? PLAIN : SECURE;
            String beginning = beginnings.get(i / 2 % beginnings.size());
            socket.getOutputStream().write(beginning.getBytes(StandardCharsets.ISO_8859_1));
            slow.add(socket);
        }
        Waiting.until(
                "all connections are open",
                CALL_LIMIT,
                () -> descriptors() + " descriptors",
                () -> descriptors() >= before + connections);
        double cost = heap() - heapBefore;
        Duration closed = Waiting.until(
                "the connections are closed",
                CLOSED_LIMIT,
                () -> descriptors() + " descriptors",
                () -> descriptors() <= before + SPARE_DESCRIPTORS);
        enough.set(true);
        Durations puts = writer.join();
        for (Socket socket : slow) {
            socket.close();
        }
        String figure = String.format(
                "torture slow: %d connections that ask nothing, half with TLS, cost %.1f MiB and were all closed within"
                        + " %.1f s; %d puts beside them: %s (limit %d)",
                connections, cost, closed.toMillis() / 1e3, puts.count(), puts, PUT_MAX.toMillis());
        if (puts.percentile(100).compareTo(PUT_MAX) > 0 || puts.count() == 0) {
            throw new Ledger.BrokenPromise(figure);
        }
        return figure;
    }

    private Durations put(AtomicBoolean enough) {
        Durations durations = new Durations();
        try (KvClient client = KvClient.open(cluster.endpoint("a"), CALL_LIMIT)) {
            while (!enough.get()) {
                long start = System.nanoTime();
                client.put("beside", "slow clients");
                durations.add(Duration.ofNanos(System.nanoTime() - start));
            }
            return durations;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private long descriptors() {
        Path open = Path.of("/proc", Long.toString(cluster.member("a").pid()), "fd");
        try (Stream<Path> all = Files.list(open)) {
            return all.count();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private double heap() {
        return Heap.usedMebibytes(cluster.member("a"));
    }
}
