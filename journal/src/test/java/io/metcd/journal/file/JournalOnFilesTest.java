package io.metcd.journal.file;

import static org.assertj.core.api.Assertions.assertThat;

import io.metcd.base.Bytes;
import io.metcd.base.Clock;
import io.metcd.base.RandomSource;
import io.metcd.journal.DataDirectory;
import io.metcd.journal.DiskJournal;
import io.metcd.journal.Journal;
import io.metcd.journal.Limits;
import io.metcd.journal.Recovered;
import io.metcd.journal.SnapshotMark;
import io.metcd.raft.Entry;
import io.metcd.raft.HardState;
import io.metcd.raft.membership.Configuration;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The journal on real files with its own threads; what it does is tested on the simulated disk. */
class JournalOnFilesTest {
    @TempDir
    private Path directory;

    /** One life of a member's journal. */
    private static final class Life implements AutoCloseable {
        private final FileDisk disk;
        private final JournalThreads threads = JournalThreads.start("a");
        private final DiskJournal journal;

        Life(Path directory) throws IOException {
            this.disk = FileDisk.open(directory);
            Limits limits = Limits.SMALL.withSegmentBytes(64 * 1024);
            this.journal = DataDirectory.open(disk, "orders")
                    .journal(new DiskJournal.Setup(limits, Clock.system(), RandomSource.system(), threads.workers()));
        }

        @Override
        public void close() throws IOException {
            journal.close();
            threads.close();
            disk.close();
        }
    }

    private static CompletableFuture<Void> completes(Consumer<Journal.Completion> work) {
        CompletableFuture<Void> done = new CompletableFuture<>();
        work.accept(new Journal.Completion() {
            @Override
            public void durable() {
                done.complete(null);
            }

            @Override
            public void failed(IOException cause) {
                done.completeExceptionally(cause);
            }
        });
        return done;
    }

    private static Entry entry(long index) {
        return new Entry(1, index, Entry.Kind.COMMAND, Bytes.wrap(new byte[200]));
    }

    @Test
    void whatWasAcknowledgedIsThereInTheNextLife() throws Exception {
        List<CompletableFuture<Void>> writes = new ArrayList<>();
        try (Life life = new Life(directory)) {
            for (long index = 1; index <= 2000; index++) {
                HardState state = new HardState(1, 1, index - 1);
                List<Entry> batch = List.of(entry(index));
                writes.add(completes(done -> life.journal.append(Optional.of(state), batch, done)));
                if (!life.journal.hasRoom()) {
                    writes.get(writes.size() - 1).get(30, TimeUnit.SECONDS);
                }
            }
            Journal.SnapshotSink sink = life.journal.snapshot(new SnapshotMark(1500, 1, Configuration.of(1, 2, 3)));
            sink.write(Bytes.utf8("state"));
            writes.add(completes(sink::commit));
            for (CompletableFuture<Void> write : writes) {
                write.get(30, TimeUnit.SECONDS);
            }
        }

        try (Life life = new Life(directory)) {
            Recovered found = life.journal.recovered();
            assertThat(found.hardState()).isEqualTo(new HardState(1, 1, 1999));
            assertThat(found.snapshot().orElseThrow().chunks()).containsExactly(Bytes.utf8("state"));
            assertThat(found.entries()).hasSize(500).startsWith(entry(1501)).endsWith(entry(2000));
            assertThat(found.report().cutBytes()).isZero();
            assertThat(found.report().bytes()).isPositive();
        }
    }
}
