package io.metcd.cli.serve;

import io.metcd.cli.Mistake;
import io.metcd.cli.flags.FlagValues;
import io.metcd.mesh.net.PeerCertificates;
import io.metcd.mesh.net.credentials.Trust;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Certificates of an authority for the mesh, as the flags ask for them. */
final class MeshCertificates {
    private static final String CERTIFICATE = "peer-cert-file";
    private static final String KEY = "peer-key-file";
    private static final String AUTHORITIES = "peer-trusted-ca-file";
    private static final String HOSTS = "peer-cert-allowed-hostname";
    private static final String NAMES = "peer-cert-allowed-cn";
    private static final List<String> OF_AUTHORITIES =
            List.of(CERTIFICATE, KEY, "peer-client-cert-auth", "peer-crl-file", NAMES, HOSTS);

    private MeshCertificates() {}

    /**
     * Empty for a mesh in which the peers' own keys are what TLS shows: that of {@code http://}.
     *
     * @param own peer URLs of this member that somebody has written out; none for one that only dials
     */
    static Optional<PeerCertificates> of(FlagValues values, List<Address> own) {
        Optional<PeerCertificates> given = given(values);
        boolean clear = own.stream().anyMatch(address -> address.scheme() == Address.Scheme.HTTP);
        Optional<Address> secure = own.stream().filter(Address::secure).findFirst();
        if (clear && secure.isPresent()) {
            throw Mistake.usage("this member's peer URLs are http:// and https:// ("
                    + secure.get().url() + "): write https:// in all of them, or in none");
        }
        if (secure.isPresent() && given.isEmpty() && !values.on("peer-auto-tls")) {
            throw Mistake.usage(
                    "TLS key/cert (--peer-cert-file, --peer-key-file, --peer-trusted-ca-file) must be provided for"
                            + " peer url " + secure.get().url()
                            + " with HTTPS scheme; without an authority write http://, where the"
                            + " mesh encrypts its links with keys of its own");
        }
        return clear ? Optional.empty() : given;
    }

    /** As etcd, http:// that is written out means no certificates, whatever is given; it is said. */
    static List<String> warnings(FlagValues values) {
        List<String> warnings = new ArrayList<>();
        boolean clear = values.list("listen-peer-urls").stream().anyMatch(url -> url.startsWith("http://"));
        if (clear
                && values.isSet("listen-peer-urls")
                && !values.text(CERTIFICATE).isEmpty()) {
            warnings.add(values.origin(CERTIFICATE) + " is ignored for the http:// URLs in "
                    + values.origin("listen-peer-urls") + ": write https://");
        }
        return warnings;
    }

    private static Optional<PeerCertificates> given(FlagValues values) {
        String authorities = values.text(AUTHORITIES);
        if (authorities.isEmpty()) {
            for (String name : OF_AUTHORITIES) {
                String text = values.text(name);
                if (!text.isEmpty() && !text.equals("false")) {
                    throw Mistake.usage(values.origin(name) + " needs --" + AUTHORITIES
                            + ": whoever signs there says who may take part in the mesh");
                }
            }
            return Optional.empty();
        }
        String certificate = values.text(CERTIFICATE);
        String key = values.text(KEY);
        if (certificate.isEmpty() || key.isEmpty()) {
            throw Mistake.usage("KeyFile and CertFile must both be present [key: " + key + ", cert: " + certificate
                    + "]: give --" + (key.isEmpty() ? KEY : CERTIFICATE) + ", too");
        }
        List<String> hosts = values.list(HOSTS);
        List<String> names = values.list(NAMES);
        if (!hosts.isEmpty() && !names.isEmpty()) {
            throw Mistake.usage(values.origin(HOSTS) + " and " + values.origin(NAMES)
                    + " are mutually exclusive: leave one of them out");
        }
        Optional<Path> revoked = Optional.of(values.text("peer-crl-file"))
                .filter(file -> !file.isEmpty())
                .map(Path::of);
        return Optional.of(new PeerCertificates(
                Path.of(certificate), Path.of(key), new Trust.Rules(Path.of(authorities), revoked, hosts, names)));
    }
}
