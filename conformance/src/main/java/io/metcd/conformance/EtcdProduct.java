package io.metcd.conformance;

import io.metcd.conformance.client.KvClient;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** A real etcd with its defaults: every write is synced to the disk. */
public record EtcdProduct(String binary) implements Product {
    private static final Duration LIMIT = Duration.ofSeconds(5);

    @Override
    public String name() {
        return "etcd";
    }

    @Override
    public List<String> serve(List<String> prefix, Seat seat, List<String> flags) {
        List<String> command = new ArrayList<>(prefix);
        command.addAll(List.of(binary, "--name", seat.name(), "--log-level", "warn"));
        command.addAll(List.of("--data-dir", seat.directory().toString()));
        command.addAll(List.of("--listen-client-urls", seat.clientUrl()));
        command.addAll(List.of("--advertise-client-urls", seat.clientUrl()));
        command.addAll(List.of("--listen-peer-urls", seat.peerUrl()));
        command.addAll(List.of("--initial-advertise-peer-urls", seat.peerUrl()));
        command.addAll(flags);
        return command;
    }

    @Override
    public StateMark state(String endpoint) {
        try (KvClient client = KvClient.open(endpoint, LIMIT)) {
            String[] hash = client.hashKv().split(" ", -1);
            return new StateMark(Long.parseLong(hash[0]), hash[1]);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
