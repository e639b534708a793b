package io.metcd.conformance.torture;

import io.metcd.conformance.CommandLine;
import io.metcd.conformance.DurableCluster;
import io.metcd.conformance.Heap;
import io.metcd.conformance.MetcdProduct;
import io.metcd.conformance.Waiting;
import io.metcd.conformance.client.KvClient;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;

/**
 * Clients that ask for everything at once: a member whose heap would not hold their answers sends them all the same
 * (contract: wire.size.4).
 */
final class RangeTorture {
    private static final Duration CALL_LIMIT = Duration.ofSeconds(30);
    private static final Duration READ_LIMIT = Duration.ofMinutes(3);
    private static final int VALUE_BYTES = 1 << 20;
    private static final double COST_MAX_MEBIBYTES = 64;

    /** A gRPC frame: not compressed, six bytes, a RangeRequest of all keys. */
    private static final byte[] EVERYTHING = {0, 0, 0, 0, 6, 0x0a, 1, 0, 0x12, 1, 0};

    private final DurableCluster cluster;
    private final Path request;

    private RangeTorture(DurableCluster cluster) throws IOException {
        this.cluster = cluster;
        this.request = Files.write(Files.createTempFile("metcd-range", ".grpc"), EVERYTHING);
    }

    /** The heap has room for the data, its log and one answer more; there are {@code readers} answers. */
    static String play(int mebibytes, int readers) {
        int heap = 3 * mebibytes;
        try (DurableCluster cluster = DurableCluster.start(MetcdProduct.with("-Xmx" + heap + "m"), List.of("a"))) {
            RangeTorture torture = new RangeTorture(cluster);
            try {
                torture.fill(mebibytes);
                long start = System.nanoTime();
                List<CompletableFuture<Long>> answers = new ArrayList<>();
                for (int i = 0; i < readers; i++) {
                    answers.add(CompletableFuture.supplyAsync(() -> torture.read("--no-buffer")));
                }
                Set<Long> sizes = new TreeSet<>();
                answers.forEach(answer -> sizes.add(answer.join()));
                double seconds = (System.nanoTime() - start) / 1e9;
                torture.check(sizes, mebibytes);
                double without = torture.heap(); // by now the log has been cut behind its snapshots
                double cost = torture.besideSlowReaders(readers) - without;
                String figure = String.format(
                        "torture range: %d clients at once got %d MiB each in %.1f s from a heap of %d MiB; %d that read"
                                + " slowly cost %.1f MiB together (limit %.0f)",
                        readers, mebibytes, seconds, heap, readers, cost, COST_MAX_MEBIBYTES);
                if (cost > COST_MAX_MEBIBYTES) {
                    throw new Ledger.BrokenPromise(figure);
                }
                return figure;
            } finally {
                Files.delete(torture.request);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void fill(int mebibytes) throws IOException {
        String value = "v".repeat(VALUE_BYTES);
        try (KvClient client = KvClient.open(cluster.endpoint("a"), CALL_LIMIT)) {
            for (int i = 0; i < mebibytes; i++) {
                client.put(String.format("range/%06d", i), value);
            }
        }
    }

    /** Returns the bytes of the answer's body. */
    private long read(String how) {
        List<String> command = command(how);
        return Long.parseLong(
                CommandLine.run(READ_LIMIT, command).orThrow(command).strip());
    }

    private List<String> command(String... how) {
        List<String> command = new ArrayList<>(List.of("curl", "-sS", "--http2-prior-knowledge"));
        command.addAll(List.of("-H", "content-type: application/grpc", "-H", "te: trailers"));
        command.addAll(List.of("--data-binary", "@" + request, "-o", "/dev/null", "-w", "%{size_download}"));
        command.addAll(List.of(how));
        command.add("http://" + cluster.endpoint("a") + "/etcdserverpb.KV/Range");
        return command;
    }

    private void check(Set<Long> sizes, int mebibytes) {
        long least = (long) mebibytes * VALUE_BYTES;
        if (sizes.size() != 1 || sizes.iterator().next() < least) {
            throw new Ledger.BrokenPromise("answers of " + sizes + " bytes, not one size above " + least);
        }
        if (!cluster.member("a").alive()) {
            throw new Ledger.BrokenPromise("the member has died of it");
        }
    }

    /** The heap in use while clients take their answers a little at a time. */
    private double besideSlowReaders(int readers) throws IOException {
        List<Process> processes = new ArrayList<>();
        try {
            for (int i = 0; i < readers; i++) {
                Path body = Files.createTempFile("metcd-slow", ".part");
                body.toFile().deleteOnExit();
                List<String> command = command("--limit-rate", "64k");
                command.set(command.indexOf("/dev/null"), body.toString());
                processes.add(new ProcessBuilder(command).start());
                Waiting.until(
                        "a slow reader has begun",
                        CALL_LIMIT,
                        () -> "",
                        () -> body.toFile().length() > 0);
            }
            return heap();
        } finally {
            processes.forEach(Process::destroyForcibly);
        }
    }

    private double heap() {
        return Heap.usedMebibytes(cluster.member("a"));
    }
}
