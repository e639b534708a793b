package io.metcd.conformance.differential;

import io.metcd.conformance.Health;
import io.metcd.conformance.Member;
import io.metcd.conformance.Ports;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** A metcd and a real etcd, one member each, that keep nothing, and a thread for each of them. */
final class Pair implements AutoCloseable {
    private static final Duration START = Duration.ofSeconds(60);

    private final Map<String, Member> members = new ConcurrentHashMap<>();
    private final Path data;
    private final ExecutorService metcdThread = Executors.newSingleThreadExecutor();
    private final ExecutorService etcdThread = Executors.newSingleThreadExecutor();
    private final Side metcd;
    private final Side etcd;

    private Pair(String etcdBinary) throws IOException {
        Path memory = Files.isDirectory(Path.of("/dev/shm")) ? Path.of("/dev/shm") : Path.of("target");
        data = Files.createTempDirectory(memory, "metcd-differential");
        metcd = metcd();
        etcd = etcd(etcdBinary);
    }

    /** Starts both and returns when both are healthy. */
    static Pair start(String etcdBinary) {
        try {
            return new Pair(etcdBinary);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What both made of some sequences, once it is there. */
    record Played(List<List<String>> sequences, Future<List<List<String>>> metcd, Future<List<List<String>>> etcd) {
        List<List<String>> ofMetcd() {
            return await(metcd);
        }

        List<List<String>> ofEtcd() {
            return await(etcd);
        }

        private static List<List<String>> await(Future<List<List<String>>> future) {
            try {
                return future.get();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException(e);
            } catch (ExecutionException e) {
                throw new IllegalStateException(String.valueOf(e.getCause()), e);
            }
        }
    }

    /** Has both play these, behind what they were given before. */
    Played play(List<List<String>> sequences) {
        return new Played(
                sequences,
                metcdThread.submit(() -> sequences.stream().map(metcd::play).toList()),
                etcdThread.submit(() -> sequences.stream().map(etcd::play).toList()));
    }

    void plant() {
        metcd.plant();
    }

    /** How many requests each was sent; to be asked when nothing is being played. */
    long requests() {
        return metcd.requests();
    }

    @Override
    public void close() {
        metcdThread.shutdownNow();
        etcdThread.shutdownNow();
        metcd.close();
        etcd.close();
        members.values().forEach(Member::close);
        delete(data);
    }

    private Side metcd() throws IOException {
        int client = Ports.free();
        int peer = Ports.free();
        List<String> flags = flags(client, peer);
        flags.add(0, "serve");
        flags.addAll(List.of("--ephemeral", "--bcrypt-cost", "4"));
        return side("metcd", Member.metcd(List.of(), flags.toArray(String[]::new)), client, peer);
    }

    private Side etcd(String binary) throws IOException {
        int client = Ports.free();
        int peer = Ports.free();
        List<String> flags = flags(client, peer);
        flags.add(0, binary);
        flags.addAll(List.of(
                "--data-dir", data.toString(), "--unsafe-no-fsync", "--log-level", "error", "--bcrypt-cost", "4"));
        return side("etcd", flags, client, peer);
    }

    private static List<String> flags(int client, int peer) {
        String peerUrl = "http://127.0.0.1:" + peer;
        List<String> flags = new ArrayList<>(List.of("--name", "one"));
        flags.addAll(List.of("--listen-client-urls", "http://127.0.0.1:" + client));
        flags.addAll(List.of("--advertise-client-urls", "http://127.0.0.1:" + client));
        flags.addAll(List.of("--listen-peer-urls", peerUrl, "--initial-advertise-peer-urls", peerUrl));
        flags.addAll(List.of("--initial-cluster", "one=" + peerUrl, "--initial-cluster-token", "differential"));
        return flags;
    }

    private Side side(String name, List<String> command, int client, int peer) throws IOException {
        String endpoint = "127.0.0.1:" + client;
        start(name, command, endpoint);
        Side side = new Side(endpoint, () -> start(name, command, endpoint), Schema.load());
        side.call("http://127.0.0.1:" + peer, "peer-url");
        return side;
    }

    /** In the place of the one that runs under that name, if any. */
    private void start(String name, List<String> command, String endpoint) {
        Member before = members.remove(name);
        if (before != null) {
            before.close();
            if (name.equals("etcd")) {
                delete(data);
            }
        }
        members.put(name, Member.start("differential-" + name, command));
        Health.await(endpoint, START);
    }

    private static void delete(Path directory) {
        try (var files = Files.walk(directory)) {
            files.sorted(Comparator.reverseOrder())
                    .forEach(file -> file.toFile().delete());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
