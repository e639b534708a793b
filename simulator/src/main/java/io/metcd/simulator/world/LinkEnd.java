package io.metcd.simulator.world;

import io.metcd.base.Bytes;
import io.metcd.base.Links;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One end of a link, and the direction that leaves it. Batches of frames wait in one queue until they are due at the
 * other end; a batch that is lost on the way is due later, and so is everything behind it.
 */
final class LinkEnd {
    /** After a cut has healed, the transport's next retransmission comes within this time. */
    private static final long RETRANSMIT_NANOS_MAX = 1_000_000_000L;

    private final long number;
    /** The owner's number of the dial; 0 at the accepting end. */
    private final long attempt;

    private final SimLinks door;
    private final Path path;
    private final ArrayDeque<Batch> inFlight = new ArrayDeque<>();
    /** What the wire has not taken yet. */
    private final ArrayDeque<Batch> ahead = new ArrayDeque<>();

    private List<Bytes> unflushed = new ArrayList<>();
    private long unflushedBytes;
    private long inFlightBytes;
    private long lastDue;
    private long stalledSince = -1;
    private boolean congested;
    private State state = State.NEW;
    private @Nullable LinkEnd other;
    private String seenAddress = "";

    private enum State {
        NEW,
        OPEN,
        CLOSED
    }

    /** Frames that travel together, or (with a reason) the end of the stream. */
    private record Batch(long due, List<Bytes> frames, long bytes, String closeReason) {}

    LinkEnd(long number, long attempt, SimLinks door, Path path) {
        this.number = number;
        this.attempt = attempt;
        this.door = door;
        this.path = path;
    }

    /** Joins the dialling end (this) with the accepted one. */
    void join(LinkEnd accepted, String dialledAddress, String diallerAddress) {
        other = accepted;
        accepted.other = this;
        seenAddress = dialledAddress;
        accepted.seenAddress = diallerAddress;
        door.add(this);
        accepted.door.add(accepted);
    }

    long number() {
        return number;
    }

    LinkEnd other() {
        return Objects.requireNonNull(other, "a link end without another");
    }

    SimLinks door() {
        return door;
    }

    boolean isOpen() {
        return state == State.OPEN;
    }

    /** The handshake has ended at this side. */
    void open() {
        if (state != State.NEW) {
            return;
        }
        LinkEnd peer = other();
        boolean dialled = attempt != 0;
        if (peer.door.process().ended() || peer.state == State.CLOSED || (dialled && peer.state == State.NEW)) {
            shut("connection reset");
            return;
        }
        state = State.OPEN;
        lastDue = Math.max(lastDue, now());
        SimNetwork.Identity remote = peer.door.identity();
        door.events().opened(new Links.Opened(number, attempt, remote.key(), remote.hello(), seenAddress));
    }

    /** Nothing arrives at the other end before the given time, at which its handshake ends. */
    void nothingDueBefore(long time) {
        lastDue = Math.max(lastDue, time);
    }

    /** The dial has taken too long. */
    void expire() {
        if (state == State.NEW) {
            shut("connection timed out");
        }
    }

    void send(Bytes frame) {
        unflushed.add(frame);
        unflushedBytes += frame.size();
        congested |= unsentBytes() >= door.network().limits().writableBelow();
    }

    void flush() {
        if (!unflushed.isEmpty()) {
            List<Bytes> frames = unflushed;
            long bytes = unflushedBytes;
            unflushed = new ArrayList<>(4);
            unflushedBytes = 0;
            transmit(frames, bytes, "");
            askForMore();
        }
    }

    long unsentBytes() {
        return unflushedBytes
                + Math.max(0, inFlightBytes - door.network().limits().transportBytes());
    }

    /** The owner closes this end, or its process dies: what was flushed arrives, then the end of the stream. */
    void close(String localReason, String remoteReason) {
        if (state == State.CLOSED) {
            return;
        }
        boolean opened = state == State.OPEN;
        state = State.CLOSED;
        door.remove(this);
        if (opened) {
            flush();
            door.later(() -> door.events().closed(number, localReason));
        }
        transmit(List.of(), 0, remoteReason);
    }

    /** This end learns, after the given time, that the link is gone. */
    void breakAfter(long delay, String reason) {
        network().queue().at(now() + delay, door.process(), () -> shut(reason));
    }

    /** Moves what is due to the other end. */
    void pump() {
        while (!inFlight.isEmpty() && inFlight.getFirst().due <= now()) {
            if (path.holds(inFlight.getFirst().bytes)) {
                stall();
                return;
            }
            stalledSince = -1;
            Batch batch = inFlight.removeFirst();
            inFlightBytes -= batch.bytes;
            other().receive(batch);
        }
        askForMore();
    }

    /** As a transport does that has taken what was handed over. */
    private void askForMore() {
        if (congested && unsentBytes() < network().limits().writableBelow()) {
            congested = false;
            door.later(() -> {
                if (isOpen()) {
                    door.events().writable(number);
                }
            });
        }
    }

    /** The path has healed: what it held goes on with the next retransmission. */
    void pumpAfterHeal() {
        if (!inFlight.isEmpty() && inFlight.getFirst().due <= now()) {
            long wait = network().random().between(0, RETRANSMIT_NANOS_MAX);
            network().queue().at(now() + wait, other().door.process(), this::pump);
        }
    }

    private void transmit(List<Bytes> frames, long bytes, String closeReason) {
        inFlightBytes += bytes;
        if (path.wire().isEmpty()) {
            launch(new Batch(now(), frames, bytes, closeReason), now());
            return;
        }
        // One after the other, or what was flushed together would arrive with the last byte of it.
        for (Bytes frame : frames) {
            enqueue(new Batch(now(), List.of(frame), frame.size(), ""));
        }
        if (!closeReason.isEmpty()) {
            enqueue(new Batch(now(), List.of(), 0, closeReason));
        }
    }

    private void enqueue(Batch batch) {
        ahead.addLast(batch);
        if (ahead.size() == 1) {
            path.wire().orElseThrow().request(this);
        }
    }

    /** The size of what waits for the wire. */
    long nextBytes() {
        return ahead.getFirst().bytes;
    }

    /** The wire has taken the first batch, whose last byte leaves it at the given moment. */
    void depart(long leaves) {
        launch(ahead.removeFirst(), leaves);
        if (!ahead.isEmpty()) {
            path.wire().orElseThrow().request(this);
        }
    }

    private void launch(Batch batch, long leaves) {
        long latency = SimLinks.reliableLatency(path, other().path, network().random(), batch.bytes);
        lastDue = Math.max(lastDue, leaves + latency);
        inFlight.addLast(new Batch(lastDue, batch.frames, batch.bytes, batch.closeReason));
        network().queue().at(lastDue, other().door.process(), this::pump);
    }

    private void receive(Batch batch) {
        TraceHash trace = network().queue().trace();
        for (Bytes frame : batch.frames) {
            if (state != State.OPEN) {
                return;
            }
            trace.note(frame);
            door.events().frame(number, frame);
        }
        if (!batch.closeReason.isEmpty()) {
            shut(batch.closeReason);
        }
    }

    /** Closes without a word to the other end. */
    private void shut(String reason) {
        boolean opened = state == State.OPEN;
        if (state == State.CLOSED) {
            return;
        }
        state = State.CLOSED;
        door.remove(this);
        if (opened) {
            door.events().closed(number, reason);
        } else if (attempt != 0) {
            door.dialFailed(attempt, seenAddress, reason);
        }
    }

    private void stall() {
        if (stalledSince >= 0) {
            return;
        }
        stalledSince = now();
        long since = stalledSince;
        network().queue().at(now() + network().limits().linkTimeoutNanos(), door.process(), () -> {
            if (stalledSince == since) {
                shut("connection timed out");
                other().breakAfter(network().limits().linkTimeoutNanos(), "connection reset");
            }
        });
    }

    private SimNetwork network() {
        return door.network();
    }

    private long now() {
        return door.network().queue().now();
    }
}
