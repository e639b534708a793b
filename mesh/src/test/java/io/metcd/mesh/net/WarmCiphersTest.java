package io.metcd.mesh.net;

import static org.assertj.core.api.Assertions.assertThatCode;

import org.junit.jupiter.api.Test;

class WarmCiphersTest {
    @Test
    void whatIsSealedOpensAgain() {
        assertThatCode(() -> WarmCiphers.records(3)).doesNotThrowAnyException();
    }
}
