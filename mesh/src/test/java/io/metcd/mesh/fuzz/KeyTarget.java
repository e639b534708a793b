package io.metcd.mesh.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import io.metcd.base.ByteReader.Malformed;
import io.metcd.base.Bytes;
import io.metcd.base.Signer;
import io.metcd.mesh.net.EcdsaSigner;
import io.metcd.mesh.net.PeerIdentity;
import io.metcd.mesh.net.ShownCertificate;
import io.metcd.mesh.wire.certificate.P256;
import java.security.GeneralSecurityException;
import java.security.cert.CertificateException;
import java.util.List;
import java.util.function.Supplier;

/**
 * What a stranger shows to be somebody: the first byte says whether the others are a certificate, a key, or a signature
 * over what a peer has signed.
 */
final class KeyTarget implements Target {
    private static final int CERTIFICATE = 0;
    private static final int KEY = 1;
    private static final int KINDS = 3;
    /** What the Java runtime takes to read a certificate and to compute on the curve. */
    private static final int RUNTIME_ENTRY = 256 << 10;

    private static final Bytes MESSAGE = Bytes.utf8("what the peer has signed");

    private final PeerIdentity peer = PeerIdentity.fresh();
    private final Signer signer = new EcdsaSigner(peer);
    private final Bytes certificate = ShownCertificate.of(peer);
    private final Bytes signature = signer.sign(MESSAGE);

    @Override
    public String name() {
        return "keys";
    }

    @Override
    public List<Bytes> genuine() {
        return List.of(
                Bytes.of(CERTIFICATE).concat(certificate),
                Bytes.of(KEY).concat(peer.publicKey()),
                Bytes.of(KINDS - 1).concat(signature));
    }

    @Override
    public Load load(Bytes input) {
        return new Load(input.size(), RUNTIME_ENTRY);
    }

    @Override
    public Supplier<String> reading(Bytes input) {
        return () -> isGood(input) ? "good" : "bad";
    }

    /** Who shows a certificate has the key in it; a key has one form; nobody else signs for the peer. */
    @Override
    public void laws(Bytes input) {
        if (!isGood(input)) {
            return;
        }
        Bytes shown = input.slice(1, input.size());
        switch (kind(input)) {
            case CERTIFICATE -> {
                assertThat(P256.isPublicKey(key(shown))).isTrue();
                assertThat(shown.toHex()).contains(key(shown).toHex());
            }
            case KEY -> {
                try {
                    assertThat(P256.publicKey(shown).getEncoded()).isEqualTo(shown.toArray());
                } catch (GeneralSecurityException e) {
                    throw new AssertionError("a key that is none", e);
                }
            }
            default -> assertThat(shown).isEqualTo(signature);
        }
    }

    private boolean isGood(Bytes input) {
        if (input.isEmpty()) {
            return false;
        }
        Bytes shown = input.slice(1, input.size());
        return switch (kind(input)) {
            case CERTIFICATE -> !key(shown).isEmpty();
            case KEY -> P256.isPublicKey(shown);
            default -> signer.verify(peer.publicKey(), MESSAGE, shown);
        };
    }

    private static Bytes key(Bytes shown) {
        try {
            return ShownCertificate.key(shown);
        } catch (CertificateException refused) {
            throw new Malformed("no certificate");
        }
    }

    private static int kind(Bytes input) {
        return Math.floorMod(input.at(0), KINDS);
    }
}
