package io.metcd.conformance.torture;

import io.metcd.conformance.DurableCluster;
import io.metcd.conformance.Etcdctl;
import io.metcd.conformance.Health;
import io.metcd.conformance.Member;
import io.metcd.conformance.MetcdProduct;
import io.metcd.conformance.Namespaces;
import io.metcd.conformance.Ports;
import io.metcd.conformance.Product;
import io.metcd.conformance.Seat;
import io.metcd.conformance.Waiting;
import io.metcd.conformance.client.KvClient;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Two members here and one beyond a narrow line, which is stopped while so much is written that the log is not enough
 * for it any more. Started again, it fetches the state while a few clients write on: nobody stands for election, and it
 * is done soon after the line could be.
 */
final class CatchUpTorture implements AutoCloseable {
    private static final List<String> NAMES = List.of("a", "b", "far");
    private static final String FAR = "far";
    private static final Duration CALL_LIMIT = Duration.ofSeconds(20);
    private static final Duration BOOT_LIMIT = Duration.ofSeconds(60);
    private static final Duration GAP_LIMIT = Duration.ofSeconds(1);
    private static final int FILLERS = 8;
    private static final int VALUE_BYTES = 16_384;
    private static final long PACE_NANOS = 20_000_000;
    private static final long CALM_NANOS = 2_000_000_000;
    private static final int MEBIBYTE = 1 << 20;
    private static final int BITS_PER_MBIT = 1_000_000;
    /** So many times longer than the line needs, at most; and a few seconds for the start. */
    private static final int SLOWNESS_MAX = 2;

    private static final int START_SECONDS = 15;
    private static final Pattern FETCHED = Pattern.compile("snapshot=fetched .*");

    private final Product product = MetcdProduct.flagged("--insecure-mesh");
    private final Path root = DurableCluster.freshRoot();
    private final Namespaces hosts;
    private final Map<String, Seat> seats = new TreeMap<>();
    private final Map<String, Member> members = new TreeMap<>();
    private final AtomicInteger next = new AtomicInteger();
    private final AtomicInteger lightWrites = new AtomicInteger();
    private final AtomicLong longestNanos = new AtomicLong();
    private final AtomicReference<@Nullable IOException> failure = new AtomicReference<>();
    private volatile boolean stopping;

    private CatchUpTorture(int mbits) {
        hosts = narrowLine(mbits);
        for (String name : NAMES) {
            String host = name.equals(FAR) ? hosts.address(FAR, Namespaces.HERE) : hosts.address(Namespaces.HERE, FAR);
            seats.put(name, new Seat(name, host, Ports.free(), Ports.free(), root.resolve(name)));
        }
    }

    private static Namespaces narrowLine(int mbits) {
        Namespaces hosts = Namespaces.of(FAR);
        try {
            hosts.wire(Namespaces.HERE, FAR);
            hosts.narrow(Namespaces.HERE, FAR, mbits);
            return hosts;
        } catch (RuntimeException e) {
            hosts.close();
            throw e;
        }
    }

    static String play(int mebibytes, int mbits) {
        try (CatchUpTorture torture = new CatchUpTorture(mbits)) {
            NAMES.forEach(torture::boot);
            NAMES.forEach(torture::awaitServing);
            return torture.run(mebibytes, mbits);
        }
    }

    private String run(int mebibytes, int mbits) {
        member(FAR).kill();
        awaitServing("a");
        fill((int) ((long) mebibytes * MEBIBYTE / VALUE_BYTES));
        List<Thread> writers = List.of(new Thread(() -> write("a"), "a"), new Thread(() -> write("b"), "b"));
        String term = client("a").term();
        String leader = client("a").leader();
        writers.forEach(Thread::start);
        LockSupport.parkNanos(CALM_NANOS);
        long start = System.nanoTime();
        boot(FAR);
        member(FAR).awaitOutput("snapshot=fetched", Duration.ofSeconds(START_SECONDS + 4L * seconds(mebibytes, mbits)));
        Duration fetched = Duration.ofNanos(System.nanoTime() - start);
        awaitServing(FAR);
        Duration serving = Duration.ofNanos(System.nanoTime() - start);
        LockSupport.parkNanos(CALM_NANOS);
        stopping = true;
        writers.forEach(CatchUpTorture::join);
        check();
        nothingIsLost((int) ((long) mebibytes * MEBIBYTE / VALUE_BYTES));
        Matcher way = FETCHED.matcher(member(FAR).output());
        boolean calm = NAMES.stream()
                .allMatch(name -> client(name).term().equals(term)
                        && client(name).leader().equals(leader));
        String figure = String.format(
                "torture catchup: metcd, %d MiB over %d Mbit/s: fetched %d ms, serving %d ms after the start of the"
                        + " process, the line alone needs %d s (limit %d s); term and leader %s; %d writes meanwhile,"
                        + " longest gap %d ms (limit %d); %s",
                mebibytes,
                mbits,
                fetched.toMillis(),
                serving.toMillis(),
                seconds(mebibytes, mbits),
                limit(mebibytes, mbits).toSeconds(),
                calm ? "unchanged" : "CHANGED",
                lightWrites.get(),
                longestNanos.get() / 1_000_000,
                GAP_LIMIT.toMillis(),
                way.find() ? way.group() : "FETCHED NOTHING");
        if (!calm || serving.compareTo(limit(mebibytes, mbits)) > 0 || longestNanos.get() > GAP_LIMIT.toNanos()) {
            throw new Ledger.BrokenPromise(figure);
        }
        return figure;
    }

    private static long seconds(int mebibytes, int mbits) {
        return 8L * mebibytes * MEBIBYTE / mbits / BITS_PER_MBIT;
    }

    private static Duration limit(int mebibytes, int mbits) {
        return Duration.ofSeconds(START_SECONDS + SLOWNESS_MAX * seconds(mebibytes, mbits));
    }

    private void boot(String name) {
        List<String> prefix = name.equals(FAR) ? hosts.prefix(FAR) : List.of();
        List<String> cluster = new ArrayList<>();
        seats.forEach((each, seat) -> cluster.add(each + "=" + seat.peerUrl()));
        List<String> flags = List.of(
                "--initial-cluster",
                String.join(",", cluster),
                "--initial-cluster-state",
                "new",
                "--initial-cluster-token",
                "torture");
        Seat seat = seats.get(name);
        if (seat != null) {
            members.put(name, Member.start(name, product.serve(prefix, seat, flags)));
        }
    }

    private void awaitServing(String name) {
        Waiting.until(name + " serves", BOOT_LIMIT, member(name)::said, () -> Health.healthy(endpoint(name)));
    }

    private Member member(String name) {
        Member member = members.get(name);
        if (member == null) {
            throw new IllegalStateException("no member " + name);
        }
        return member;
    }

    private String endpoint(String name) {
        Seat seat = seats.get(name);
        return seat == null ? "" : seat.endpoint();
    }

    private Etcdctl client(String name) {
        return new Etcdctl(List.of(), endpoint(name));
    }

    private void fill(int keys) {
        List<Thread> fillers = new ArrayList<>();
        for (int i = 0; i < FILLERS; i++) {
            fillers.add(new Thread(() -> fillSome(keys), "filler-" + i));
        }
        fillers.forEach(Thread::start);
        fillers.forEach(CatchUpTorture::join);
        check();
    }

    private void fillSome(int keys) {
        String value = "v".repeat(VALUE_BYTES);
        try (KvClient client = KvClient.open(endpoint("a"), CALL_LIMIT)) {
            for (int i = next.getAndIncrement(); i < keys; i = next.getAndIncrement()) {
                client.put(String.format("d/%08d", i), value);
            }
        } catch (IOException e) {
            failure.set(e);
        }
    }

    /** The light load: its longest wait for an answer is the gap. */
    private void write(String name) {
        try (KvClient client = KvClient.open(endpoint(name), CALL_LIMIT)) {
            for (int i = 0; !stopping; i++) {
                long start = System.nanoTime();
                client.put("l/" + name + "/" + i % 100, "light");
                longestNanos.accumulateAndGet(System.nanoTime() - start, Math::max);
                lightWrites.incrementAndGet();
                LockSupport.parkNanos(PACE_NANOS);
            }
        } catch (IOException e) {
            failure.set(e);
        }
    }

    private void nothingIsLost(int keys) {
        try (KvClient client = KvClient.open(endpoint(FAR), CALL_LIMIT)) {
            long found = client.count("d/");
            if (found != keys) {
                throw new Ledger.BrokenPromise("LOST: " + keys + " keys were acknowledged, there are " + found);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void check() {
        IOException met = failure.get();
        if (met != null) {
            throw new UncheckedIOException(met);
        }
    }

    private static void join(Thread thread) {
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        stopping = true;
        members.values().forEach(Member::close);
        hosts.close();
        DurableCluster.delete(root);
    }
}
