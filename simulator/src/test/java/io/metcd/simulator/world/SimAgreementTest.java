package io.metcd.simulator.world;

import static org.assertj.core.api.Assertions.assertThat;

import io.metcd.base.Bytes;
import org.junit.jupiter.api.Test;

class SimAgreementTest {
    private final Bytes a = new SimSigner(1).publicKey();
    private final Bytes b = new SimSigner(2).publicKey();
    private final Bytes c = new SimSigner(3).publicKey();

    @Test
    void bothEndsComeToOneSecretAndEveryPairToAnother() {
        Bytes secret = new SimAgreement(a).secretWith(b).orElseThrow();

        assertThat(new SimAgreement(b).secretWith(a)).contains(secret);
        assertThat(new SimAgreement(c).secretWith(a).orElseThrow()).isNotEqualTo(secret);
        assertThat(new SimAgreement(a).secretWith(Bytes.utf8("no key"))).isEmpty();
    }
}
