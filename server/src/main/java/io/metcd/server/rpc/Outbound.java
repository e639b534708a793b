package io.metcd.server.rpc;

/** The server's side of a stream, on the stream's event loop. Nothing may be sent after {@link #end}. */
public interface Outbound {
    /**
     * Whether the client keeps up. A method that produces without being asked stops while this is false and goes on at
     * {@link Inbound#writable()}; single answers may still be sent.
     */
    boolean writable();

    void send(Payload message);

    /** Asks for no more requests until {@link #resumeRequests}; those that have arrived already still come. */
    void pauseRequests();

    void resumeRequests();

    void end(Status status);
}
