package io.metcd.server.rpc;

import io.metcd.base.Bytes;

/** One request, one answer, now or later. */
@FunctionalInterface
public interface UnaryMethod {
    void call(UnaryCall call, Bytes request, Reply reply);
}
