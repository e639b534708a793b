package io.metcd.cli.serve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.metcd.cli.Mistake;
import io.metcd.cli.flags.FlagValues;
import io.metcd.cli.flags.ServeFlags;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;

/** etcd's configuration file (contract: flag.18). */
class ConfigFileTest {
    @TempDir
    private Path directory;

    @Test
    void keysAreTheNamesOfFlags() throws IOException {
        FlagValues values = read("""
                # as in etcd's sample
                name: 'b'
                data-dir:
                listen-client-urls: http://127.0.0.1:1,http://127.0.0.1:2
                heartbeat-interval: 200
                pre-vote: true
                watch-progress-notify-interval: 5000000000
                grpc-keepalive-interval: 1h30m
                cipher-suites: [
                  TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256,
                  TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384
                ]
                """);

        assertThat(values.text("name")).isEqualTo("b");
        assertThat(values.isSet("data-dir")).isFalse();
        assertThat(values.list("listen-client-urls")).hasSize(2);
        assertThat(values.number("heartbeat-interval")).isEqualTo(200);
        assertThat(values.duration("watch-progress-notify-interval")).isEqualTo(Duration.ofSeconds(5));
        assertThat(values.duration("grpc-keepalive-interval")).isEqualTo(Duration.ofMinutes(90));
        assertThat(values.list("cipher-suites")).hasSize(2);
        assertThat(values.warnings())
                .singleElement()
                .asString()
                .endsWith(": pre-vote has no effect: pre-vote is always on");
    }

    @Test
    void tlsOfClientsHasAGroupOfItsOwn() throws IOException {
        FlagValues values = read("""
                client-transport-security:
                  cert-file: c.pem
                  key-file: k.pem
                  client-cert-auth: true
                  trusted-ca-file: ca.pem
                  allowed-hostname: [a.example, b.example]
                  auto-tls: false
                peer-transport-security:
                  cert-file:
                  trusted-ca-file: peers.pem
                  allowed-cn: [p1, p2]
                """);

        assertThat(values.text("cert-file")).isEqualTo("c.pem");
        assertThat(values.on("client-cert-auth")).isTrue();
        assertThat(values.text("trusted-ca-file")).isEqualTo("ca.pem");
        assertThat(values.list("client-cert-allowed-hostname")).containsExactly("a.example", "b.example");
        assertThat(values.on("auto-tls")).isFalse();
        assertThat(values.text("peer-cert-file")).isEmpty();
        assertThat(values.text("peer-trusted-ca-file")).isEqualTo("peers.pem");
        assertThat(values.list("peer-cert-allowed-cn")).containsExactly("p1", "p2");
    }

    @Test
    void whatWouldBetrayIsRefusedInAFileToo() {
        assertThatThrownBy(() -> read("peer-transport-security: {client-cert-file: p.pem}"))
                .isInstanceOf(Mistake.class)
                .hasMessageContaining("peer-client-cert-file is not supported");
    }

    @Test
    void flagsAndVariablesAreIgnoredBesideAFileAndThatIsTold() throws IOException {
        FlagValues values = read("name: b", Map.of("ETCD_DATA_DIR", "d"), "--name", "c");

        assertThat(values.text("name")).isEqualTo("b");
        assertThat(values.isSet("data-dir")).isFalse();
        assertThat(values.warnings())
                .containsExactly(
                        "ETCD_DATA_DIR is ignored, since --config-file is given",
                        "--name is ignored, since --config-file is given");
    }

    @Test
    void theFileMayBeNamedByItsVariable() throws IOException {
        Path file = Files.writeString(directory.resolve("f.yml"), "name: b");

        assertThat(values(Map.of("ETCD_CONFIG_FILE", file.toString())).text("name"))
                .isEqualTo("b");
    }

    @Test
    void anUnknownKeyIsToldAndIgnoredAsEtcdIgnoresIt() throws IOException {
        assertThat(read("nonsense: 3").warnings()).singleElement().asString().contains("nonsense is no flag of etcd");
    }

    @Test
    void whatIsNoYamlIsToldWithFileAndLine() {
        assertThatThrownBy(() -> read("name: b\ndata-dir: [x"))
                .isInstanceOf(Mistake.class)
                .hasMessageContaining("f.yml: line 2")
                .hasMessageNotContaining("\n");
        assertThatThrownBy(() -> read("name: b\nname: c")).hasMessageContaining("name");
        assertThatThrownBy(() -> read("just words")).hasMessageContaining("is no mapping");
        assertThatThrownBy(() -> values(Map.of(), "--config-file", "no-such.yml"))
                .hasMessageContaining("cannot read no-such.yml");
        assertThatThrownBy(
                        () -> read("a: &a [x]\nb: [" + "*a,".repeat(500) + "x]").warnings())
                .hasMessageContaining("aliases");
    }

    @Test
    void aWrongValueIsToldWithFileAndKey() {
        assertThatThrownBy(() -> read("heartbeat-interval: abc").number("heartbeat-interval"))
                .hasMessageContaining("f.yml: heartbeat-interval is a whole number above 0, not 'abc'");
    }

    @Test
    void olderNamesStillDoWhatTheySay() {
        FlagValues values = values(Map.of("ETCD_EXPERIMENTAL_WATCH_PROGRESS_NOTIFY_INTERVAL", "5s"));

        assertThat(values.duration("watch-progress-notify-interval")).isEqualTo(Duration.ofSeconds(5));
        assertThat(values.warnings()).isEmpty();
    }

    private FlagValues read(String yaml, String... flags) throws IOException {
        return read(yaml, Map.of(), flags);
    }

    private FlagValues read(String yaml, Map<String, String> environment, String... flags) throws IOException {
        Path file = Files.writeString(directory.resolve("f.yml"), yaml);
        List<String> arguments = new ArrayList<>(Arrays.asList(flags));
        arguments.addAll(List.of("--config-file", file.toString()));
        return values(environment, arguments.toArray(String[]::new));
    }

    private static FlagValues values(Map<String, String> environment, String... flags) {
        CommandSpec spec = CommandSpec.create();
        ServeFlags.addTo(spec);
        return ServeFlags.values(new CommandLine(spec).parseArgs(flags), new TreeMap<>(environment));
    }
}
