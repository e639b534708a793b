package io.metcd.mesh.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.metcd.base.Bytes;
import io.metcd.mesh.MeshConfig;
import io.metcd.mesh.net.PeerAuthority.Wish;
import io.metcd.mesh.net.credentials.Trust;
import io.metcd.mesh.wire.handshake.GroupKey;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Peers that show certificates of an authority, on real sockets (contract: flag.29). */
class PeerCertificatesTest {
    @TempDir
    Path directory;

    private final List<Peer> opened = new ArrayList<>();
    private PeerAuthority authority;

    @BeforeEach
    void issue() {
        authority = new PeerAuthority("authority", directory);
        authority.issue("a", Wish.normal());
    }

    @AfterEach
    void close() {
        opened.forEach(Peer::close);
    }

    @Test
    void peersOfOneAuthorityMeetAndAreKnownByTheirIdentities() {
        authority.issue("b", Wish.normal().rsa());
        Peer a = peer("a", authority.of("a"));
        Peer b = peer("b", authority.of("b"));

        b.dial(a.address());
        Peer.Opened atB = b.await(Peer.Opened.class);
        Peer.Opened atA = a.await(Peer.Opened.class);

        assertThat(atB.opened().remoteKey()).isEqualTo(a.identity.publicKey());
        assertThat(atA.opened().remoteKey()).isEqualTo(b.identity.publicKey());
        b.send(atB.opened().link(), Bytes.utf8("ping"));
        assertThat(a.await(Peer.Frame.class).frame()).isEqualTo(Bytes.utf8("ping"));
    }

    /** As many have it: one file for all members. */
    @Test
    void oneCertificateForAllStillMakesThemDifferentPeers() {
        Peer a = peer("a", authority.of("a"));
        Peer b = peer("b", authority.of("a"));

        b.dial(a.address());

        assertThat(b.await(Peer.Opened.class).opened().remoteKey()).isEqualTo(a.identity.publicKey());
        a.dial(a.address());
        assertThat(a.await(Peer.DialFailed.class).reason()).startsWith("own identity");
    }

    @Test
    void aRenewedCertificateWithAnotherKeyKeepsTheIdentityAndTheLinks() {
        authority.issue("b", Wish.normal());
        Peer a = peer("a", authority.of("a"));
        Peer b = peer("b", authority.of("b"));
        b.dial(a.address());
        long link = b.await(Peer.Opened.class).opened().link();
        a.await(Peer.Opened.class);

        authority.issue("b", Wish.normal().rsa());
        renew(b, authority.of("b"));
        b.dial(a.address());

        assertThat(b.await(Peer.Opened.class).opened().link()).isNotEqualTo(link);
        assertThat(a.await(Peer.Opened.class).opened().remoteKey()).isEqualTo(b.identity.publicKey());
        b.send(link, Bytes.utf8("still here"));
        assertThat(a.await(Peer.Frame.class).frame()).isEqualTo(Bytes.utf8("still here"));
    }

    @Test
    void aCertificateOfAnotherAuthorityIsRefusedWhoeverDials() {
        PeerAuthority other = new PeerAuthority("other", directory);
        other.issue("b", Wish.normal());
        Peer a = peer("a", authority.of("a"));
        Peer knowsBoth = peer("b", new PeerCertificates(other.file("b"), other.key("b"), authority.trust()));
        Peer knowsOther = peer("b", other.of("b"));

        // The door names whom it trusts, and the dialler has nothing that would do.
        knowsBoth.dial(a.address());
        assertThat(knowsBoth.await(Peer.DialFailed.class).reason())
                .startsWith("certificate: the other end trusts nobody who has signed this peer's");
        assertThat(a.awaitRefused().reason())
                .isEqualTo(
                        "certificate: the other end shows none that an authority in --peer-trusted-ca-file has signed:"
                                + " issue it one");
        knowsOther.dial(a.address());
        assertThat(knowsOther.await(Peer.DialFailed.class).reason())
                .isEqualTo(
                        "certificate: the other end's is signed by nobody in --peer-trusted-ca-file: give all peers the"
                                + " same authorities");
    }

    @Test
    void anExpiredCertificateIsRefusedInWords() {
        authority.issue("b", Wish.normal().expired());

        assertRefused(authority.of("a"), authority.of("b"), "certificate: the other end's has expired: renew its");
    }

    @Test
    void aRevokedCertificateIsRefusedFromTheNextConnectionOn() {
        BigInteger serial = authority.issue("b", Wish.normal());
        Trust.Rules rules =
                new Trust.Rules(authority.file("authority"), Optional.of(authority.revoke()), List.of(), List.of());
        PeerCertificates watching = new PeerCertificates(authority.file("a"), authority.key("a"), rules);
        Peer a = peer("a", watching);
        Peer b = peer("b", authority.of("b"));
        b.dial(a.address());
        long link = b.await(Peer.Opened.class).opened().link();

        authority.revoke(serial);
        renew(a, watching);
        b.dial(a.address());

        assertThat(b.await(Peer.DialFailed.class).reason())
                .startsWith("certificate: the other end refuses this peer's");
        assertThat(a.awaitRefused().reason())
                .startsWith("certificate: the certificate with serial number " + serial.toString(16) + " is revoked");
        b.send(link, Bytes.utf8("still here"));
        assertThat(a.await(Peer.Frame.class).frame()).isEqualTo(Bytes.utf8("still here"));
    }

    @Test
    void aRunningPeerTakesNoteOfRenewedFilesByItself() {
        BigInteger serial = authority.issue("b", Wish.normal());
        Trust.Rules rules =
                new Trust.Rules(authority.file("authority"), Optional.of(authority.revoke()), List.of(), List.of());
        Security security = Security.of(Peer.KEY).withCertificates(shownBy("a", rules));
        MeshConfig config = MeshConfig.of("c", "server", 1).withListen("127.0.0.1:0", List.of());
        MeshServer server = MeshServer.bind(config, PeerIdentity.fresh(), security);
        try {
            server.start();
            String address = server.config().listenAddress().orElseThrow();
            Peer b = peer("b", authority.of("b"));
            b.dial(address);
            b.await(Peer.Opened.class);

            authority.revoke(serial);
            while (server.refusedPeers().isEmpty()) {
                b.forget();
                b.dial(address);
                b.await(Object.class, event -> event instanceof Peer.Opened || event instanceof Peer.DialFailed);
            }

            assertThat(server.refusedPeers().get(0).reason()).contains("is revoked");
        } finally {
            server.stop();
        }
    }

    @Test
    void aCertificateForServersAloneMayNotDial() {
        authority.issue("b", Wish.normal().uses(PeerAuthority.SERVER));

        assertRefused(
                authority.of("a"),
                authority.of("b"),
                "certificate: the other end's may not be used for this (Extended key usage does not permit use for TLS"
                        + " client authentication): issue it for clientAuth and serverAuth");
    }

    @Test
    void onlyAllowedNamesComeInWhereThereIsAList() {
        authority.issue("b", Wish.normal());
        Trust.Rules hosts =
                new Trust.Rules(authority.file("authority"), Optional.empty(), List.of("other.example"), List.of());
        Trust.Rules names =
                new Trust.Rules(authority.file("authority"), Optional.empty(), List.of(), List.of("c", "d"));
        Trust.Rules both =
                new Trust.Rules(authority.file("authority"), Optional.empty(), List.of("peer.example"), List.of("b"));

        assertRefused(
                shownBy("a", hosts),
                authority.of("b"),
                "certificate: the certificate of CN=b is for none of the allowed hosts [other.example]: issue a new one");
        assertRefused(
                shownBy("a", names),
                authority.of("b"),
                "certificate: the certificate of CN=b has none of the allowed common names [c, d]: issue a new one");
        Peer a = peer("a", shownBy("a", both));
        Peer b = peer("b", authority.of("b"));
        b.dial(a.address());
        b.await(Peer.Opened.class);
    }

    @Test
    void twoOfWhichOnlyOneHasCertificatesAreToldSo() {
        Peer a = peer("a", authority.of("a"));
        Peer b = new Peer(Peer.Options.named("b"));
        opened.add(b);

        b.dial(a.address());
        String words =
                "TLS without the mesh's application protocol: the other end is no metcd peer, or only one of the two has"
                        + " certificates";

        assertThat(b.await(Peer.DialFailed.class).reason()).startsWith(words);
        assertThat(a.awaitRefused().reason()).startsWith(words);
        a.dial(b.address());
        assertThat(a.await(Peer.DialFailed.class).reason()).startsWith(words);
    }

    @Test
    void aCertificateDoesNotStandInForTheGroupKey() {
        authority.issue("b", Wish.normal());
        Security other = Security.of(GroupKey.of(Bytes.utf8("another key of thirty-two bytes!")));
        Peer a = peer("a", authority.of("a"));
        Peer b = new Peer(Peer.Options.named("b").security(other.withCertificates(authority.of("b"))));
        opened.add(b);

        b.dial(a.address());

        assertThat(b.await(Peer.DialFailed.class).reason()).startsWith("wrong password");
        assertThat(a.awaitRefused().reason()).startsWith("wrong password");
    }

    @Test
    void filesThatCannotBeUsedAreNamedAtTheStart() throws Exception {
        authority.issue("b", Wish.normal());
        PeerCertificates mixed = new PeerCertificates(authority.file("a"), authority.key("b"), authority.trust());
        Path empty = Files.writeString(directory.resolve("empty.pem"), "");
        Trust.Rules nobody = new Trust.Rules(empty, Optional.empty(), List.of(), List.of());

        assertThatThrownBy(mixed::load)
                .isInstanceOf(MeshStartFailure.class)
                .hasMessageContaining("b-key.pem is not that of the first certificate in");
        assertThatThrownBy(() -> shownBy("a", nobody).load())
                .isInstanceOf(MeshStartFailure.class)
                .hasMessageContaining("empty.pem holds no certificate");
    }

    private void assertRefused(PeerCertificates door, PeerCertificates dialler, String words) {
        Peer a = peer("a", door);
        Peer b = peer("b", dialler);

        b.dial(a.address());

        assertThat(b.await(Peer.DialFailed.class).reason())
                .startsWith("certificate: the other end refuses this peer's");
        assertThat(a.awaitRefused().reason()).startsWith(words);
    }

    private PeerCertificates shownBy(String name, Trust.Rules rules) {
        return new PeerCertificates(authority.file(name), authority.key(name), rules);
    }

    private static void renew(Peer peer, PeerCertificates certificates) {
        PeerTls tls = certificates.load();
        peer.onLoop(() -> {
            ((TlsLinks) peer.links).renew(tls);
            return true;
        });
    }

    private Peer peer(String name, PeerCertificates certificates) {
        Peer peer =
                new Peer(Peer.Options.named(name).security(Security.of(Peer.KEY).withCertificates(certificates)));
        opened.add(peer);
        return peer;
    }
}
