package io.metcd.server.vertx;

import com.google.protobuf.StringValue;
import io.metcd.base.Bytes;
import io.metcd.server.rpc.Call;
import io.metcd.server.rpc.Inbound;
import io.metcd.server.rpc.Outbound;
import io.metcd.server.rpc.Payload;
import io.metcd.server.rpc.Status;

/** A stream that says who called, and ends. */
record TellName(Call call, Outbound out) implements Inbound {
    @Override
    public void message(Bytes message) {
        out.send(Payload.of(StringValue.of(call.commonName().orElse("no name"))));
        out.end(Status.OK);
    }

    @Override
    public void halfClosed() {}

    @Override
    public void cancelled() {}

    @Override
    public void writable() {}
}
