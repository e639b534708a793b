package io.metcd.cli.client;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Which members to ask, and how.
 *
 * @param endpoints asked in turn, until one answers
 * @param security what is shown to them and whom to trust, where they speak TLS
 * @param login as whom; empty for nobody
 * @param timeout for a short command
 */
public record Access(List<Endpoint> endpoints, ClientSecurity security, Optional<Login> login, Duration timeout) {
    public Access {
        endpoints = List.copyOf(endpoints);
    }
}
