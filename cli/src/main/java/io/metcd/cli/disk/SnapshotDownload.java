package io.metcd.cli.disk;

import io.metcd.cli.Mistake;
import io.metcd.cli.client.Access;
import io.metcd.cli.client.Endpoint;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/** Fetches a snapshot; under its name there is a whole one or what was there before. */
final class SnapshotDownload {
    private static final int OK = 200;
    private static final int BLOCK_BYTES = 1 << 16;
    private static final int COMPLAINT_BYTES_MAX = 1000;

    private SnapshotDownload() {}

    /** Which form, and as of when. */
    record Wish(boolean local, boolean asEtcd) {
        private String query() {
            return "?local=" + local + (asEtcd ? "&format=etcd" : "");
        }
    }

    /** What was saved. */
    record Saved(long revision, long bytes) {}

    /** From the first endpoint that has one. */
    static Saved to(Path file, Access access, Wish wish) {
        Path part = file.resolveSibling(file.getFileName() + ".part");
        HttpClient client = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .sslContext(access.security().context())
                .connectTimeout(access.timeout())
                .build();
        String failure = "no endpoint given";
        for (Endpoint endpoint : access.endpoints()) {
            try {
                HttpRequest.Builder asked = HttpRequest.newBuilder(
                                URI.create(endpoint.url() + "/metcd/v1/snapshot" + wish.query()))
                        .timeout(access.timeout());
                access.login().ifPresent(login -> asked.header("Authorization", login.header()));
                HttpRequest request = asked.build();
                HttpResponse<InputStream> response = client.send(request, HttpResponse.BodyHandlers.ofInputStream());
                try (InputStream body = response.body()) {
                    if (response.statusCode() == OK) {
                        return keep(body, part, file, wish);
                    }
                    failure = endpoint + ": "
                            + new String(body.readNBytes(COMPLAINT_BYTES_MAX), StandardCharsets.UTF_8).strip();
                }
            } catch (IllegalArgumentException e) {
                throw Mistake.usage("--endpoints: '" + endpoint + "' is not HOST:PORT");
            } catch (IOException e) {
                failure = endpoint + ": no snapshot was saved (" + e + "): is the member running? See --endpoints";
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new Mistake("interrupted");
            }
        }
        throw new Mistake(failure);
    }

    /** Checked as it stands on the disk, then named. */
    private static Saved keep(InputStream body, Path part, Path file, Wish wish) throws IOException {
        try {
            write(body, part);
            Saved checked = wish.asEtcd() ? checkEtcd(part) : check(part);
            Files.move(part, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            try (FileChannel directory = FileChannel.open(file.toAbsolutePath().resolveSibling(""))) {
                directory.force(true);
            }
            return checked;
        } finally {
            Files.deleteIfExists(part);
        }
    }

    private static Saved check(Path part) {
        SnapshotFile.Checked checked = SnapshotFile.check(part);
        return new Saved(checked.archive().revision(), checked.bytes());
    }

    private static Saved checkEtcd(Path part) {
        EtcdSnapshot.Checked checked = EtcdSnapshot.check(part, true);
        return new Saved(checked.root().revision(), checked.bytes());
    }

    private static void write(InputStream body, Path part) throws IOException {
        Files.deleteIfExists(part);
        boolean posix = part.getFileSystem().supportedFileAttributeViews().contains("posix");
        FileAttribute<?>[] owner = posix
                ? new FileAttribute<?>[] {
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))
                }
                : new FileAttribute<?>[0];
        try (FileChannel channel =
                FileChannel.open(part, Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE), owner)) {
            byte[] block = new byte[BLOCK_BYTES];
            for (int read = body.read(block); read >= 0; read = body.read(block)) {
                ByteBuffer rest = ByteBuffer.wrap(block, 0, read);
                while (rest.hasRemaining()) {
                    channel.write(rest);
                }
            }
            channel.force(true);
        }
    }
}
