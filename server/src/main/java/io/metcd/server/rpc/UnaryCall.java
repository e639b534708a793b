package io.metcd.server.rpc;

/** A call with one request and one answer. Used on the call's event loop only. */
public interface UnaryCall extends Call {
    /**
     * Runs the action once if the caller goes away or its deadline passes before the call has been answered. For calls
     * that may wait long; a call that does not ask for it is simply answered into the void. A stream needs no such
     * thing: it hears of it by {@link Inbound#cancelled}.
     */
    void onCancel(Runnable action);
}
