package io.metcd.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What an operator sees of a member's directory when something has happened to it. */
class DiskToolsTest {
    @TempDir
    private Path folder = Path.of("");

    private Path directory = Path.of("");

    @BeforeEach
    void aMemberHasRun() {
        directory = folder.resolve("a");
        try (Served member = Served.in(directory, "--name", "a")) {
            member.awaitReady();
            assertThat(member.ask("put", "greeting", "s3cret").exit()).isZero();
            assertThat(member.ask("put", "other", "s3cret").exit()).isZero();
            assertThat(member.ask("del", "greeting").exit()).isZero();
            assertThat(member.ask("lease", "grant", "600").exit()).isZero();
            assertThat(Run.of("data", "check", directory.toString()).complaint())
                    .contains("is in use by process");
        }
    }

    private Run dump(String... flags) {
        return Run.of(Stream.concat(Stream.of("logdump", directory.toString()), List.of(flags).stream())
                .toArray(String[]::new));
    }

    private List<JsonObject> lines(String... flags) {
        return dump(flags).out().lines().map(JsonObject::new).toList();
    }

    private JsonObject put(String key) {
        return lines("--json").stream()
                .filter(line -> line.getString("kind").equals("put")
                        && line.getString("key").equals(key))
                .findFirst()
                .orElseThrow();
    }

    /** One bit of a record's payload. */
    private void damage(JsonObject line) throws IOException {
        Path segment = directory.resolve(line.getString("segment"));
        try (RandomAccessFile file = new RandomAccessFile(segment.toFile(), "rw")) {
            long place = line.getLong("offset") + 40;
            file.seek(place);
            int before = file.read();
            file.seek(place);
            file.write(before ^ 1);
        }
    }

    @Test
    void theLogIsToldWithoutAnyValue() {
        Run run = dump();

        assertThat(run.exit()).isZero();
        assertThat(run.out())
                .contains("put", "key=\"greeting\" valueSize=6", "delete-range", "lease-grant", "ttlSeconds=600")
                .contains("member-bind", "hard-state", "log-0000000000000001")
                .doesNotContain("s3cret");
        assertThat(run.err()).isEmpty();
    }

    @Test
    void eachLineIsAnObjectForPrograms() {
        JsonObject put = put("greeting");

        assertThat(put.getInteger("valueSize")).isEqualTo(6);
        assertThat(put.fieldNames()).contains("index", "term", "size", "segment", "offset", "proposer");
        assertThat(lines("--json", "--from", put.getLong("index").toString()).get(0))
                .isEqualTo(put);
    }

    @Test
    void ofADamagedLogTheRestIsToldAndWhereTheDamageIs() throws IOException {
        JsonObject put = put("greeting");
        damage(put);

        Run run = dump();

        assertThat(run.exit()).isEqualTo(1);
        assertThat(run.out()).contains("DAMAGED", "key=\"other\"").doesNotContain("key=\"greeting\" valueSize");
        assertThat(run.complaint()).contains(put.getString("segment") + " at byte " + put.getLong("offset"));
        assertThat(lines("--json")).anyMatch(line -> line.getString("kind").equals("DAMAGED"));
    }

    @Test
    void aWholeDirectoryIsOk() {
        Run run = Run.of("data", "check", directory.toString());

        assertThat(run.exit()).as(run.toString()).isZero();
        assertThat(run.out())
                .contains("member      a (", "lives       1", "entries", "unfinished  0 bytes")
                .endsWith("ok\n");
        assertThat(Run.of("data", "check", directory.toString())).isEqualTo(run);
    }

    @Test
    void ofADamagedDirectoryTheCureIsSaid() throws IOException {
        damage(put("greeting"));

        Run run = Run.of("data", "check", directory.toString());

        assertThat(run.exit()).isEqualTo(1);
        assertThat(run.out()).doesNotContain("ok\n");
        assertThat(run.complaint())
                .contains("log-0000000000000001 is damaged at byte", "recover this member from its peers");
    }

    @Test
    void aMemberWithoutItsKeyIsNoMember() throws IOException {
        Files.delete(directory.resolve("peer.pem"));

        Run run = Run.of("data", "check", directory.toString());

        assertThat(run.exit()).isEqualTo(1);
        assertThat(run.complaint()).contains("peer.pem is missing", "recover this member from its peers");
    }

    @Test
    void whatIsNoDataDirectoryIsSaidToBeNone() {
        assertThat(Run.of("data", "check", folder.toString()).complaint()).contains("no data directory of metcd");
        assertThat(Run.of("logdump", folder.toString()).complaint()).contains("no data directory of metcd");
        assertThat(Run.of("logdump", folder.resolve("none").toString()).complaint())
                .contains("is not a directory");
    }
}
