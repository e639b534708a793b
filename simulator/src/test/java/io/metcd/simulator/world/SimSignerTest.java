package io.metcd.simulator.world;

import static org.assertj.core.api.Assertions.assertThat;

import io.metcd.base.Bytes;
import io.metcd.base.Signer;
import org.junit.jupiter.api.Test;

class SimSignerTest {
    private final Signer a = new SimSigner(1);
    private final Signer b = new SimSigner(2);

    @Test
    void aSignatureFitsItsMessageAndItsKeyAlone() {
        Bytes message = Bytes.utf8("record");
        Bytes signature = a.sign(message);

        assertThat(signature.size()).isEqualTo(Signer.SIGNATURE_SIZE);
        assertThat(b.verify(a.publicKey(), message, signature)).isTrue();
        assertThat(b.verify(b.publicKey(), message, signature)).isFalse();
        assertThat(b.verify(a.publicKey(), Bytes.utf8("recorD"), signature)).isFalse();
        assertThat(b.verify(Bytes.EMPTY, message, signature)).isFalse();
    }
}
