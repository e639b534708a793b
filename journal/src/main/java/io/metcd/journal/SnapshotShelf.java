package io.metcd.journal;

import io.metcd.base.Bytes;
import io.metcd.base.Disk;
import io.metcd.base.RandomSource;
import io.metcd.journal.segment.Chain;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The snapshots of a journal on its disk. Used by the background worker alone, but for {@link #place}. */
final class SnapshotShelf {
    private final Disk disk;
    private final Bytes label;
    private final RandomSource random;
    private final List<Place> open = new ArrayList<>();
    /** The newest snapshot with a name. */
    private long newest;

    private long begun;

    SnapshotShelf(Disk disk, Bytes label, RandomSource random, long newest) {
        this.disk = disk;
        this.label = label;
        this.random = random;
        this.newest = newest;
    }

    Place place(SnapshotMark mark) {
        return new Place(mark);
    }

    /** Deletes what no mark of the log names: it never counted, or it was replaced. */
    void deleteAllBut(List<SegmentHead.Kept> marks) throws IOException {
        for (String name : disk.list()) {
            Optional<Long> index = LogNames.snapshotIndex(name);
            if (index.isPresent()
                    && marks.stream().noneMatch(kept -> kept.mark().index() == index.get())) {
                disk.delete(name);
            }
        }
    }

    /** As {@link #deleteAllBut}, but leaves alone what may be about to count. */
    void deleteOlderThan(List<SegmentHead.Kept> marks) throws IOException {
        long oldest = marks.isEmpty() ? 0 : marks.get(0).mark().index();
        for (String name : disk.list()) {
            Optional<Long> index = LogNames.snapshotIndex(name);
            if (index.isPresent() && index.get() < oldest) {
                disk.delete(name);
            }
        }
    }

    void close() {
        List.copyOf(open).forEach(Place::abandon);
    }

    /** The place of one snapshot, as it is written. An error shows at its end. */
    final class Place {
        private final SnapshotMark mark;
        private Optional<SnapshotFile.Writing> file = Optional.empty();
        private Optional<IOException> broken = Optional.empty();

        Place(SnapshotMark mark) {
            this.mark = mark;
        }

        void add(Bytes chunk) {
            if (broken.isPresent()) {
                return;
            }
            try {
                file().add(chunk);
            } catch (IOException e) {
                broken = Optional.of(e);
            }
        }

        /** Durable under its name; empty if there is a newer one, so that this one was dropped. */
        Optional<Integer> finish() throws IOException {
            if (broken.isPresent()) {
                throw broken.get();
            }
            if (mark.index() <= newest) {
                abandon();
                return Optional.empty();
            }
            int checksum = file().finish();
            open.remove(this);
            file = Optional.empty();
            newest = mark.index();
            return Optional.of(checksum);
        }

        void abandon() {
            open.remove(this);
            try {
                if (file.isPresent()) {
                    file.get().abandon();
                }
            } catch (IOException e) {
                // What is left is deleted when the journal is opened again.
                broken = Optional.of(e);
            }
            file = Optional.empty();
        }

        private SnapshotFile.Writing file() throws IOException {
            if (file.isEmpty()) {
                file = Optional.of(new SnapshotFile.Writing(
                        disk, label, new Chain(random.nextLong(), 1, 0), new SnapshotFile.Numbered(mark, ++begun)));
                open.add(this);
            }
            return file.get();
        }
    }
}
