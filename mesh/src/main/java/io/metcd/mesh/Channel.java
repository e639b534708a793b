package io.metcd.mesh;

import io.metcd.base.Bytes;
import java.util.function.Consumer;

/**
 * A named conversation over the mesh. A peer that has not opened the channel relays its frames without looking inside.
 *
 * <p>Datagrams between two peers arrive at most once; they may be lost. They come in order within one priority while their
 * route stays the same, but for CONSENSUS, which takes two ways over relays. The class CONTROL is the mesh's own: who
 * sends in it gets an {@link IllegalArgumentException}. Callbacks run on the mesh's thread and must not block.
 */
public interface Channel {
    /** For datagrams that nothing supersedes. */
    int NEVER_SUPERSEDED = 0;

    String name();

    /**
     * Sends a datagram up to the profile's maximum. A datagram with a key other than {@link #NEVER_SUPERSEDED} takes
     * the place of one with the same key, channel and destination that still waits at this peer.
     */
    SendOutcome send(PeerId to, Priority priority, Bytes payload, int supersedeKey);

    /** Sends a request; {@code done} is called exactly once, never from inside this method. */
    void call(PeerId to, Priority priority, Bytes request, long timeoutNanos, Consumer<CallOutcome> done);

    /** Sets who takes datagrams; replaces an earlier receiver. */
    void onMessage(Receiver receiver);

    /** Sets who answers calls; replaces an earlier responder. Without one, calls are refused. */
    void onCall(Responder responder);

    /** Takes datagrams. */
    interface Receiver {
        void received(PeerId from, Bytes payload);
    }

    /** Answers calls, at once or later. */
    interface Responder {
        void called(PeerId from, Bytes request, Reply reply);
    }

    /** The way back to one caller: the first of either call counts, others are without effect. */
    interface Reply {
        void send(Bytes payload);

        void refuse(String reason);
    }
}
