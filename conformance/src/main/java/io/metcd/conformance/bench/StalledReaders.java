package io.metcd.conformance.bench;

import io.metcd.conformance.client.KvClient;
import io.metcd.conformance.differential.GrpcChannel;
import io.metcd.conformance.differential.GrpcStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Clients that ask to watch a long history, and then read no more from their sockets. */
final class StalledReaders implements AutoCloseable {
    private static final Duration LIMIT = Duration.ofSeconds(30);
    private static final String KEY = "stalled/history";
    private static final int HISTORY_MEBIBYTES = 64;

    private final List<GrpcChannel> channels = new ArrayList<>();

    /** Writes what the readers will ask for; returns its first revision. */
    static long writeHistory(String endpoint) {
        try (KvClient client = KvClient.open(endpoint, LIMIT)) {
            long first = client.put(KEY, "first");
            for (int i = 0; i < HISTORY_MEBIBYTES; i++) {
                client.put(KEY, "h".repeat(1 << 20));
            }
            return first;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Returns when the first answer to each has begun to come. */
    static StalledReaders open(String endpoint, int count, long revision) {
        StalledReaders readers = new StalledReaders();
        try {
            for (int i = 0; i < count; i++) {
                GrpcChannel channel = GrpcChannel.open(endpoint, LIMIT);
                readers.channels.add(channel);
                GrpcStream stream = channel.start("/etcdserverpb.Watch/Watch", Map.of());
                channel.send(stream, WatchCrowd.create(KEY, "", revision), false);
                channel.await(LIMIT, stream::hasMessage);
            }
        } catch (IOException e) {
            readers.close();
            throw new UncheckedIOException(e);
        }
        return readers;
    }

    int count() {
        return channels.size();
    }

    @Override
    public void close() {
        channels.forEach(GrpcChannel::close);
    }
}
