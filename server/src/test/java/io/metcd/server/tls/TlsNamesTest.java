package io.metcd.server.tls;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class TlsNamesTest {
    private static final List<String> BOTH = List.of("TLSv1.2", "TLSv1.3");

    /** The JDK's own order puts the longer key first, which costs more for every byte. */
    @Test
    void theQuickerOfTheSoundSuitesComeFirst() {
        List<String> enabled = enabled(List.of());

        assertThat(enabled).startsWith("TLS_AES_128_GCM_SHA256").contains("TLS_AES_256_GCM_SHA384");
        assertThat(enabled.indexOf("TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256"))
                .isBetween(0, enabled.indexOf("TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384"));
    }

    @Test
    void ofTls12OnlyTheSuitesThatWereAskedForAreSpoken() {
        assertThat(enabled(List.of("TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384")))
                .containsExactlyInAnyOrder(
                        "TLS_AES_128_GCM_SHA256",
                        "TLS_AES_256_GCM_SHA384",
                        "TLS_CHACHA20_POLY1305_SHA256",
                        "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384");
    }

    private static List<String> enabled(List<String> suites) {
        Path file = Path.of("none");
        TlsSettings settings = new TlsSettings(new TlsSettings.InFiles(file, file), Optional.empty(), BOTH, suites);
        return Arrays.asList(TlsNames.enabled(settings));
    }
}
