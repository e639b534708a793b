package io.metcd.journal;

import static org.assertj.core.api.Assertions.assertThat;

import io.metcd.testkit.disk.SimDisk;
import java.io.IOException;
import org.junit.jupiter.api.Test;

class FullDiskTest {
    private static final int SEGMENT = Limits.SMALL.segmentBytes();
    private final Bench bench = new Bench(Limits.SMALL);
    private long index;

    FullDiskTest() throws IOException {
        bench.open();
        bench.run();
    }

    private void capacity(long bytes) {
        bench.disk.setFaults(new SimDisk.Faults(0, 0, bytes));
    }

    /** Takes all that is free. */
    private void fill() {
        long used = bench.disk.list().stream()
                .mapToLong(name -> bench.disk.get(name).size())
                .sum();
        capacity(used);
    }

    private void append(int batches) {
        for (int i = 0; i < batches; i++) {
            bench.append(++index, 1000);
            bench.run();
        }
    }

    @Test
    void theOwnerIsWarnedWhileThereIsStillARoomForWhatFrees() {
        fill();
        assertThat(bench.journal().spaceLow()).isFalse();
        while (!bench.journal().spaceLow()) {
            append(1);
        }

        int before = bench.heard.size();
        append(SEGMENT / 2000);

        assertThat(bench.heard).as("half a segment at least").hasSize(before + SEGMENT / 2000);
    }

    @Test
    void withTheReserveUsedUpBatchesWaitAndNothingFails() {
        fill();
        append(100);

        assertThat(bench.heard).hasSizeLessThan(100).noneMatch(each -> each.contains("failed"));
        assertThat(bench.journal().spaceLow()).isTrue();
    }

    @Test
    void whenThereIsRoomAgainItGoesOnWithoutARestart() throws IOException {
        fill();
        append(100);
        capacity(Long.MAX_VALUE);
        assertThat(bench.journal().spaceLow()).isTrue();
        bench.run();
        assertThat(bench.heard).as("not asked for again at once").hasSizeLessThan(100);

        bench.pass(2);
        assertThat(bench.journal().spaceLow()).isTrue();
        bench.run();

        assertThat(bench.heard).hasSize(100).endsWith("99", "100");
        assertThat(bench.journal().spaceLow()).isFalse();
        bench.disk.crash();
        assertThat(bench.open().recovered().entries()).hasSize(100);
    }

    @Test
    void afterACrashOnAFullDiskEverythingAcknowledgedIsThere() throws IOException {
        fill();
        append(100);
        int acknowledged = bench.heard.size();

        bench.disk.crash();

        assertThat(bench.open().recovered().entries()).hasSizeBetween(acknowledged, 100);
    }

    @Test
    void aSnapshotWithoutRoomIsForgottenAndTheOneBeforeCounts() throws IOException {
        append(5);
        bench.snapshot(3, 100);
        bench.run();
        append(2);
        fill();
        bench.snapshot(7, 5_000);
        bench.run();

        assertThat(bench.heard).endsWith("6", "7", "snapshot 7 found no room");
        assertThat(bench.journal().spaceLow()).isTrue();
        assertThat(bench.journal().bytesSinceSnapshot())
                .as("until there is room")
                .isZero();
        assertThat(bench.disk.list()).noneMatch(name -> name.endsWith(".part"));
        capacity(Long.MAX_VALUE);
        bench.pass(2);
        bench.journal().spaceLow();
        bench.run();
        assertThat(bench.journal().bytesSinceSnapshot()).isPositive();
        bench.snapshot(7, 5_000);
        bench.run();
        assertThat(bench.heard).endsWith("snapshot 7");
        assertThat(bench.open().recovered().entries()).isEmpty();
    }

    @Test
    void aSnapshotWithoutRoomCostsTheOlderOfTwoAndTheLogThatItAloneNeeds() throws IOException {
        append(60);
        bench.snapshot(20, 100);
        bench.snapshot(40, 100);
        bench.run();
        long before = bench.disk.list().stream().filter(LogNames::isSegment).count();
        fill();
        bench.snapshot(60, 200_000);
        bench.run();

        assertThat(bench.heard).endsWith("snapshot 60 found no room");
        assertThat(bench.disk.list().stream().filter(LogNames::isSnapshot)).hasSize(1);
        assertThat(bench.disk.list().stream().filter(LogNames::isSegment)).hasSizeLessThan((int) before);
        bench.disk.crash();
        assertThat(bench.open().recovered().entries()).hasSize(20);
    }

    @Test
    void segmentsThatNoSnapshotNeedsMakeRoom() {
        append(100);
        long before = bench.disk.list().stream().filter(LogNames::isSegment).count();

        bench.snapshot(60, 10);
        bench.snapshot(100, 10);
        bench.run();

        assertThat(bench.disk.list().stream().filter(LogNames::isSegment).count())
                .isLessThan(before / 2 + 1);
        assertThat(bench.disk.list().stream().filter(LogNames::isSnapshot)).hasSize(2);
        bench.snapshot(100, 10);
        bench.run();
        assertThat(bench.disk.list().stream().filter(LogNames::isSnapshot)).hasSize(2);
    }
}
