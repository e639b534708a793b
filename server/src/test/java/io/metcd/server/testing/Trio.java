package io.metcd.server.testing;

import com.google.protobuf.MessageLite;
import com.google.protobuf.Parser;
import io.metcd.embed.Metcd;
import io.metcd.node.autopilot.Mode;
import io.metcd.server.EtcdServer;
import io.metcd.server.rpc.Status;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.TreeMap;

/** Three members with data directories, a server on each, and a client of each. */
public final class Trio implements AutoCloseable {
    public static final List<String> NAMES = List.of("a", "b", "c");
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final Path folder;
    private final TreeMap<String, One> running = new TreeMap<>();

    private record One(Metcd node, EtcdServer server, GrpcClient client) {
        void close() {
            client.close();
            server.close();
            node.close();
        }
    }

    public Trio(Path folder) {
        this.folder = folder;
        NAMES.forEach(this::start);
        awaitReady();
    }

    /** Starts a member, perhaps again, on a port that may be another one. */
    public void start(String name) {
        List<String> known = new ArrayList<>();
        running.values()
                .forEach(one ->
                        known.add(one.node.replica().config().peerUrls().get(0).substring("http://".length())));
        Metcd node = Metcd.builder()
                .name(name)
                .cluster("trio")
                .founders(NAMES)
                .autopilot(Mode.OFF)
                .listen("127.0.0.1:0")
                .clientUrls(List.of("http://" + name + ".example:2379"))
                .durable(folder.resolve(name))
                .join(known.toArray(String[]::new))
                .start();
        try {
            EtcdServer server = EtcdServer.open(node, 0);
            running.put(name, new One(node, server, new GrpcClient(server.port())));
        } catch (IOException busy) {
            throw new AssertionError(busy);
        }
    }

    public void stop(String name) {
        Objects.requireNonNull(running.remove(name)).close();
    }

    public void awaitReady() {
        running.values().forEach(one -> {
            if (!one.node.awaitReady(PATIENCE)) {
                throw new AssertionError(one.node.waitsFor());
            }
        });
    }

    public Metcd node(String name) {
        return one(name).node;
    }

    public GrpcClient client(String name) {
        return one(name).client;
    }

    public <A> A call(String name, String method, MessageLite request, Parser<A> parser) {
        return client(name).call(method, request, parser);
    }

    public Status failure(String name, String method, MessageLite request) {
        return client(name).failure(method, request);
    }

    private One one(String name) {
        return Objects.requireNonNull(running.get(name), name);
    }

    @Override
    public void close() {
        running.values().forEach(One::close);
        running.clear();
    }
}
