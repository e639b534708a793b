package io.metcd.conformance;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The packaged jar of this repository, with a data directory. */
public final class MetcdProduct implements Product {
    private static final Duration LIMIT = Duration.ofSeconds(5);
    private static final Pattern APPLIED = Pattern.compile("\"applied\":([0-9]+)");
    private static final Pattern HASH = Pattern.compile("\"stateHash\":\"([0-9a-f]+)\"");

    private final List<String> jvm;
    private final List<String> more;
    private final HttpClient http = HttpClient.newBuilder()
            .connectTimeout(LIMIT)
            .version(HttpClient.Version.HTTP_1_1)
            .build();

    private MetcdProduct(List<String> jvm, List<String> more) {
        this.jvm = jvm;
        this.more = more;
    }

    /** With further flags. */
    public static MetcdProduct flagged(String... flags) {
        return new MetcdProduct(List.of(), List.of(flags));
    }

    /** With the launcher's options: for figures. */
    public static MetcdProduct asLaunched() {
        return new MetcdProduct(List.of(), List.of());
    }

    /** With further options of the JVM. */
    public static MetcdProduct with(String... jvm) {
        return new MetcdProduct(List.of(jvm), List.of());
    }

    /** For members that start often and live a second. */
    public static MetcdProduct quickToStart() {
        return new MetcdProduct(quickOptions(), List.of());
    }

    /**
     * Options of the JVM for a quick start: the classes mapped from an archive, the quick compiler alone. The archive is
     * made once for each packaged jar; a JVM that it does not fit ignores it.
     */
    public static List<String> quickOptions() {
        try {
            Path archive = Path.of("target", "quick.jsa").toAbsolutePath();
            if (!Files.exists(archive)
                    || Files.getLastModifiedTime(archive).compareTo(Files.getLastModifiedTime(Member.jar())) < 0) {
                makeArchive(archive);
            }
            return List.of("-XX:TieredStopAtLevel=1", "-XX:SharedArchiveFile=" + archive, "-Xlog:disable");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Made beside its place and then moved there, since another process may look. */
    private static void makeArchive(Path archive) throws IOException {
        Path made = Files.createTempFile(Files.createDirectories(archive.resolveSibling("")), "quick", ".jsa");
        Files.delete(made);
        MetcdProduct maker = new MetcdProduct(List.of("-XX:ArchiveClassesAtExit=" + made, "-Xlog:disable"), List.of());
        try (DurableCluster one = DurableCluster.start(maker, List.of("archive"))) {
            one.member("archive").stop();
        }
        Files.move(made, archive, StandardCopyOption.REPLACE_EXISTING);
    }

    @Override
    public String name() {
        return "metcd";
    }

    @Override
    public List<String> serve(List<String> prefix, Seat seat, List<String> flags) {
        List<String> arguments = new ArrayList<>(List.of("serve", "--name", seat.name()));
        arguments.addAll(List.of("--data-dir", seat.directory().toString()));
        arguments.addAll(List.of("--listen-client-urls", seat.clientUrl()));
        arguments.addAll(List.of("--advertise-client-urls", seat.clientUrl()));
        arguments.addAll(List.of("--listen-peer-urls", seat.peerUrl()));
        arguments.addAll(List.of("--initial-advertise-peer-urls", seat.peerUrl()));
        arguments.addAll(flags);
        arguments.addAll(more);
        return Member.metcd(prefix, jvm, arguments);
    }

    @Override
    public StateMark state(String endpoint) {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://" + endpoint + "/metcd/v1/status"))
                .timeout(LIMIT)
                .build();
        try {
            String page =
                    http.send(request, HttpResponse.BodyHandlers.ofString()).body();
            return new StateMark(Long.parseLong(part(APPLIED, page)), part(HASH, page));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private static String part(Pattern pattern, String page) {
        Matcher matcher = pattern.matcher(page);
        if (!matcher.find()) {
            throw new IllegalStateException("no " + pattern + " in " + page);
        }
        return matcher.group(1);
    }
}
