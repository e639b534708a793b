package io.metcd.conformance.bench;

import io.metcd.conformance.client.Message;
import io.metcd.conformance.differential.GrpcChannel;
import io.metcd.conformance.differential.GrpcStream;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Many watchers on one member: {@value #CONNECTIONS} connections of {@value #STREAMS} streams each share them evenly, and
 * each key has as many as the next. What they hear is the time at which its write was sent.
 */
final class WatchCrowd implements AutoCloseable {
    private static final int CONNECTIONS = 10;
    private static final int STREAMS = 10;
    private static final Duration LIMIT = Duration.ofSeconds(30);
    private static final Duration TICK = Duration.ofMillis(200);

    private static final int CREATE_REQUEST = 1;
    private static final int CREATED = 3;
    private static final int EVENTS = 11;

    private final String endpoint;
    private final int watchersPerStream;
    private final int keys;
    private final CountDownLatch created;
    private final List<Listener> listeners = new ArrayList<>();
    private final AtomicReference<@Nullable Exception> failure = new AtomicReference<>();
    private volatile boolean over;

    private WatchCrowd(String endpoint, int watchers, int keys) {
        this.endpoint = endpoint;
        this.watchersPerStream = watchers / (CONNECTIONS * STREAMS);
        this.keys = keys;
        this.created = new CountDownLatch(watchersPerStream * CONNECTIONS * STREAMS);
    }

    /** Returns when every watcher has been created. */
    static WatchCrowd open(String endpoint, int watchers, int keys) {
        WatchCrowd crowd = new WatchCrowd(endpoint, watchers, keys);
        for (int i = 0; i < CONNECTIONS; i++) {
            Listener listener = crowd.new Listener(i);
            crowd.listeners.add(listener);
            listener.start();
        }
        try {
            if (!crowd.created.await(LIMIT.toSeconds(), TimeUnit.SECONDS)) {
                throw new IllegalStateException(
                        crowd.created.getCount() + " watchers were never created", crowd.failure.get());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return crowd;
    }

    static String key(int number) {
        return String.format("watched/%06d", number);
    }

    /** How many watchers hear of each write. */
    int watchersPerKey() {
        return watchersPerStream * CONNECTIONS * STREAMS / keys;
    }

    /** The delays of all deliveries since the last call, in milliseconds, sorted. */
    double[] takeDelays() {
        Exception met = failure.get();
        if (met != null) {
            throw new IllegalStateException("a watching connection has failed", met);
        }
        double[] all = new double[0];
        for (Listener listener : listeners) {
            double[] some = listener.take();
            int before = all.length;
            all = Arrays.copyOf(all, before + some.length);
            System.arraycopy(some, 0, all, before, some.length);
        }
        Arrays.sort(all);
        return all;
    }

    @Override
    public void close() {
        over = true;
        for (Listener listener : listeners) {
            try {
                listener.join(LIMIT.toMillis());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    static byte[] create(String key, String end, long startRevision) {
        Message watch = new Message().put(1, key);
        if (!end.isEmpty()) {
            watch.put(2, end);
        }
        return new Message()
                .put(CREATE_REQUEST, watch.put(3, startRevision).encode())
                .encode();
    }

    /** One connection and its thread. */
    private final class Listener extends Thread {
        private final int number;
        private double[] delays = new double[1 << 14];
        private int count;

        Listener(int number) {
            super("watching-" + number);
            this.number = number;
        }

        @Override
        public void run() {
            try (GrpcChannel channel = GrpcChannel.open(endpoint, LIMIT)) {
                List<GrpcStream> streams = new ArrayList<>();
                for (int i = 0; i < STREAMS; i++) {
                    GrpcStream stream = channel.start("/etcdserverpb.Watch/Watch", Map.of());
                    streams.add(stream);
                    int first = (number * STREAMS + i) * watchersPerStream;
                    for (int w = 0; w < watchersPerStream; w++) {
                        channel.send(stream, create(key((first + w) % keys), "", 0), false);
                    }
                }
                while (!over) {
                    channel.await(TICK, () -> streams.stream().anyMatch(GrpcStream::hasMessage));
                    streams.forEach(this::drain);
                }
            } catch (IOException e) {
                failure.compareAndSet(null, e);
            }
        }

        private void drain(GrpcStream stream) {
            long now = System.nanoTime();
            while (stream.hasMessage()) {
                Message answer = Message.decode(stream.take());
                if (answer.number(CREATED) != 0) {
                    created.countDown();
                }
                for (Message event : answer.messages(EVENTS)) {
                    String value = event.message(2).text(5);
                    hear((now - Long.parseLong(value.substring(0, value.indexOf(' ')))) / 1e6);
                }
            }
        }

        private synchronized void hear(double millis) {
            if (count == delays.length) {
                delays = Arrays.copyOf(delays, 2 * count);
            }
            delays[count++] = millis;
        }

        private synchronized double[] take() {
            double[] taken = Arrays.copyOf(delays, count);
            count = 0;
            return taken;
        }
    }
}
