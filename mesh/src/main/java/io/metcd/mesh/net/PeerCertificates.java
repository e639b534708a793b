package io.metcd.mesh.net;

import io.metcd.base.Clock;
import io.metcd.mesh.net.credentials.Credentials;
import io.metcd.mesh.net.credentials.TlsFailure;
import io.metcd.mesh.net.credentials.Trust;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Certificates of an authority for the links of a peer: its own, and whose it takes. They say who may take part; which
 * peer it is says its identity key, which signs each handshake. All files may be renewed while it runs.
 *
 * @param certificate file of its own certificate, for clients and servers of TLS alike, and who signed it
 * @param key file of that certificate's private key, of any kind that TLS knows
 * @param trust what is asked of others' certificates
 */
public record PeerCertificates(Path certificate, Path key, Trust.Rules trust) {
    private static final Logger LOG = LoggerFactory.getLogger(PeerCertificates.class);

    /** Reads the files; a {@link MeshStartFailure} names the one that is wrong, and the fix. */
    PeerTls load() {
        try {
            Credentials own = Credentials.read(certificate, key);
            Instant end = own.chain().get(0).getNotAfter().toInstant();
            if (Clock.system().wallMillis() > end.toEpochMilli()) {
                LOG.warn(
                        "the peer certificate in {} has expired at {}: others refuse it; renew the file",
                        certificate,
                        end);
            }
            return PeerTls.of(own, Trust.read(trust));
        } catch (TlsFailure e) {
            throw new MeshStartFailure("peer certificates: " + e.text(), e);
        }
    }

    List<Path> files() {
        return Stream.concat(Stream.of(certificate, key), trust.files().stream())
                .toList();
    }
}
