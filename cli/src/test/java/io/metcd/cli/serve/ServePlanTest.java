package io.metcd.cli.serve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.metcd.cli.flags.FlagValues;
import io.metcd.cli.flags.ServeFlags;
import io.metcd.mesh.net.PeerCertificates;
import io.metcd.server.Telemetry;
import io.metcd.server.WebOptions;
import io.metcd.server.WebOptions.Serves;
import io.metcd.server.compaction.Retention;
import io.metcd.server.compaction.Retention.ByPeriod;
import io.metcd.server.compaction.Retention.ByRevisions;
import io.metcd.server.vertx.ConnectionRules;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;

/** What flags amount to (contract: flag.1, flag.3, flag.4, flag.7, flag.11, diff.8). */
class ServePlanTest {
    private static final String KEY =
            "metcd-key-1-4e1830919f7b8f7e4a4afbc51c7ae9cde7fd342b955019e5fd10c1160954df8a-e2a37333";

    @Test
    void ephemeralAloneIsAClusterOfOneOnLoopback() {
        ServePlan plan = plan();

        assertThat(plan.founders()).containsExactly("default");
        assertThat(plan.cluster()).isEqualTo("etcd-cluster");
        assertThat(plan.mesh().listen()).isEmpty();
        assertThat(plan.clientListen()).singleElement().satisfies(address -> {
            assertThat(address.bindHost()).isEqualTo("127.0.0.1");
            assertThat(address.port()).isEqualTo(2379);
        });
        assertThat(plan.clientUrls()).containsExactly("http://localhost:2379");
        assertThat(plan.mesh().proof().isNone()).isTrue();
    }

    @Test
    void initialClusterNamesFoundersAndSeeds() {
        ServePlan plan = plan(
                "--name", "b",
                "--initial-cluster", "c=http://127.0.0.1:3,a=http://127.0.0.1:1,b=http://127.0.0.1:2",
                "--listen-peer-urls", "http://127.0.0.1:2");

        assertThat(plan.founders()).containsExactly("a", "b", "c");
        assertThat(plan.mesh().finding().seeds()).containsExactly("127.0.0.1:1", "127.0.0.1:3");
        assertThat(plan.mesh().advertised()).containsExactly("127.0.0.1:2");
        assertThat(plan.mesh().peerUrls()).containsExactly("http://127.0.0.1:2");
    }

    @Test
    void aMemberListensByTcpAndByQuicAndSaysSo() {
        ServePlan plan = plan(
                "--name", "a",
                "--initial-cluster", "a=http://127.0.0.1:1,a=quic://127.0.0.1:1,b=quic://127.0.0.1:2",
                "--listen-peer-urls", "http://127.0.0.1:1,quic://127.0.0.1:1",
                "--join", "quic://127.0.0.1:3,127.0.0.1:4");

        assertThat(plan.mesh().settings().reach().listen()).containsExactly("127.0.0.1:1", "quic://127.0.0.1:1");
        assertThat(plan.mesh().finding().seeds())
                .containsExactly("quic://127.0.0.1:3", "127.0.0.1:4", "quic://127.0.0.1:2");
        assertThat(plan.mesh().peerUrls()).containsExactly("http://127.0.0.1:1", "quic://127.0.0.1:1");
        assertThatThrownBy(() -> plan("--listen-peer-urls", "quic://127.0.0.1:1,quic://127.0.0.1:2"))
                .hasMessageContaining("names 2 addresses");
        assertThatThrownBy(() -> plan("--listen-client-urls", "quic://127.0.0.1:1"))
                .hasMessageContaining("scheme quic is not supported");
    }

    @Test
    void aMemberThatDoesNotListenAdvertisesNothing() {
        ServePlan plan = plan("--name", "a", "--founders", "c,a,b", "--no-mesh-listen", "--join", "127.0.0.1:2380");

        assertThat(plan.founders()).containsExactly("a", "b", "c");
        assertThat(plan.mesh().listen()).isEmpty();
        assertThat(plan.mesh().peerUrls()).isEmpty();
        assertThat(plan.mesh().finding().seeds()).containsExactly("127.0.0.1:2380");
    }

    @Test
    void countedFoundersNeedOneOfThreeGuards() {
        ServePlan plan = plan("--expect", "3", "--founding-lock", "shared/lock", "--join", "127.0.0.1:1");

        assertThat(plan.founders()).isEmpty();
        assertThat(plan.counted().expected()).isEqualTo(3);
        assertThat(plan.counted().lock()).contains(Path.of("shared/lock"));
        assertThat(plan.mesh().listen()).isNotEmpty();
        assertThatThrownBy(() -> plan("--expect", "3"))
                .hasMessageContainingAll("--data-dir", "--founding-lock", "--accept-split-risk");
        assertThatThrownBy(() -> plan("--accept-split-risk")).hasMessageContaining("add --expect N");
        assertThatThrownBy(() -> plan("--expect", "3", "--founders", "a,b")).hasMessageContaining("counted or named");
    }

    @Test
    void theGatewayIsOpenToEverybodyUnlessFlagsSayOtherwise() {
        assertThat(plan().web()).isEqualTo(WebOptions.OPEN);
        assertThat(plan("--enable-grpc-gateway=false", "--cors", "http://a.example, http://b.example")
                        .web())
                .isEqualTo(new WebOptions(
                        Serves.EVERYTHING, false, List.of("http://a.example", "http://b.example"), List.of("*")));
        assertThat(plan("--host-whitelist", "a.example").web().hosts()).containsExactly("a.example");
    }

    @Test
    void httpAndMetricsMayHavePortsOfTheirOwn() {
        // contract: flag.14, flag.15, flag.16
        ServePlan plan = plan(
                "--listen-client-http-urls", "http://127.0.0.1:8080",
                "--listen-metrics-urls", "http://127.0.0.1:8081,http://127.0.0.1:8082",
                "--metrics", "extensive",
                "--warning-unary-request-duration", "1s");

        assertThat(plan.web().serves()).isEqualTo(Serves.GRPC);
        assertThat(plan.observers().http()).extracting(Address::port).containsExactly(8080);
        assertThat(plan.observers().metrics()).extracting(Address::port).containsExactly(8081, 8082);
        assertThat(plan.observers().telemetry()).isEqualTo(new Telemetry(Duration.ofSeconds(1), true));
        assertThat(plan().observers().telemetry()).isEqualTo(Telemetry.BASIC);
        assertThatThrownBy(() -> plan("--metrics", "all")).hasMessageContaining("basic or extensive, not 'all'");
    }

    @Test
    void clusterWinsOverTheTokenAndTheTokenIsItsDefault() {
        assertThat(plan("--initial-cluster-token", "t").cluster()).isEqualTo("t");
        assertThat(plan("--initial-cluster-token", "t", "--cluster", "c").cluster())
                .isEqualTo("c");
    }

    @Test
    void certificatesOfAnAuthorityMakeAMeshWithoutAPasswordAndAreIgnoredInTheClear() { // contract: flag.29
        String[] files = {"--peer-cert-file", "c.pem", "--peer-key-file", "k.pem", "--peer-trusted-ca-file", "ca.pem"};

        ServePlan secure = plan(
                Map.of(),
                with(
                        files,
                        "--name",
                        "a",
                        "--initial-cluster",
                        "a=https://10.0.0.1:2380,b=https://10.0.0.2:2380",
                        "--listen-peer-urls",
                        "https://10.0.0.1:2380",
                        "--peer-crl-file",
                        "r.pem",
                        "--peer-cert-allowed-hostname",
                        "x,y"));
        ServePlan clear = plan(Map.of(), with(files, "--listen-peer-urls", "http://127.0.0.1:2380"));
        ServePlan dialling = plan(
                Map.of(),
                with(files, "--name", "a", "--founders", "a,b,c", "--no-mesh-listen", "--join", "10.0.0.2:1"));

        PeerCertificates certificates = secure.mesh().proof().certificates().orElseThrow();
        assertThat(secure.mesh().peerUrls()).containsExactly("https://10.0.0.1:2380");
        assertThat(certificates.trust().revoked()).contains(Path.of("r.pem"));
        assertThat(certificates.trust().hosts()).containsExactly("x", "y");
        assertThat(clear.mesh().proof().certificates()).isEmpty();
        assertThat(clear.mesh().peerUrls()).containsExactly("http://127.0.0.1:2380");
        assertThat(dialling.mesh().proof().certificates()).isPresent();
    }

    private static String[] with(String[] files, String... flags) {
        return Stream.concat(Stream.of(flags), Stream.of(files)).toArray(String[]::new);
    }

    @Test
    void variablesCountAndFlagsWin() {
        Map<String, String> environment =
                Map.of("ETCD_NAME", "x", "ETCD_LISTEN_CLIENT_URLS", "http://127.0.0.1:7", "METCD_PASSWORD", KEY);

        ServePlan plan = plan(environment, "--name", "y");

        assertThat(plan.name()).isEqualTo("y");
        assertThat(plan.clientUrls()).containsExactly("http://127.0.0.1:7");
        assertThat(plan.mesh().proof().password()).contains(KEY);
    }

    @Test
    void listeningEverywhereAdvertisesWhatIsSaid() {
        ServePlan plan =
                plan("--listen-client-urls", "http://0.0.0.0:2379", "--advertise-client-urls", "http://10.1.2.3:2379");

        assertThat(plan.clientUrls()).containsExactly("http://10.1.2.3:2379");
        assertThat(plan.clientListen().get(0).bindHost()).isEqualTo("0.0.0.0");
    }

    @Test
    void timesAndBoundsAreTakenOver() {
        ServePlan plan = plan(
                "--heartbeat-interval=50",
                "--election-timeout=500",
                "--lease-reads",
                "--max-txn-ops",
                "7",
                "--watch-progress-notify-interval",
                "1m30s");

        assertThat(plan.timing().heartbeat()).isEqualTo(Duration.ofMillis(50));
        assertThat(plan.timing().election()).isEqualTo(Duration.ofMillis(500));
        assertThat(plan.timing().leaseReads()).isTrue();
        assertThat(plan.limits().txnOps()).isEqualTo(7);
        assertThat(plan.limits().progressInterval()).isEqualTo(Duration.ofSeconds(90));
        assertThat(plan.limits().quotaBytes()).isEqualTo(2L << 30);
    }

    @Test
    void leaseCheckpointsAreAFeatureThatIsOffUnlessAskedFor() { // contract: flag.21
        assertThat(plan().timing().leaseCheckpoints()).isFalse();
        assertThat(plan("--feature-gates=LeaseCheckpoint=false").timing().leaseCheckpoints())
                .isFalse();
        for (String on : List.of(
                "--feature-gates=CompactHashCheck=true,LeaseCheckpoint=true,LeaseCheckpointPersist=true",
                "--feature-gates=AllAlpha=true",
                "--experimental-enable-lease-checkpoint")) {
            assertThat(plan(on).timing().leaseCheckpoints()).as(on).isTrue();
        }
        assertThat(plan("--feature-gates=AllAlpha=true,LeaseCheckpoint=false,LeaseCheckpointPersist=false")
                        .timing()
                        .leaseCheckpoints())
                .isFalse();
    }

    @Test
    void featuresThatMeanNothingHereAreNamedInAWarning() { // contract: flag.3, flag.21
        assertThat(values(Map.of(), "--feature-gates=CompactHashCheck=true,AllBeta=false,LeaseCheckpoint=true")
                        .warnings())
                .containsExactly("--feature-gates has no effect for CompactHashCheck: there is no such feature here");
    }

    /** contract: flag.19 */
    @Test
    void whatConnectionsMayDoIsTakenOver() {
        assertThat(plan().limits().connections()).isEqualTo(ConnectionRules.DEFAULT);
        assertThat(plan(
                                "--max-concurrent-streams=7",
                                "--grpc-keepalive-min-time=1s",
                                "--grpc-keepalive-interval=0s",
                                "--grpc-keepalive-timeout=3s")
                        .limits()
                        .connections())
                .isEqualTo(ConnectionRules.DEFAULT
                        .withStreamsMax(7)
                        .withKeepalive(Duration.ofSeconds(1), Duration.ZERO, Duration.ofSeconds(3)));
        assertThatThrownBy(() -> plan("--max-concurrent-streams=0"))
                .hasMessageContaining("--max-concurrent-streams is 1 to 4294967295, not 0");
    }

    /** contract: flag.20; a number alone is hours, as a real etcd takes it */
    @Test
    void historyIsKeptByPeriodOrByRevisionsOrForever() {
        assertThat(history()).isEmpty();
        assertThat(history("--auto-compaction-retention=0")).isEmpty();
        assertThat(history("--auto-compaction-retention=0s")).isEmpty();
        assertThat(history("--auto-compaction-mode=revision")).isEmpty();
        assertThat(history("--auto-compaction-retention=5")).contains(new ByPeriod(Duration.ofHours(5)));
        assertThat(history("--auto-compaction-retention=1.5h")).contains(new ByPeriod(Duration.ofMinutes(90)));
        assertThat(history("--auto-compaction-mode", "revision", "--auto-compaction-retention", "1000"))
                .contains(new ByRevisions(1000));
    }

    @Test
    void historyThatCannotBeKeptLikeThatIsToldWithTheFlag() {
        assertThatThrownBy(() -> plan("--auto-compaction-mode=x"))
                .hasMessageContaining("unknown auto-compaction-mode \"x\"")
                .hasMessageContaining("--auto-compaction-mode is periodic or revision");
        for (String wrong : List.of("abc", "-1", "-1h", "10ms", "999999999")) {
            assertThatThrownBy(() -> plan("--auto-compaction-retention=" + wrong))
                    .as(wrong)
                    .hasMessageContaining("--auto-compaction-retention");
        }
        for (String wrong : List.of("1h", "-1")) {
            assertThatThrownBy(() -> plan("--auto-compaction-mode=revision", "--auto-compaction-retention=" + wrong))
                    .as(wrong)
                    .hasMessageContaining("--auto-compaction-retention");
        }
    }

    @Test
    void flagsWithoutEffectAreNamedOnceEach() {
        FlagValues values = values(Map.of("ETCD_MAX_WALS", "5"), "--snapshot-count", "10", "--pre-vote");

        assertThat(values.warnings())
                .hasSize(3)
                .anySatisfy(text -> assertThat(text).startsWith("--snapshot-count has no effect"))
                .anySatisfy(text -> assertThat(text).startsWith("ETCD_MAX_WALS has no effect"))
                .anySatisfy(text -> assertThat(text).startsWith("--pre-vote has no effect"));
    }

    @Test
    void variablesThatNobodyKnowsAreNamed() {
        assertThat(ServeFlags.unknownVariables(new TreeMap<>(Map.of("ETCD_NAME", "a", "ETCD_NMAE", "a", "PATH", ""))))
                .containsExactly("ETCD_NMAE");
    }

    private static Optional<Retention> history(String... flags) {
        return plan(flags).limits().history();
    }

    private static ServePlan plan(String... flags) {
        return plan(Map.of(), flags);
    }

    private static ServePlan plan(Map<String, String> environment, String... flags) {
        return ServePlan.of(values(environment, flags), new TreeMap<>(environment));
    }

    private static FlagValues values(Map<String, String> environment, String... flags) {
        CommandSpec spec = CommandSpec.create();
        ServeFlags.addTo(spec);
        List<String> all = new ArrayList<>(List.of("--ephemeral"));
        all.addAll(Arrays.asList(flags));
        CommandLine.ParseResult parsed = new CommandLine(spec).parseArgs(all.toArray(String[]::new));
        return ServeFlags.values(parsed, new TreeMap<>(environment));
    }
}
