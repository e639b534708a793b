package io.metcd.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The command as a process of its own (contract: flag.8). */
class ProcessTest {
    @TempDir
    private Path folder = Path.of("");

    @Test
    void aMemberSaysWhenItIsReadyAndStopsInOrderWhenTold() throws IOException, InterruptedException {
        String client = "http://127.0.0.1:" + Served.freePort();
        Path log = folder.resolve("log");
        Process member = start(log, "serve", "--ephemeral", "--name", "lone", "--listen-client-urls", client);
        try {
            Waiting.until("it is ready", () -> read(log).contains("ready to serve client requests"), () -> read(log));

            member.destroy();

            assertThat(member.waitFor(30, TimeUnit.SECONDS)).isTrue();
            assertThat(read(log))
                    .contains("clients=" + client, "stopping; name=lone")
                    .doesNotContain("\tat ");
        } finally {
            member.destroyForcibly();
        }
    }

    @Test
    void aKilledMemberGoesOnWithEverythingThatWasAcknowledged() throws IOException, InterruptedException {
        String client = "127.0.0.1:" + Served.freePort();
        Path directory = folder.resolve("data");
        String[] serve = {
            "serve", "--name", "lone", "--data-dir", directory.toString(), "--listen-client-urls", "http://" + client
        };
        Path log = folder.resolve("first");
        Process member = start(log, serve);
        try {
            Waiting.until("it is ready", () -> read(log).contains("ready to serve client requests"), () -> read(log));
            assertThat(Run.of("put", "k", "v", "--endpoints", client).exit()).isZero();
            Run second = Run.of(serve);
            assertThat(second.exit()).isEqualTo(1);
            assertThat(second.err()).contains("is in use by process " + member.pid());
        } finally {
            member.destroyForcibly().waitFor();
        }

        Path again = folder.resolve("again");
        Process restarted = start(again, serve);
        try {
            Waiting.until(
                    "it is ready", () -> read(again).contains("ready to serve client requests"), () -> read(again));
            assertThat(Run.of("get", "k", "--endpoints", client).out()).contains("v");
            assertThat(read(again)).contains("recovered=yes").doesNotContain("\tat ");
        } finally {
            restarted.destroyForcibly().waitFor();
        }
        Run foreign = Run.of("serve", "--name", "other", "--data-dir", directory.toString());
        assertThat(foreign.exit()).isEqualTo(1);
        assertThat(foreign.err()).contains("belongs to the member 'lone', not to 'other'");
    }

    @Test
    void aSlowCallIsToldOfWithoutItsValueInTheFormThatWasAskedFor() throws IOException, InterruptedException {
        // contract: log.1, log.2
        String client = "127.0.0.1:" + Served.freePort();
        Path json = folder.resolve("member.json");
        String[] serve = {
            "serve",
            "--ephemeral",
            "--listen-client-urls",
            "http://" + client,
            "--warning-unary-request-duration",
            "0.001ms",
            "--log-format",
            "json",
            "--log-outputs",
            "stdout," + json
        };
        Path console = folder.resolve("console");
        Process member = start(console, serve);
        try {
            Waiting.until("it is ready", () -> exists(json, "ready to serve client requests"), () -> read(console));
            assertThat(Run.of("put", "some/key", "hush-hush", "--endpoints", client)
                            .exit())
                    .isZero();

            Waiting.until("the put is told of", () -> exists(json, "etcdserverpb.KV/Put"), () -> read(json));
            assertThat(read(json).lines().filter(line -> line.contains("etcdserverpb.KV/Put")))
                    .singleElement()
                    .asString()
                    .startsWith("{\"level\":\"warn\",\"ts\":\"20")
                    .contains("\"msg\":\"slow request; method=etcdserverpb.KV/Put took_ms=")
                    .contains("code=OK client=/127.0.0.1:")
                    .contains("request=\\\"key:'some/key' value_size:9")
                    .doesNotContain("hush-hush")
                    .endsWith("}");
            assertThat(read(console)).contains("\"msg\":\"ready to serve client requests");
        } finally {
            member.destroyForcibly().waitFor();
        }
    }

    @Test
    void aMistakeIsTheExitCodeOfTheProcess() throws IOException, InterruptedException {
        Process process = start(folder.resolve("log"), "serve", "--sharpen");

        assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).isEqualTo(2);
        assertThat(read(folder.resolve("log")))
                .contains("unknown flag --sharpen")
                .hasLineCount(1);
    }

    private static Process start(Path log, String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                "io.metcd.cli.Main"));
        command.addAll(Arrays.asList(arguments));
        return new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
    }

    private static boolean exists(Path file, String text) {
        return Files.exists(file) && read(file).contains(text);
    }

    private static String read(Path file) {
        try {
            return Files.readString(file, StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
