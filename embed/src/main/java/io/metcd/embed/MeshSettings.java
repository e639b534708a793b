package io.metcd.embed;

import io.metcd.mesh.MeshConfig;
import io.metcd.mesh.Profile;
import io.metcd.mesh.net.MeshStartFailure;
import io.metcd.mesh.net.PasswordFile;
import io.metcd.mesh.net.PeerCertificates;
import io.metcd.mesh.net.Security;
import io.metcd.mesh.wire.handshake.GroupKey;
import io.metcd.mesh.wire.handshake.KeyRing;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * How a peer takes part in the mesh; a new value for each change.
 *
 * <pre>{@code
 * Metcd.builder().mesh(mesh -> mesh.withSeeds("10.0.0.7:2380").withListen("0.0.0.0:2380").withProfile(Profile.WAN))
 * }</pre>
 *
 * @param proof how peers prove that they belong together
 * @param reach how this one is reached, and whether others are through it
 * @param finding how it finds others
 * @param profile intervals and bounds
 */
public record MeshSettings(Proof proof, Reach reach, Finding finding, Profile profile) {
    /** A port of this machine alone, no password, nobody to dial. */
    public static final MeshSettings DEFAULT = new MeshSettings(
            Proof.NONE, new Reach(List.of("127.0.0.1:0"), List.of(), true), new Finding(List.of(), true), Profile.LAN);

    private static final String SCHEME = "http://";
    private static final String SECURE_SCHEME = "https://";

    /**
     * How peers prove that they belong together.
     *
     * @param password the group key that every member must have, as {@code ./metcd password gen} makes it, or several,
     *     one a line; without one, the mesh is refused beyond this machine
     * @param passwordFile a file that holds it, in place of {@code password}; read again when it changes
     * @param certificates of an authority, which every member must show, with a password or without
     * @param weakPassword accepts one that was not generated, and can be guessed by whoever gets this peer to dial it
     * @param insecure runs without either beyond this machine: whoever reaches the mesh may join
     */
    public record Proof(
            Optional<String> password,
            Optional<Path> passwordFile,
            Optional<PeerCertificates> certificates,
            boolean weakPassword,
            boolean insecure) {
        /** Nothing is proved, and hence nothing taken from beyond this machine. */
        public static final Proof NONE = new Proof(Optional.empty(), Optional.empty(), Optional.empty(), false, false);

        public Proof withCertificates(PeerCertificates shown) {
            return new Proof(password, passwordFile, Optional.of(shown), weakPassword, insecure);
        }

        /** Whether peers prove nothing to each other. */
        public boolean isNone() {
            return password.isEmpty() && passwordFile.isEmpty() && certificates.isEmpty();
        }

        GroupKey.Passphrases passphrases() {
            return weakPassword ? GroupKey.Passphrases.ALLOWED : GroupKey.Passphrases.REFUSED;
        }
    }

    /**
     * How a peer is reached.
     *
     * @param listen accepts others at HOST:PORT, over QUIC at quic://HOST:PORT, at a free port for 0; empty for a peer
     *     that only dials
     * @param urls where others may dial it, as http://HOST:PORT, https:// with certificates, or quic://; what follows
     *     from the listener if there are none
     * @param relays whether it carries traffic of others
     */
    public record Reach(List<String> listen, List<String> urls, boolean relays) {
        public Reach {
            listen = List.copyOf(listen);
            urls = List.copyOf(urls);
        }
    }

    /**
     * How a peer finds others.
     *
     * @param seeds addresses of others as HOST:PORT or quic://HOST:PORT, of which one that is reachable is enough; all addresses of a host
     *     name are taken. Also {@code srv:_metcd._tcp.example.com}, the places that SRV records tell, and
     *     {@code file:PATH}, with an address a line; both are looked at again and again
     * @param discovers whether others' addresses are found out: from sources that change, from peers, and, for a member
     *     with a directory, from its last life
     */
    public record Finding(List<String> seeds, boolean discovers) {
        public Finding {
            seeds = List.copyOf(seeds);
        }
    }

    public MeshSettings withPassword(String text) {
        return withProof(
                new Proof(Optional.of(text), Optional.empty(), proof.certificates, proof.weakPassword, proof.insecure));
    }

    /**
     * The group keys are in a file, one a line. The first is what this peer proves itself with; the others are
     * accepted, too. The file is read again when it changes.
     */
    public MeshSettings withPasswordFile(Path file) {
        return withProof(
                new Proof(Optional.empty(), Optional.of(file), proof.certificates, proof.weakPassword, proof.insecure));
    }

    /** Every member also shows a certificate of an authority; without a password, that alone. Files may be renewed. */
    public MeshSettings withCertificates(PeerCertificates shown) {
        return withProof(proof.withCertificates(shown));
    }

    /** Accepts a password that was not generated. */
    public MeshSettings withWeakPassword() {
        return withProof(new Proof(proof.password, proof.passwordFile, proof.certificates, true, proof.insecure));
    }

    /** Lets anybody join, from beyond this machine. */
    public MeshSettings withoutProof() {
        return withProof(new Proof(proof.password, proof.passwordFile, proof.certificates, proof.weakPassword, true));
    }

    public MeshSettings withProof(Proof newProof) {
        return new MeshSettings(newProof, reach, finding, profile);
    }

    /** Accepts others at HOST:PORT, or quic://HOST:PORT, or one of each. */
    public MeshSettings withListen(String... addresses) {
        return withReach(new Reach(List.of(addresses), reach.urls, reach.relays));
    }

    /** Accepts nobody, and only dials. */
    public MeshSettings withoutListening() {
        return withReach(new Reach(List.of(), reach.urls, reach.relays));
    }

    public MeshSettings withUrls(List<String> urls) {
        return withReach(new Reach(reach.listen, urls, reach.relays));
    }

    /** Carries no traffic of others. */
    public MeshSettings withoutRelaying() {
        return withReach(new Reach(reach.listen, reach.urls, false));
    }

    public MeshSettings withReach(Reach newReach) {
        return new MeshSettings(proof, newReach, finding, profile);
    }

    public MeshSettings withSeeds(String... addresses) {
        return withFinding(new Finding(List.of(addresses), finding.discovers));
    }

    /** Dials its seeds, and nobody else. */
    public MeshSettings withoutDiscovery() {
        return withFinding(new Finding(finding.seeds, false));
    }

    public MeshSettings withFinding(Finding newFinding) {
        return new MeshSettings(proof, reach, newFinding, profile);
    }

    public MeshSettings withProfile(Profile newProfile) {
        return new MeshSettings(proof, reach, finding, newProfile);
    }

    /** For requests up to this size, the same on every peer. */
    public MeshSettings withRequestBytesMax(int bytesMax) {
        return withProfile(profile.withRequestBytesMax(bytesMax));
    }

    /** As the mesh takes them. */
    MeshConfig config(String cluster, String name, long incarnation) {
        MeshConfig config = MeshConfig.of(cluster, name, incarnation)
                .withSeeds(finding.seeds)
                .withProfile(profile);
        if (!reach.listen.isEmpty()) {
            List<String> advertised = reach.urls.stream()
                    .map(url -> url.replaceFirst("^https?://", ""))
                    .toList();
            config = config.withListen(reach.listen, advertised);
        }
        MeshConfig found = finding.discovers ? config : config.withoutDiscovery();
        return reach.relays ? found : found.withoutRelaying();
    }

    /** As the member list says it: never nothing, since clients expect one. */
    List<String> urlsOf(MeshConfig bound) {
        if (!reach.urls.isEmpty()) {
            return reach.urls;
        }
        String scheme = proof.certificates.isPresent() ? SECURE_SCHEME : SCHEME;
        return bound.advertised().isEmpty()
                ? List.of(scheme + bound.name() + ".mesh:2380")
                : bound.advertised().stream()
                        .map(address -> address.contains("://") ? address : scheme + address)
                        .toList();
    }

    Security security(String cluster) {
        Security known = known(cluster);
        return proof.certificates.map(known::withCertificates).orElse(known);
    }

    private Security known(String cluster) {
        if (proof.passwordFile.isPresent()) {
            return Security.of(new PasswordFile(proof.passwordFile.get(), cluster, proof.passphrases()));
        }
        if (proof.password.isEmpty()) {
            return proof.insecure ? Security.insecure() : Security.none();
        }
        try {
            return Security.of(KeyRing.parse(proof.password.get(), cluster, proof.passphrases()));
        } catch (IllegalArgumentException e) {
            throw new MeshStartFailure(String.valueOf(e.getMessage()), e);
        }
    }
}
