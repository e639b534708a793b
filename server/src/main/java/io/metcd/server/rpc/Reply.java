package io.metcd.server.rpc;

/** The answer of a unary call: exactly one of the two, once, on the call's event loop. */
public interface Reply {
    void send(Payload message);

    void fail(Status status);
}
