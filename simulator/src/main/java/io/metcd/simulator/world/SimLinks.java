package io.metcd.simulator.world;

import io.metcd.base.Bytes;
import io.metcd.base.Links;
import io.metcd.base.RandomSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The network door of one simulated process. */
public final class SimLinks implements Links {
    private static final long SEGMENT_BYTES = 1400;
    private static final long PROBE_NANOS = 10_000_000L;
    private static final long RETRANSMIT_NANOS = 200_000_000L;
    private static final int RETRANSMITS_MAX = 6;

    private final SimNetwork network;
    private final SimProcess process;
    private final SimNetwork.Identity identity;
    private final Map<Long, LinkEnd> ends = new LinkedHashMap<>();
    /** What was asked for last, which is mostly asked for next. */
    private @Nullable LinkEnd last;

    private @Nullable Events events;
    private boolean accepting;
    private boolean silent;
    private boolean stopped;

    SimLinks(SimNetwork network, SimProcess process, SimNetwork.Identity identity) {
        this.network = network;
        this.process = process;
        this.identity = identity;
    }

    @Override
    public void start(Events listener) {
        events = listener;
        identity.listen().ifPresent(address -> network.listen(address, this));
        accepting = identity.listen().isPresent();
    }

    @Override
    public void dial(String address, long attempt) {
        if (!stopped) {
            network.dial(this, address, attempt);
        }
    }

    @Override
    public void send(long link, Bytes frame) {
        LinkEnd end = find(link);
        if (end != null && end.isOpen()) {
            end.send(frame);
        }
    }

    @Override
    public void flush(long link) {
        LinkEnd end = find(link);
        if (end != null && end.isOpen()) {
            end.flush();
        }
    }

    @Override
    public long unsentBytes(long link) {
        LinkEnd end = find(link);
        return end == null ? 0 : end.unsentBytes();
    }

    @Override
    public void close(long link, String reason) {
        LinkEnd end = ends.get(link);
        if (end != null) {
            end.close(reason, "closed by the peer");
        }
    }

    @Override
    public void stop() {
        stopped = true;
        accepting = false;
        identity.listen().ifPresent(address -> network.unlisten(address, this));
        new ArrayList<>(ends.values()).forEach(end -> end.close("stopped", "closed by the peer"));
    }

    private @Nullable LinkEnd find(long link) {
        LinkEnd end = last;
        if (end == null || end.number() != link) {
            end = ends.get(link);
            last = end;
        }
        return end;
    }

    SimNetwork network() {
        return network;
    }

    SimProcess process() {
        return process;
    }

    SimNetwork.Identity identity() {
        return identity;
    }

    boolean isAccepting() {
        return accepting;
    }

    /** Nothing answers here, not even with a refusal. */
    boolean isSilent() {
        return silent;
    }

    Events events() {
        return Objects.requireNonNull(events, "the door was not started");
    }

    void add(LinkEnd end) {
        ends.put(end.number(), end);
    }

    void remove(LinkEnd end) {
        ends.remove(end.number());
        last = null;
    }

    /** Tells the owner something in a turn of its own, unless it has stopped. */
    void later(Runnable event) {
        network.queue().at(network.queue().now(), process, () -> {
            if (!stopped) {
                event.run();
            }
        });
    }

    void dialFailed(long attempt, String address, String reason) {
        if (!stopped) {
            events().dialFailed(attempt, address, reason);
        }
    }

    /** The process has ended: its kernel says so to every peer, or nobody does. */
    void die(SimNetwork.Death death) {
        silent = death == SimNetwork.Death.MACHINE;
        for (LinkEnd end : new ArrayList<>(ends.values())) {
            if (silent) {
                end.other().breakAfter(network.limits().linkTimeoutNanos(), "connection timed out");
            } else {
                end.close("crashed", "connection reset");
            }
        }
    }

    /** The host is back: whoever still believes in a link of the earlier life learns better. */
    void resetRemotes(String reason) {
        for (LinkEnd end : new ArrayList<>(ends.values())) {
            end.other().breakAfter(PROBE_NANOS, reason);
        }
    }

    void pumpAll() {
        ends.values().forEach(LinkEnd::pumpAfterHeal);
    }

    /** How long bytes take over a lossy path when the transport sends them again until they are through. */
    static long reliableLatency(Path path, Path back, RandomSource random, long bytes) {
        long time = path.latency(random);
        double loss = path.conditions().loss();
        if (loss == 0) {
            return time;
        }
        long segments = 1 + bytes / SEGMENT_BYTES;
        double lost = segments == 1 ? loss : 1 - StrictMath.pow(1 - loss, (double) segments);
        long roundTrip = path.conditions().delayNanos() + back.conditions().delayNanos();
        for (int attempt = 0; attempt < RETRANSMITS_MAX && random.chance(lost); attempt++) {
            time += attempt == 0 ? 2 * roundTrip + PROBE_NANOS : RETRANSMIT_NANOS << (attempt - 1);
            lost = loss;
        }
        return time;
    }
}
