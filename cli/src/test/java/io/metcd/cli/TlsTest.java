package io.metcd.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A member and its clients over TLS (contract: wire.port.3, flag.14, client.7). */
class TlsTest {
    @TempDir
    private Path directory;

    @Test
    void aMemberThatMakesItsCertificateIsReachedByWhoTrustsIt() {
        Path certificate = directory.resolve("auto-tls.pem");
        List<String> trust = List.of("--cacert", certificate.toString());
        try (Served member = Served.secure(directory, trust, "--auto-tls")) {
            member.awaitReady();

            assertThat(member.ask("put", "k", "v").out()).isEqualTo("OK\n");
            assertThat(member.ask("get", "k", "--print-value-only").out()).isEqualTo("v\n");
            assertThat(member.ask("peers").exit()).isZero();
            assertThat(member.ask("snapshot", "save", directory.resolve("s").toString())
                            .exit())
                    .isZero();
            assertThat(Run.of("get", "k", "--endpoints", "https://" + member.endpoint(), "--insecure-skip-tls-verify")
                            .out())
                    .isEqualTo("k\nv\n");
            assertThat(Run.with(
                                    Map.of(
                                            "ETCDCTL_CACERT",
                                            certificate.toString(),
                                            "ETCDCTL_ENDPOINTS",
                                            "https://" + member.endpoint()),
                                    "",
                                    "get",
                                    "k")
                            .out())
                    .isEqualTo("k\nv\n");

            assertThat(Run.of("get", "k", "--endpoints", "https://" + member.endpoint())
                            .exit())
                    .as("whom this Java does not know")
                    .isEqualTo(1);
            assertThat(Run.of("status", "--endpoints", "https://" + member.endpoint())
                            .complaint())
                    .contains("no TLS", "see --cacert");
            assertThat(Run.of("get", "k", "--endpoints", member.endpoint(), "--command-timeout", "2s")
                            .exit())
                    .as("in the clear")
                    .isEqualTo(1);
        }
    }

    @Test
    void aMemberThatDemandsCertificatesServesWhoShowsOne() throws Exception {
        // The certificate that the member once made is for servers and clients: here it signs, serves and is shown.
        Path home = Files.createDirectories(directory.resolve("first"));
        Path file = home.resolve("auto-tls.pem");
        try (Served first = Served.secure(home, List.of("--cacert", file.toString()), "--auto-tls")) {
            first.awaitReady();
        }
        String pem = file.toString();
        List<String> own = List.of("--cacert", pem, "--cert", pem, "--key", pem);

        try (Served member = Served.secure(
                directory.resolve("second"), own, "--cert-file", pem, "--key-file", pem, "--trusted-ca-file", pem)) {
            member.awaitReady();

            assertThat(member.ask("put", "k", "v").out()).isEqualTo("OK\n");
            Run without =
                    Run.of("get", "k", "--endpoints", member.endpoint(), "--cacert", pem, "--command-timeout", "5s");
            assertThat(without.exit()).isEqualTo(1);
            assertThat(without.out()).isEmpty();
        }
    }

    @Test
    void filesThatCannotBeReadAreTold() {
        Run run = Run.of(
                "serve",
                "--ephemeral",
                "--listen-client-urls",
                "https://127.0.0.1:" + Served.freePort(),
                "--cert-file",
                "no-such.pem",
                "--key-file",
                "no-such-key.pem");

        assertThat(run.exit()).isEqualTo(1);
        assertThat(run.err()).contains("cannot read no-such.pem").doesNotContain("\tat ");
    }
}
