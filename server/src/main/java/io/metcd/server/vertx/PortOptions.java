package io.metcd.server.vertx;

import static java.util.Objects.requireNonNull;

/**
 * Where the port is and what it allows.
 *
 * @param port 0 for any free one
 * @param eventLoops how many threads serve it
 * @param maxMessageSize the largest message that is read; a larger one fails its call
 * @param streamPendingMax the bytes of one stream that may wait for the socket before its producer must stop
 */
public record PortOptions(String host, int port, int eventLoops, int maxMessageSize, int streamPendingMax) {
    public PortOptions {
        requireNonNull(host);
    }
}
