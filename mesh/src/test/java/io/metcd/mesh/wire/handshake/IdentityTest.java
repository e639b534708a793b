package io.metcd.mesh.wire.handshake;

import static org.assertj.core.api.Assertions.assertThat;

import io.metcd.base.Bytes;
import io.metcd.base.RandomSource;
import io.metcd.base.Signer;
import io.metcd.mesh.net.EcdsaSigner;
import io.metcd.mesh.net.PeerIdentity;
import io.metcd.mesh.wire.Hello;
import io.metcd.mesh.wire.handshake.Handshake.Role;
import io.metcd.mesh.wire.handshake.Handshake.Step;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Handshakes in which TLS shows certificates of an authority, and the peers' identities sign. */
class IdentityTest {
    private static final KeyRing KEYS = KeyRing.none();
    private static final Bytes CERTIFICATE_I = Bytes.utf8("public key of the initiator's certificate");
    private static final Bytes CERTIFICATE_A = Bytes.utf8("public key of the acceptor's certificate");
    private static final int KEY_SIZE = 91;

    private final Signer initiator = new EcdsaSigner(PeerIdentity.fresh());
    private final Signer acceptor = new EcdsaSigner(PeerIdentity.fresh());
    private final RandomSource random = RandomSource.seeded(7);

    /** Both ends of a conversation, and what was said. */
    private final class Talk {
        final Handshake atInitiator;
        final Handshake atAcceptor;
        Bytes welcome = Bytes.EMPTY;

        Talk(Signer dialling, Signer accepting) {
            atInitiator = handshake(Role.INITIATOR, dialling);
            atAcceptor = handshake(Role.ACCEPTOR, accepting);
        }

        /** All but the last message; what the initiator makes of the welcome. */
        Step welcomed() {
            atInitiator.start();
            Bytes proof = only(atInitiator.receive(only(atAcceptor.start())));
            welcome = only(atAcceptor.receive(proof));
            return atInitiator.receive(welcome);
        }
    }

    @Test
    void eachEndIsKnownByTheKeyThatSignsAndNotByTheCertificates() {
        Talk talk = new Talk(initiator, acceptor);

        Step atInitiator = talk.welcomed();
        Step atAcceptor = talk.atAcceptor.receive(only(atInitiator));

        assertThat(atInitiator.agreement().orElseThrow().remoteIdentity()).isEqualTo(acceptor.publicKey());
        assertThat(atAcceptor.agreement().orElseThrow().remoteIdentity()).isEqualTo(initiator.publicKey());
    }

    /** Whoever has stolen a certificate's key, or shares it, has heard what its owner said to it earlier. */
    @Test
    void whatAnIdentitySignedInAnotherConversationIsWorthless() {
        Talk earlier = new Talk(initiator, acceptor);
        Bytes heard = only(earlier.welcomed());
        Talk now = new Talk(new Imitation(initiator.publicKey()), acceptor);
        Step honest = now.welcomed();

        // 1. his own hello with the identity and signature that were heard 2. all of what was heard
        Bytes forged = heard.slice(0, 1 + 1 + KEY_SIZE + Signer.SIGNATURE_SIZE)
                .concat(only(honest)
                        .slice(
                                1 + 1 + KEY_SIZE + Signer.SIGNATURE_SIZE,
                                only(honest).size()));
        assertThat(forged.size()).isEqualTo(only(honest).size());
        assertThat(now.atAcceptor.receive(forged).refusal().orElseThrow().code())
                .isEqualTo(Refusal.Code.FORGED_IDENTITY);
        Talk again = new Talk(new Imitation(initiator.publicKey()), acceptor);
        again.welcomed();
        assertThat(again.atAcceptor.receive(heard).refusal().orElseThrow().code())
                .isEqualTo(Refusal.Code.FORGED_IDENTITY);
    }

    @Test
    void aWelcomeByWhoeverCannotSignIsRefusedInWords() {
        Talk talk = new Talk(initiator, new Imitation(acceptor.publicKey()));

        assertThat(talk.welcomed().refusal().orElseThrow().words())
                .startsWith("forged identity: the certificate is in order")
                .contains("--peer-crl-file");
    }

    @Test
    void aSignatureSentBackToItsMakerIsItsOwnIdentityAtMost() {
        Talk talk = new Talk(initiator, initiator);

        assertThat(talk.welcomed().refusal().orElseThrow().code()).isEqualTo(Refusal.Code.OWN_IDENTITY);
    }

    @Test
    void everyFlippedBitOfAnIdentityIsRefused() {
        for (int bit = 0; bit < 8 * (1 + KEY_SIZE + Signer.SIGNATURE_SIZE); bit += 5) {
            Talk talk = new Talk(initiator, acceptor);
            byte[] changed = only(talk.welcomed()).toArray();
            changed[1 + bit / 8] ^= (byte) (1 << bit % 8);

            assertThat(talk.atAcceptor.receive(Bytes.wrap(changed)).refusal())
                    .as("bit %d", bit)
                    .isPresent();
        }
    }

    @Test
    void everyCutIsRefused() {
        Bytes whole = only(new Talk(initiator, acceptor).welcomed());
        for (int cut = 0; cut < whole.size(); cut += 3) {
            Talk talk = new Talk(initiator, acceptor);
            Bytes last = only(talk.welcomed());

            assertThat(talk.atAcceptor.receive(last.slice(0, cut)).refusal())
                    .as("cut at %d", cut)
                    .isPresent();
        }
    }

    /** Shows another's key, and signs with its own. */
    private static final class Imitation implements Signer {
        private final Signer own = new EcdsaSigner(PeerIdentity.fresh());
        private final Bytes shown;

        Imitation(Bytes shown) {
            this.shown = shown;
        }

        @Override
        public Bytes publicKey() {
            return shown;
        }

        @Override
        public Bytes sign(Bytes message) {
            return own.sign(message);
        }

        @Override
        public boolean verify(Bytes publicKey, Bytes message, Bytes signature) {
            return own.verify(publicKey, message, signature);
        }
    }

    private Handshake handshake(Role role, Signer identity) {
        boolean dials = role == Role.INITIATOR;
        Hello hello = new Hello("c", dials ? "i" : "a", 1, 1, 1, 0, List.of());
        Handshake.Self self = new Handshake.Self(
                role, dials ? CERTIFICATE_I : CERTIFICATE_A, KEYS, hello, random.bytes(32), Optional.of(identity));
        return new Handshake(self, dials ? CERTIFICATE_A : CERTIFICATE_I);
    }

    private static Bytes only(Step step) {
        assertThat(step.send()).hasSize(1);
        return step.send().get(0);
    }
}
