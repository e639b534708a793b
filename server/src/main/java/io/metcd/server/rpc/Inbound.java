package io.metcd.server.rpc;

import io.metcd.base.Bytes;

/** What a client does with its stream. After {@link #cancelled} or after {@link Outbound#end} nothing more comes. */
public interface Inbound {
    void message(Bytes message);

    /** The client sends no more; it still listens. */
    void halfClosed();

    /** The client has gone: nothing can be sent any more. */
    void cancelled();

    /** {@link Outbound#writable()} is true again. */
    void writable();
}
