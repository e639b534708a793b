package io.metcd.server.rpc;

/** A stream of requests, a stream of answers; also the shape of one request with many answers. */
@FunctionalInterface
public interface StreamMethod {
    /** Called once a stream; the result hears what the client does. */
    Inbound open(Call call, Outbound out);
}
