package io.metcd.server.vertx;

import java.util.List;

/**
 * Whom plain HTTP is for (contract: json.8, json.9).
 *
 * @param origins web pages of which origins may read the answers; {@code *} for all
 * @param hosts names under which a client may speak to a port without TLS; {@code *} for all
 */
public record WebPolicy(List<String> origins, List<String> hosts) {
    private static final String ANY = "*";
    public static final WebPolicy OPEN = new WebPolicy(List.of(ANY), List.of(ANY));

    public WebPolicy {
        origins = List.copyOf(origins);
        hosts = List.copyOf(hosts);
    }

    /** Whether a host, without its port, is one of those. */
    boolean allowsHost(String host) {
        return hosts.isEmpty() || hosts.contains(ANY) || hosts.contains(host);
    }

    /** What the header that allows an origin says, or nothing where it is not allowed. */
    String allowedOrigin(String origin) {
        if (origins.isEmpty() || origins.contains(ANY)) {
            return ANY;
        }
        return origins.contains(origin) ? origin : "";
    }
}
