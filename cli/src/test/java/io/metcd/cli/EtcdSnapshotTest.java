package io.metcd.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Objects;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files of etcd: written for it, and taken from it (contract: maint.snapshot.3). */
class EtcdSnapshotTest {
    private static final int HASH_BYTES = 32;

    @TempDir
    private Path folder = Path.of("");

    /** Of a cluster of one with a key, a deleted key, a lease and large values. */
    private Path saved() {
        Path file = folder.resolve("state.db");
        try (Served old = Served.with("--name", "old", "--cluster", "orders")) {
            old.awaitReady();
            assertThat(old.ask("put", "greeting", "hello").exit()).isZero();
            String lease = old.ask("lease", "grant", "600").out().split(" ", -1)[1];
            assertThat(old.ask("put", "--lease=" + lease, "large", "x".repeat(600_000))
                            .exit())
                    .isZero();
            assertThat(old.ask("put", "gone", "x").exit()).isZero();
            assertThat(old.ask("del", "gone").exit()).isZero();
            Run run = old.ask("snapshot", "save", "--format", "etcd", file.toString());
            assertThat(run.exit()).as(run.toString()).isZero();
            assertThat(run.out()).contains("Snapshot saved at " + file, "revision 5");
            assertThat(old.ask("snapshot", "save", "--format", "tar", file.toString())
                            .complaint())
                    .contains("--format is metcd or etcd, not 'tar'");
        }
        return file;
    }

    private Run take(String verb, Path file, String... more) {
        return Run.of(Stream.concat(
                        Stream.of(
                                "snapshot",
                                verb,
                                file.toString(),
                                "--data-dir",
                                folder.resolve("a").toString(),
                                "--name",
                                "a"),
                        Arrays.stream(more))
                .toArray(String[]::new));
    }

    @Test
    void aMemberBeginsWithWhatAFileOfEtcdHolds() {
        Run made = take("import", saved(), "--cluster", "orders");

        assertThat(made.exit()).as(made.toString()).isZero();
        assertThat(made.out())
                .contains("Imported member a (", "of cluster orders (")
                .contains(
                        "It holds 2 keys at revision 5, compacted at -1, 1 leases, 0 users and 0 roles; authentication is off");
        assertThat(Run.of("data", "check", folder.resolve("a").toString()).exit())
                .isZero();
        try (Served member = Served.in(folder.resolve("a"), "--name", "a", "--cluster", "orders")) {
            member.awaitReady();
            assertThat(member.ask("get", "greeting").out()).contains("hello");
            assertThat(member.ask("get", "gone").out()).isEmpty();
            assertThat(member.ask("get", "--rev", "4", "gone").out()).contains("x");
            String lease = member.ask("lease", "list").out().lines().toList().get(1);
            assertThat(member.ask("lease", "timetolive", "--keys", lease).out())
                    .contains("granted with TTL(600s)", "attached keys([large])");
            assertThat(member.ask("put", "greeting", "again").exit()).isZero();
        }
    }

    @Test
    void eachVerbKnowsTheFilesOfTheOther() {
        Path file = saved();
        Path own = folder.resolve("own");
        try (Served member = Served.with("--name", "old")) {
            member.awaitReady();
            assertThat(member.ask("snapshot", "save", own.toString()).exit()).isZero();
        }

        assertThat(take("restore", file).complaint())
                .contains("is a snapshot of etcd, not of metcd: './metcd snapshot import' takes it");
        assertThat(Run.of("snapshot", "status", file.toString()).complaint()).contains("is a snapshot of etcd");
        assertThat(take("import", own).complaint())
                .contains("is a snapshot of metcd, not of etcd: './metcd snapshot restore' takes it");
        assertThat(take("import", folder.resolve("none")).complaint()).contains("there is none");
        assertThat(folder.resolve("a")).doesNotExist();
    }

    @Test
    void whatIsNotAsItWasSavedIsRefusedAndLeavesNothingBehind() throws IOException {
        byte[] whole = Files.readAllBytes(saved());

        byte[] flipped = whole.clone();
        flipped[whole.length / 2] ^= 1;
        assertThat(refusalOf(flipped)).contains("is damaged: its hash is wrong; save another one");
        byte[] bare = Arrays.copyOf(whole, whole.length - HASH_BYTES);
        assertThat(refusalOf(bare)).contains("has no hash at its end", "--skip-hash-check");
        byte[] cut = Arrays.copyOf(bare, bare.length - 4096);
        assertThat(refusalOf(cut, "--skip-hash-check")).contains("the file is cut off: it has ", "save another one");
        byte[] broken = bare.clone();
        broken[4 * 4096 + 8] = 16;
        assertThat(refusalOf(broken, "--skip-hash-check")).contains("page 4 is of kind 16");
        assertThat(folder.resolve("a")).doesNotExist();

        Files.write(folder.resolve("copy"), bare);
        assertThat(take("import", folder.resolve("copy"), "--skip-hash-check").exit())
                .isZero();
    }

    /** contract: maint.snapshot.3; the file is etcd 3.6.14's, of two keys, with authentication on. */
    @Test
    void usersAndRolesComeAlongAndGuardTheNewCluster() throws IOException {
        Path file = folder.resolve("users.db");
        try (InputStream in = EtcdSnapshotTest.class.getResourceAsStream("/etcd/etcd-3.6.14-users.snapshot.gz")) {
            Files.write(file, new GZIPInputStream(Objects.requireNonNull(in)).readAllBytes());
        }

        Run made = take("import", file);

        assertThat(made.exit()).as(made.toString()).isZero();
        assertThat(made.out())
                .contains("It holds 2 keys at revision 3")
                .contains("2 users and 1 roles; authentication is on");
        try (Served member = Served.in(folder.resolve("a"), "--name", "a", "--cluster", "etcd-cluster")) {
            Waiting.until("root logs in", () -> login(member, "root", "secret") == 200, () -> "nobody can");
            assertThat(login(member, "alice", "secret")).isEqualTo(200);
            assertThat(login(member, "root", "another")).isEqualTo(400);
            assertThat(member.ask("get", "greeting").complaint()).contains("user name is empty");
        }
    }

    /** The status of HTTP; 0 while nobody answers. */
    private static int login(Served member, String name, String password) {
        try {
            HttpRequest request = HttpRequest.newBuilder(
                            URI.create("http://" + member.endpoint() + "/v3/auth/authenticate"))
                    .POST(HttpRequest.BodyPublishers.ofString(
                            "{\"name\":\"" + name + "\",\"password\":\"" + password + "\"}"))
                    .build();
            return HttpClient.newHttpClient()
                    .send(request, HttpResponse.BodyHandlers.discarding())
                    .statusCode();
        } catch (IOException notYet) {
            return 0;
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private String refusalOf(byte[] content, String... more) throws IOException {
        Run run = take("import", Files.write(folder.resolve("bad"), content), more);
        assertThat(run.exit()).isEqualTo(1);
        return run.complaint();
    }
}
