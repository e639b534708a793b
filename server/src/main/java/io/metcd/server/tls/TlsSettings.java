package io.metcd.server.tls;

import io.metcd.mesh.net.credentials.Credentials;
import io.metcd.mesh.net.credentials.Trust;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * What an operator asks of a TLS port.
 *
 * @param identity the server's own certificate
 * @param clients what clients must show; empty for a port that asks nobody for a certificate
 * @param protocols the versions spoken, {@code TLSv1.2} and {@code TLSv1.3}
 * @param suites the cipher suites of TLS 1.2 by their registered names; empty for the default ones
 */
public record TlsSettings(Identity identity, Optional<Clients> clients, List<String> protocols, List<String> suites) {
    public TlsSettings {
        protocols = List.copyOf(protocols);
        suites = List.copyOf(suites);
    }

    /** Where the server's certificate comes from. */
    public sealed interface Identity {}

    /** Files, which may be renewed at any time. */
    public record InFiles(Path certificate, Path key) implements Identity {}

    /** Made by the member, for as long as it runs. */
    public record InMemory(Credentials credentials) implements Identity {}

    /**
     * Client certificates are demanded.
     *
     * @param authorities file of those who may sign them
     * @param revoked file with a list of those that are not accepted any more
     * @param hosts if there are any, a certificate must be for one of them
     * @param named whether the common name says which user a client is
     */
    public record Clients(Path authorities, Optional<Path> revoked, List<String> hosts, boolean named) {
        public Clients {
            hosts = List.copyOf(hosts);
        }

        Trust.Rules rules() {
            return new Trust.Rules(authorities, revoked, hosts, List.of());
        }
    }
}
