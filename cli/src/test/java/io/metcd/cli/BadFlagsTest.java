package io.metcd.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Each mistake is one line that names the flag and the cure, never a stack trace (contract: flag.2, flag.10). */
class BadFlagsTest {
    @Test
    void anUnknownFlagEndsWithTwoAndASuggestion() {
        Run run = Run.of("serve", "--ephemeral", "--founder", "a,b,c");

        assertThat(run.exit()).isEqualTo(2);
        assertThat(run.complaint()).contains("unknown flag --founder", "did you mean --founders?", "serve --help");
        assertThat(run.complaint()).hasLineCount(1);
    }

    @Test
    void anUnknownCommandEndsWithTwo() {
        Run run = Run.of("sreve");

        assertThat(run.exit()).isEqualTo(2);
        assertThat(run.complaint()).contains("sreve").contains("did you mean").hasLineCount(1);
    }

    @Test
    void noCommandAtAllPointsToTheFirst() {
        Run run = Run.of();

        assertThat(run.exit()).isEqualTo(2);
        assertThat(run.complaint()).contains("./metcd quickstart");
    }

    @Test
    void aMemberKeepsItsDataOrItDoesNot() {
        refuses(2, "--data-dir and --ephemeral: a member keeps its data or it does not", "--data-dir", "d");
    }

    @Test
    void tlsIsRefusedRatherThanServedInPlaintextOrToEverybody() {
        String url = "https://127.0.0.1:2379";
        refuses(
                2,
                "TLS key/cert (--cert-file, --key-file) must be provided for client url " + url + " with HTTPS scheme",
                "--listen-client-urls",
                url);
        refuses(2, "KeyFile and CertFile must both be present [key: , cert: c.pem]", "--cert-file", "c.pem");
        refuses(2, "--client-cert-auth needs --trusted-ca-file", "--client-cert-auth");
        refuses(2, "--client-crl-file needs --trusted-ca-file", "--client-crl-file", "r.pem");
        refuses(2, "--client-cert-allowed-hostname needs", "--client-cert-allowed-hostname", "a.example");
        refuses(2, "unexpected TLS version \"TLS1.1\" (must be one of: TLS1.2, TLS1.3)", "--tls-min-version", "TLS1.1");
        refuses(2, "unexpected TLS cipher suite \"NOPE\"", "--cipher-suites", "NOPE");
    }

    @Test
    void certificatesForTheMeshAreCompleteOrRefused() { // contract: flag.29
        String url = "https://127.0.0.1:2380";
        refuses(
                2,
                "TLS key/cert (--peer-cert-file, --peer-key-file, --peer-trusted-ca-file) must be provided for peer url "
                        + url,
                "--listen-peer-urls",
                url);
        refuses(
                2,
                "this member's peer URLs are http:// and https:// (" + url + ")",
                peerUrls("http://127.0.0.1:1", url));
        refuses(2, "--peer-cert-file needs --peer-trusted-ca-file", "--peer-cert-file", "c.pem");
        refuses(2, "--peer-client-cert-auth needs --peer-trusted-ca-file", "--peer-client-cert-auth");
        refuses(2, "--peer-crl-file needs --peer-trusted-ca-file", "--peer-crl-file", "r.pem");
        refuses(2, "give --peer-cert-file, too", "--peer-trusted-ca-file", "ca.pem", "--peer-key-file", "k.pem");
        refuses(1, "peer certificates: cannot read c.pem", peerFiles("--name", "a"));
        refuses(
                2,
                "--peer-cert-allowed-hostname and --peer-cert-allowed-cn are mutually exclusive",
                peerFiles("--peer-cert-allowed-hostname", "a.example", "--peer-cert-allowed-cn", "a"));
        refuses(1, "--peer-client-cert-file is not supported", "--peer-client-cert-file", "c.pem");
    }

    private static String[] peerUrls(String listen, String advertised) {
        return new String[] {"--listen-peer-urls", listen, "--initial-advertise-peer-urls", advertised};
    }

    private static String[] peerFiles(String... more) {
        List<String> flags = new ArrayList<>(List.of("--peer-trusted-ca-file", "ca.pem", "--peer-cert-file", "c.pem"));
        flags.addAll(List.of("--peer-key-file", "k.pem"));
        flags.addAll(List.of(more));
        return flags.toArray(String[]::new);
    }

    @Test
    void featuresOfWhichThereAreNoneAndSwitchesThatContradictEachOtherAreRefused() { // contract: flag.21
        refuses(2, "--feature-gates: unrecognized feature gate: Nope", "--feature-gates", "Nope=true");
        refuses(2, "LeaseCheckpoint is true or false", "--feature-gates", "LeaseCheckpoint");
        refuses(2, "LeaseCheckpoint is true or false", "--feature-gates", "LeaseCheckpoint=maybe");
        refuses(
                2,
                "enabling feature gate LeaseCheckpointPersist requires enabling feature gate LeaseCheckpoint",
                "--experimental-enable-lease-checkpoint-persist");
        refuses(
                2,
                "--experimental-enable-lease-checkpoint and LeaseCheckpoint in --feature-gates cannot be",
                "--experimental-enable-lease-checkpoint",
                "--feature-gates=LeaseCheckpoint=true");
    }

    @Test
    void clientsOverTlsSayWhatIsMissing() {
        assertThat(Run.of("get", "k", "--cert", "c.pem").complaint()).contains("--cert and --key go together");
        assertThat(Run.of("get", "k", "--cacert", "no-such-file").complaint()).contains("cannot read no-such-file");
        assertThat(Run.of("get", "k", "--endpoints", "https://x").complaint()).contains("'https://x' is not HOST:PORT");
    }

    @Test
    void aSwitchThatIsOffAsksForNothing() {
        Run run = Run.of("serve", "--peer-client-cert-auth=false", "--ephemeral", "--data-dir", "d");

        assertThat(run.complaint()).contains("--data-dir and --ephemeral");
    }

    @Test
    void aMissingPasswordFileNamesTheCommandThatMakesOne() {
        refuses(1, "no such file", "--password-file", "there-is-no-such-file");
        refuses(1, "metcd password gen", "--password-file", "there-is-no-such-file");
    }

    @Test
    void aFolderIsNoPasswordFile(@TempDir Path folder) {
        refuses(1, "is a directory", "--password-file", folder.toString());
    }

    @Test
    void aWeakPasswordIsRefusedUnlessTheRiskIsTaken(@TempDir Path folder) throws IOException {
        Path file = Files.writeString(folder.resolve("key"), "sesame\n");

        refuses(1, "--allow-weak-password", "--password-file", file.toString());
        refuses(1, "weak password", Map.of("METCD_PASSWORD", "sesame"));
    }

    @Test
    void aKeyWithATypoIsFoundWhereItWasMade(@TempDir Path folder) throws IOException {
        String key = Run.of("password", "gen").out().strip();
        char last = key.charAt(key.length() - 1);
        Path file = Files.writeString(
                folder.resolve("key"), key.substring(0, key.length() - 1) + (last == '0' ? '1' : '0'));

        refuses(1, "typo", "--password-file", file.toString());
    }

    @Test
    void urlsSayWhatIsWrongWithThem() {
        // contract: flag.6
        refuses(2, "is not a URL like", "--listen-client-urls", "127.0.0.1:2379");
        refuses(2, "has no port", "--listen-client-urls", "http://127.0.0.1");
        refuses(2, "port 99999 does not exist", "--listen-client-urls", "http://127.0.0.1:99999");
        refuses(2, "is a name; listen at an IP address", "--listen-client-urls", "http://example.com:2379");
        refuses(2, "--advertise-client-urls is needed", "--listen-client-urls", "http://0.0.0.0:2379");
    }

    @Test
    void foundersMustContainThisMember() {
        refuses(2, "member 'd' is not in --founders (a, b, c)", "--name", "d", "--founders", "a,b,c");
        refuses(2, "is not NAME=URL", "--initial-cluster", "http://127.0.0.1:2380");
        refuses(2, "--join without --founders", "--join", "127.0.0.1:2380");
    }

    @Test
    void aMemberThatNeitherListensNorDialsIsRefused() {
        refuses(2, "add --join HOST:PORT", "--name", "a", "--founders", "a,b,c", "--no-mesh-listen");
    }

    @Test
    void aMeshBeyondLoopbackNeedsAPassword() {
        refuses(
                1,
                "needs a password",
                "--name",
                "a",
                "--founders",
                "a,b,c",
                "--listen-peer-urls",
                "http://0.0.0.0:2380",
                "--initial-advertise-peer-urls",
                "http://10.1.2.3:2380");
    }

    @Test
    void theVersionIsEtcdsAndOurOwn() {
        // contract: flag.9
        assertThat(Run.of("version").out()).startsWith("etcd Version: 3.6.").contains("metcd Version: ");
    }

    @Test
    void timesMustFitEachOther() {
        // contract: flag.5
        refuses(2, "at least 5 times --heartbeat-interval", "--election-timeout", "400");
        refuses(2, "whole number above 0", "--election-timeout", "1s");
        refuses(2, "is a duration like", "--watch-progress-notify-interval", "soon");
    }

    @Test
    void aVariableIsNamedWhenItIsTheOneThatIsWrong() {
        Run run = Run.with(Map.of("ETCD_ELECTION_TIMEOUT", "soon"), "", "serve", "--ephemeral");

        assertThat(run.complaint()).contains("ETCD_ELECTION_TIMEOUT is a whole number");
    }

    @Test
    void aFlagWinsOverItsVariable() {
        Run run = Run.with(Map.of("ETCD_NAME", "a"), "", "serve", "--ephemeral", "--name", "d", "--founders", "a,b,c");

        assertThat(run.complaint()).contains("member 'd' is not in --founders");
    }

    @Test
    void howMembershipChangesIsChecked() {
        refuses(2, "is new or existing, not 'old'", "--initial-cluster-state", "old");
        refuses(2, "--autopilot is on, off or dry-run, not 'yes'", "--autopilot", "yes");
        refuses(2, "--voters is 3, 5 or 7, not 4", "--voters", "4");
        refuses(2, "--replace-after is 1s or longer", "--replace-after", "10ms");
    }

    @Test
    void clientsSayWhichEndpointDoesNotAnswer() {
        Run run = Run.of("get", "k", "--endpoints", "127.0.0.1:1", "--command-timeout", "2s");

        assertThat(run.exit()).isEqualTo(1);
        assertThat(run.complaint())
                .contains("127.0.0.1:1", "is a member running there?")
                .hasLineCount(1);
    }

    @Test
    void statusSaysWhichEndpointDoesNotAnswer() {
        Run run = Run.of("status", "--endpoints", "127.0.0.1:1");

        assertThat(run.exit()).isEqualTo(1);
        assertThat(run.complaint()).contains("127.0.0.1:1 does not answer").hasLineCount(1);
    }

    @Test
    void clientFlagsSayWhatTheyWant() {
        assertThat(Run.of("get", "k", "-w", "yaml").complaint()).contains("-w is simple, fields or json");
        assertThat(Run.of("get").complaint()).contains("missing required parameter");
        assertThat(Run.of("lease", "revoke", "nine").complaint()).contains("is not a lease id");
        assertThat(Run.of("get", "k", "--prefix", "--from-key").exit()).isEqualTo(2);
    }

    private static void refuses(int exit, String text, String... flags) {
        refuses(exit, text, Map.of(), flags);
    }

    private static void refuses(int exit, String text, Map<String, String> environment, String... flags) {
        List<String> arguments = new ArrayList<>(List.of("serve", "--ephemeral"));
        arguments.addAll(Arrays.asList(flags));

        Run run = Run.with(environment, "", arguments.toArray(String[]::new));

        assertThat(run.complaint()).contains(text).hasLineCount(1);
        assertThat(run.exit()).isEqualTo(exit);
    }
}
