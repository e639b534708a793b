package io.metcd.cli.client;

import java.time.Duration;
import java.util.List;

/**
 * Which members to ask, and how.
 *
 * @param endpoints asked in turn, until one answers
 * @param security what is shown to them and whom to trust, where they speak TLS
 * @param timeout for a short command
 */
public record Access(List<Endpoint> endpoints, ClientSecurity security, Duration timeout) {
    public Access {
        endpoints = List.copyOf(endpoints);
    }
}
