package io.metcd.base;

/**
 * The network door of one peer: dialled and accepted links, each authenticated and encrypted, between two keys. The
 * system's implementations are TLS 1.3 over TCP, and QUIC; the simulator's is an event queue with faults.
 *
 * <p>How to drive it: {@link #start} once, from the owner; then every call here and every {@link Events} call is made
 * on the owner's thread. A link exists from {@code opened} to {@code closed}; each gets a number that is never used
 * again. A frame is delivered once and whole, in the order of its class, or the link closes; but heartbeats and what
 * consensus sends may, where the network loses packets, come in any order, or not, and a heartbeat twice.
 */
public interface Links {
    /** Begins to accept (when configured) and to deliver events. */
    void start(Events events);

    /** Begins to dial; ends in {@code opened} with this attempt number, or in {@code dialFailed}. */
    void dial(String address, long attempt);

    /** Hands a frame to the link; ignored when the link has closed. The caller keeps {@link #unsentBytes} bounded. */
    void send(long link, Bytes frame);

    /** Pushes the frames handed over since the last call towards the wire. */
    void flush(long link);

    /** Bytes handed over and not yet taken by the transport; 0 for a closed link. */
    long unsentBytes(long link);

    /** Closes the link; {@code closed} follows with this reason. */
    void close(long link, String reason);

    /** Stops accepting, closes every link, delivers no further event. */
    void stop();

    /** A link that has just passed mutual authentication. {@code attempt} is 0 for an accepted one. */
    record Opened(long link, long attempt, Bytes remoteKey, Bytes remoteHello, String observedAddress) {}

    /** What the door tells its owner. */
    interface Events {
        void opened(Opened opened);

        /** {@code reason} is in words an operator understands, e.g. "wrong password". */
        void dialFailed(long attempt, String address, String reason);

        void frame(long link, Bytes frame);

        /** Unsent bytes have fallen under the low mark. */
        void writable(long link);

        void closed(long link, String reason);
    }
}
