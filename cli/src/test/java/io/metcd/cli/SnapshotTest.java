package io.metcd.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The state of a cluster in a file, and new clusters that begin with it (contract: http.metcd.2). */
class SnapshotTest {
    @TempDir
    private Path folder = Path.of("");

    /** Of a cluster of one with a key, a deleted key and more than one chunk. */
    private Path saved() {
        Path file = folder.resolve("state");
        try (Served old = Served.with("--name", "old", "--cluster", "orders")) {
            old.awaitReady();
            assertThat(old.ask("put", "greeting", "hello").exit()).isZero();
            assertThat(old.ask("put", "large", "x".repeat(600_000)).exit()).isZero();
            assertThat(old.ask("put", "gone", "x").exit()).isZero();
            assertThat(old.ask("del", "gone").exit()).isZero();
            Run run = old.ask("snapshot", "save", file.toString());
            assertThat(run.exit()).as(run.toString()).isZero();
            assertThat(run.out()).contains("Snapshot saved at " + file, "revision 5");
            assertThat(old.ask(
                                    "snapshot",
                                    "save",
                                    "--local",
                                    folder.resolve("local").toString())
                            .exit())
                    .isZero();
        }
        return file;
    }

    private Run restore(Path file, String name, String... more) {
        return restoreIn(name, file, name, more);
    }

    private Run restoreIn(String directory, Path file, String name, String... more) {
        return Run.of(Stream.concat(
                        Stream.of(
                                "snapshot",
                                "restore",
                                file.toString(),
                                "--data-dir",
                                folder.resolve(directory).toString(),
                                "--name",
                                name),
                        Arrays.stream(more))
                .toArray(String[]::new));
    }

    private static JsonObject status(Served member) {
        return new JsonObject(member.ask("status", "-w", "json").out());
    }

    @Test
    void threeMembersRestoredFromOneFileAreOneClusterWithItsState() {
        Path file = saved();
        List<String> names = List.of("a", "b", "c");
        List<Integer> ports = names.stream().map(name -> Served.freePort()).toList();
        String cluster = String.join(
                ",",
                names.stream()
                        .map(name -> name + "=http://127.0.0.1:" + ports.get(names.indexOf(name)))
                        .toList());
        for (String name : names) {
            Run made = restore(file, name, "--initial-cluster", cluster, "--restoration", "monday");
            assertThat(made.exit()).as(made.toString()).isZero();
            assertThat(Run.of("data", "check", folder.resolve(name).toString()).exit())
                    .isZero();
        }

        try (Served a = start("a", cluster, ports.get(0));
                Served b = start("b", cluster, ports.get(1));
                Served c = start("c", cluster, ports.get(2))) {
            for (Served member : List.of(a, b, c)) {
                member.awaitReady();
                assertThat(member.ask("get", "greeting").out()).contains("hello");
                assertThat(member.ask("get", "gone").out()).isEmpty();
            }
            assertThat(b.ask("put", "greeting", "again").exit()).isZero();
            assertThat(c.ask("get", "greeting").out()).contains("again");
            Waiting.until(
                    "their states are equal",
                    () -> hash(a).equals(hash(b)) && hash(a).equals(hash(c)),
                    () -> hash(a) + " " + hash(b) + " " + hash(c));
            JsonObject before = new JsonObject(
                    Run.of("snapshot", "status", "--json", file.toString()).out());
            assertThat(before.getLong("revision")).isEqualTo(5);
            assertThat(status(a).getString("clusterId")).isNotEqualTo(before.getString("clusterId"));
            assertThat(a.ask("members").out()).contains("a ", "b ", "c ").doesNotContain("old");
        }
    }

    private Served start(String name, String cluster, int port) {
        return Served.in(
                folder.resolve(name),
                "--name",
                name,
                "--cluster",
                "orders",
                "--initial-cluster",
                cluster,
                "--listen-peer-urls",
                "http://127.0.0.1:" + port);
    }

    private static String hash(Served member) {
        JsonObject status = status(member);
        return status.getLong("applied") + " " + status.getString("stateHash");
    }

    @Test
    void evenWithTheSameNamesItIsAnotherClusterThanTheOneItIsFrom() {
        Path file = folder.resolve("state");
        String before;
        try (Served old = Served.in(folder.resolve("old"), "--name", "a", "--cluster", "orders")) {
            old.awaitReady();
            before = status(old).getString("clusterId");
            assertThat(old.ask("snapshot", "save", file.toString()).exit()).isZero();
        }

        Run made = restore(file, "a");

        assertThat(made.exit()).as(made.toString()).isZero();
        assertThat(made.out()).contains("of cluster orders (").doesNotContain(before);
    }

    @Test
    void twoClustersRestoredFromOneFileAreStrangersThoughTheirNamesAreTheSame() {
        Path file = saved();

        String[] monday = {"--initial-cluster", "a,b", "--restoration", "monday"};
        String[] tuesday = {"--initial-cluster", "a,b", "--restoration", "tuesday"};
        String first = clusterOf(restoreIn("a1", file, "a", monday));
        assertThat(clusterOf(restoreIn("b1", file, "b", monday))).isEqualTo(first);
        assertThat(clusterOf(restoreIn("a2", file, "a", tuesday))).isNotEqualTo(first);

        assertThat(clusterOf(restoreIn("alone1", file, "a"))).isNotEqualTo(clusterOf(restoreIn("alone2", file, "a")));
    }

    @Test
    void theMembersOfARestorationMustShareAWord() {
        Path file = saved();

        Run run = restore(file, "a", "--initial-cluster", "a,b");

        assertThat(run.exit()).isEqualTo(2);
        assertThat(run.complaint()).contains("--restoration is missing", "for instance --restoration ");
        assertThat(folder.resolve("a")).doesNotExist();
    }

    private static String clusterOf(Run restored) {
        assertThat(restored.exit()).as(restored.toString()).isZero();
        return restored.out().replaceAll("(?s).* of cluster orders \\((\\w+)\\).*", "$1");
    }

    @Test
    void whatIsNotAsItWasSavedIsRefusedAndLeavesNothingBehind() throws IOException {
        Path file = saved();
        byte[] whole = Files.readAllBytes(file);

        byte[] flipped = whole.clone();
        flipped[whole.length / 2] = (byte) (whole[whole.length / 2] ^ 1);
        assertThat(refusalOf(flipped)).contains("its hash is wrong", "take another one");
        assertThat(refusalOf(Arrays.copyOf(whole, whole.length - 40))).contains("it is cut off there");
        assertThat(refusalOf(Arrays.copyOf(whole, whole.length + 1))).contains("something follows its end");
        byte[] later = whole.clone();
        later[9] = 2;
        assertThat(refusalOf(later)).contains("format 2, this version knows 1: use the version that wrote it");
        assertThat(refusalOf("nonsense nonsense nonsense".getBytes(StandardCharsets.UTF_8)))
                .contains("it is no snapshot of metcd");
        assertThat(folder.resolve("a")).doesNotExist();
    }

    private String refusalOf(byte[] content) throws IOException {
        Path file = Files.write(folder.resolve("bad"), content);
        Run status = Run.of("snapshot", "status", file.toString());
        Run restore = restore(file, "a");
        assertThat(restore.exit()).isEqualTo(1);
        assertThat(status.exit()).isEqualTo(1);
        assertThat(status.complaint()).isEqualTo(restore.complaint());
        return restore.complaint();
    }

    @Test
    void whatADirectoryHasIsNeverOverwritten() throws IOException {
        Path file = saved();
        Files.createDirectory(folder.resolve("a"));
        Files.writeString(folder.resolve("a").resolve("precious"), "mine");

        Run run = restore(file, "a");

        assertThat(run.exit()).isEqualTo(1);
        assertThat(run.complaint()).contains("is not empty: name another directory");
        assertThat(folder.resolve("a")).isDirectoryContaining("glob:**/precious");
        assertThat(restore(file, "b", "--initial-cluster", "c,d").complaint())
                .contains("--name 'b' is not in --initial-cluster (c, d)");
        assertThat(restore(folder.resolve("none"), "b").complaint()).contains("there is none");
    }

    @Test
    void aSavedFileIsItsOwnersAlone() throws IOException {
        Path file = saved();

        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
        assertThat(folder.resolve("state.part")).doesNotExist();
    }

    @Test
    void withoutAMemberThereIsNoFile() {
        Path file = folder.resolve("state");

        Run run = Run.of("snapshot", "save", file.toString(), "--endpoints", "127.0.0.1:" + Served.freePort());

        assertThat(run.exit()).isEqualTo(1);
        assertThat(run.complaint()).contains("no snapshot was saved", "--endpoints");
        assertThat(file).doesNotExist();
    }
}
