package io.metcd.server.vertx;

import io.metcd.base.Bytes;
import io.metcd.server.rpc.Inbound;
import io.metcd.server.rpc.Outbound;
import io.metcd.server.rpc.Payload;

/** A stream that says what it hears. */
record EchoStream(Outbound out) implements Inbound {
    @Override
    public void message(Bytes message) {
        out.send(Payload.of(com.google.protobuf.StringValue.of(message.toUtf8())));
    }

    @Override
    public void halfClosed() {}

    @Override
    public void cancelled() {}

    @Override
    public void writable() {}
}
