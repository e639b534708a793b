package io.metcd.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.metcd.base.Bytes;
import io.metcd.base.Invariants;
import io.metcd.raft.membership.Configuration;
import io.metcd.testkit.disk.SimDisk;
import java.io.IOException;
import org.junit.jupiter.api.Test;

class GroupCommitTest {
    private final Bench bench = new Bench(Limits.SMALL);

    GroupCommitTest() throws IOException {
        bench.open();
        bench.run();
    }

    @Test
    void nothingIsAcknowledgedBeforeTheLogsThreadHasRun() {
        bench.append(1, 10);

        assertThat(bench.heard).isEmpty();
        bench.log.run();
        assertThat(bench.heard).containsExactly("1");
    }

    @Test
    void whatCameWhileTheDiskWasBusyIsOneSync() {
        long before = bench.disk.syncs();
        for (int index = 1; index <= 10; index++) {
            bench.append(index, 10);
        }

        bench.log.run();

        assertThat(bench.heard).containsExactly("1", "2", "3", "4", "5", "6", "7", "8", "9", "10");
        assertThat(bench.disk.syncs()).isEqualTo(before + 1);
    }

    @Test
    void aGroupIsBoundedAndTheRestGoesWithTheNext() {
        long before = bench.disk.syncs();
        for (int index = 1; index <= 3; index++) {
            bench.append(index, Limits.SMALL.groupBytesMax() / 2);
        }

        bench.log.runOne();

        assertThat(bench.heard).containsExactly("1");
        bench.run();
        assertThat(bench.heard).containsExactly("1", "2", "3");
        assertThat(bench.disk.syncs()).isGreaterThan(before + 2);
    }

    @Test
    void atTheBoundTheOwnerIsHeldBackUntilOneCompletes() {
        for (int index = 1; index < Limits.SMALL.pendingBatchesMax(); index++) {
            bench.append(index, 1);
        }
        assertThat(bench.journal().hasRoom()).isTrue();
        bench.append(Limits.SMALL.pendingBatchesMax(), 1);

        assertThat(bench.journal().hasRoom()).isFalse();
        bench.log.run();
        assertThat(bench.journal().hasRoom()).isTrue();
    }

    @Test
    void bytesAreBoundedToo() {
        bench.append(1, Limits.SMALL.pendingBytesMax());

        assertThat(bench.journal().hasRoom()).isFalse();
    }

    @Test
    void anEmptyBatchWaitsForThoseBeforeIt() {
        bench.appendNothing("idle");
        bench.append(1, 1);
        bench.appendNothing("behind");

        assertThat(bench.heard).containsExactly("idle");
        bench.log.run();
        assertThat(bench.heard).containsExactly("idle", "1", "behind");
    }

    @Test
    void afterAFailedSyncNothingIsAcknowledgedAndTheOwnerIsToldOnce() {
        bench.append(1, 1);
        bench.append(2, 1);
        bench.disk.setFaults(new SimDisk.Faults(1, 0, Long.MAX_VALUE));

        bench.run();
        bench.disk.setFaults(SimDisk.Faults.NONE);
        bench.append(3, 1);
        bench.appendNothing("nothing");
        bench.snapshot(1, 100);
        bench.run();

        assertThat(bench.heard).containsExactly("1 failed: sync failed");
    }

    @Test
    void aFailureInTheBackgroundIsToldWithTheNextBatch() {
        for (int index = 1; index <= 15; index++) {
            bench.append(index, 1000);
            bench.log.run();
        }
        int before = bench.heard.size();
        bench.disk.setFaults(new SimDisk.Faults(1, 0, Long.MAX_VALUE));
        bench.background.run();
        bench.disk.setFaults(SimDisk.Faults.NONE);

        bench.append(16, 1);
        bench.append(17, 1);
        bench.run();

        assertThat(bench.heard.subList(before, bench.heard.size())).containsExactly("16 failed: sync failed");
    }

    @Test
    void whatWasAppendedBeforeTheCloseIsStillWritten() throws IOException {
        bench.append(1, 1);
        bench.journal().close();
        bench.append(2, 1);

        bench.run();

        assertThat(bench.heard).containsExactly("1");
        bench.disk.crash();
        assertThat(bench.open().recovered().entries()).hasSize(1);
    }

    @Test
    void aSnapshotIsWrittenBesideTheLog() throws IOException {
        bench.append(1, 10);
        bench.log.run();
        bench.snapshot(1, 1000);
        bench.append(2, 10);

        bench.log.run();
        assertThat(bench.heard).containsExactly("1", "2");
        bench.run();
        assertThat(bench.heard).containsExactly("1", "2", "snapshot 1");
        assertThat(bench.open().recovered().snapshot()).isPresent();
    }

    @Test
    void aSinkThatTheDiskIsBehindOnHasNoRoom() {
        Journal.SnapshotSink sink = bench.journal().snapshot(new SnapshotMark(1, 1, Configuration.of(1)));
        sink.write(Bytes.wrap(new byte[Limits.SMALL.sinkBytesMax()]));

        assertThat(sink.hasRoom()).isFalse();
        bench.run();
        assertThat(sink.hasRoom()).isTrue();
        sink.abandon();
        bench.run();
        assertThat(bench.disk.list()).noneMatch(name -> name.endsWith(".part"));
    }

    @Test
    void whatWasRecoveredIsAskedForBeforeTheFirstBatch() {
        assertThat(bench.journal().recovered().isEmpty()).isTrue();
        bench.append(1, 1);

        assertThatThrownBy(() -> bench.journal().recovered()).isInstanceOf(Invariants.Violation.class);
    }
}
