package io.metcd.server.page;

import io.metcd.journal.file.DiskTimes;
import io.metcd.journal.file.FileDisk;
import io.metcd.server.page.Exposition.Buckets;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/**
 * What the disk costs, under etcd's names. A member that keeps nothing has these families too, at zero; and the commits
 * of a storage engine are at zero for every member, because there is none: what is acknowledged is in the log.
 */
final class DiskMetrics {
    private DiskMetrics() {}

    static void write(Exposition text, Optional<FileDisk> disk) {
        histogram(text, "etcd_disk_wal_fsync_duration_seconds", "Syncs of the log.", disk.map(FileDisk::logTimes));
        histogram(text, "etcd_snap_fsync_duration_seconds", "Syncs of snapshots.", disk.map(FileDisk::snapshotTimes));
        histogram(
                text,
                "etcd_disk_backend_commit_duration_seconds",
                "Commits of a storage engine, of which there is none.",
                Optional.empty());
        text.gauge(
                "etcd_disk_wal_write_bytes_total",
                "Bytes written to the log.",
                disk.map(files -> files.logTimes().writtenBytes()).orElse(0L));
    }

    private static void histogram(Exposition text, String name, String help, Optional<DiskTimes> times) {
        List<Double> bounds = DiskTimes.bounds();
        Buckets buckets = times.map(known -> new Buckets(bounds, known.counts(), known.sumSeconds()))
                .orElse(new Buckets(bounds, Collections.nCopies(bounds.size() + 1, 0L), 0));
        text.family(name, "histogram", help).histogram(name, "", buckets);
    }
}
