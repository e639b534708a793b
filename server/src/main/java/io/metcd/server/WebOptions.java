package io.metcd.server;

import java.util.List;

/**
 * What of HTTP besides gRPC a server answers, and to whom.
 *
 * @param gateway whether the methods can be called by JSON
 * @param origins web pages of which origins may read the answers; {@code *} for all
 * @param hosts names under which clients may speak to a port without TLS; {@code *} for all
 */
public record WebOptions(boolean gateway, List<String> origins, List<String> hosts) {
    /** As etcd by default: for everybody. */
    public static final WebOptions OPEN = new WebOptions(true, List.of("*"), List.of("*"));

    public WebOptions {
        origins = List.copyOf(origins);
        hosts = List.copyOf(hosts);
    }
}
