package io.metcd.mesh.net;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Files of secrets or certificates that may be renewed at any time: looked at every second, read again when one has
 * changed. What is renewed and cannot be used leaves in force what was, and is told once.
 */
final class FileWatch<T> {
    private static final Logger LOG = LoggerFactory.getLogger(FileWatch.class);
    private static final long INTERVAL_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final Renewal<T> renewal;
    private final Beside beside;

    /** As the files were when they were last read, whether that came to anything or not; on the loop. */
    private List<Stamp> tried = List.of();

    /**
     * What is renewed.
     *
     * @param what in words for an operator
     * @param reading runs beside the loop; a {@link MeshStartFailure} says what is wrong with the files, and the fix
     * @param inForce takes what was read, on the loop
     */
    record Renewal<T>(String what, List<Path> files, Supplier<T> reading, Consumer<T> inForce) {}

    /** What tells a renewed file from the one that was read. */
    private record Stamp(
            @Nullable FileTime written, long size, @Nullable Object identity) {
        private static final Stamp MISSING = new Stamp(null, -1, null);

        static Stamp of(Path file) {
            try {
                BasicFileAttributes found = Files.readAttributes(file, BasicFileAttributes.class);
                return new Stamp(found.lastModifiedTime(), found.size(), found.fileKey());
            } catch (IOException unreadable) {
                return MISSING;
            }
        }
    }

    FileWatch(Renewal<T> renewal, Beside beside) {
        this.renewal = renewal;
        this.beside = beside;
    }

    /** On the loop. The first look reads in any case: the files may have changed since somebody read them to start. */
    void start() {
        look();
    }

    private void look() {
        List<Stamp> before = tried;
        beside.run(() -> {
            List<Stamp> now = renewal.files().stream().map(Stamp::of).toList();
            if (!now.equals(before)) {
                read(now);
            }
        });
        beside.loop().schedule(INTERVAL_NANOS, this::look);
    }

    private void read(List<Stamp> stamps) {
        try {
            T read = renewal.reading().get();
            beside.tell(() -> {
                tried = stamps;
                renewal.inForce().accept(read);
            });
        } catch (MeshStartFailure e) {
            beside.tell(() -> {
                tried = stamps;
                LOG.error("renewed {} cannot be used, what was in force stays: {}", renewal.what(), e.getMessage());
            });
        }
    }
}
