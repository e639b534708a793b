package io.metcd.mesh.net;

import static org.assertj.core.api.Assertions.assertThat;

import io.metcd.base.Bytes;
import org.junit.jupiter.api.Test;

class EcdhAgreementTest {
    @Test
    void bothEndsHaveOneSecretAndOthersAnother() {
        PeerIdentity a = PeerIdentity.fresh();
        PeerIdentity b = PeerIdentity.fresh();
        PeerIdentity c = PeerIdentity.fresh();

        Bytes ab = new EcdhAgreement(a).secretWith(b.publicKey()).orElseThrow();
        Bytes ba = new EcdhAgreement(b).secretWith(a.publicKey()).orElseThrow();
        Bytes cb = new EcdhAgreement(c).secretWith(b.publicKey()).orElseThrow();

        assertThat(ab).isEqualTo(ba).isNotEqualTo(cb);
        assertThat(ab.size()).isEqualTo(32);
    }

    @Test
    void whatIsNoKeySharesNothing() {
        assertThat(new EcdhAgreement(PeerIdentity.fresh()).secretWith(Bytes.utf8("no key")))
                .isEmpty();
    }
}
