package io.metcd.server;

import java.util.List;

/**
 * What a port answers besides or in place of gRPC, and to whom.
 *
 * @param serves what the port is for
 * @param gateway whether the methods can be called by JSON
 * @param origins web pages of which origins may read the answers; {@code *} for all
 * @param hosts names under which clients may speak to a port without TLS; {@code *} for all
 */
public record WebOptions(Serves serves, boolean gateway, List<String> origins, List<String> hosts) {
    /** What a port is for. */
    public enum Serves {
        /** gRPC and HTTP side by side. */
        EVERYTHING,
        /** gRPC alone: HTTP has a port of its own. */
        GRPC,
        /** JSON and pages alone. */
        HTTP,
        /** Metrics, and how the member is. */
        METRICS
    }

    /** As etcd by default: for everybody. */
    public static final WebOptions OPEN = new WebOptions(Serves.EVERYTHING, true, List.of("*"), List.of("*"));

    public WebOptions {
        origins = List.copyOf(origins);
        hosts = List.copyOf(hosts);
    }

    public WebOptions serving(Serves purpose) {
        return new WebOptions(purpose, gateway, origins, hosts);
    }

    boolean servesGrpc() {
        return serves == Serves.EVERYTHING || serves == Serves.GRPC;
    }
}
