package io.metcd.journal;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class LogDumpTest {
    private final Bench bench = new Bench(Limits.SMALL.withSegmentBytes(4096));

    LogDumpTest() throws IOException {
        bench.open();
        for (int index = 1; index <= 20; index++) {
            bench.append(index, 500);
            bench.run();
        }
        bench.snapshot(2, 10);
        bench.run();
    }

    private List<LogDump.Line> dump() throws IOException {
        List<LogDump.Line> lines = new ArrayList<>();
        LogDump.read(bench.disk, lines::add);
        return lines;
    }

    private List<Long> indexes() throws IOException {
        List<Long> indexes = new ArrayList<>();
        for (LogDump.Line line : dump()) {
            if (line instanceof LogDump.Written written && written.item() instanceof Item.Appended appended) {
                indexes.add(appended.entry().index());
            }
        }
        return indexes;
    }

    private List<String> broken() throws IOException {
        return dump().stream()
                .filter(line -> line instanceof LogDump.Broken)
                .map(line -> line.file() + " " + ((LogDump.Broken) line).what())
                .toList();
    }

    @Test
    void everyEntryIsToldInOrder() throws IOException {
        assertThat(indexes()).hasSize(20).isSorted().startsWith(1L).endsWith(20L);
        assertThat(broken()).isEmpty();
        assertThat(dump())
                .anyMatch(line -> line instanceof LogDump.Written written
                        && written.item() instanceof Item.Marked marked
                        && marked.mark().index() == 2);
    }

    @Test
    void behindABrokenRecordItGoesOn() throws IOException {
        LogDump.Line third = dump().stream()
                .filter(line -> line instanceof LogDump.Written written
                        && written.item() instanceof Item.Appended appended
                        && appended.entry().index() == 3)
                .findFirst()
                .orElseThrow();
        bench.disk.flip(third.file(), 8 * (third.offset() + 100));

        assertThat(indexes()).hasSize(19).doesNotContain(3L).endsWith(20L);
        assertThat(broken()).hasSize(1).allMatch(text -> text.contains("is broken"));
    }

    @Test
    void aBrokenHeadIsNamedAndTheOtherFilesAreTold() throws IOException {
        bench.disk.flip(LogNames.segment(2), 100);

        assertThat(broken()).hasSize(1).allMatch(text -> text.startsWith(LogNames.segment(2)));
        assertThat(indexes()).contains(1L, 20L).hasSizeLessThan(20);
    }

    @Test
    void anUnfinishedEndIsNamedAsWhatItIs() throws IOException {
        LogDump.Line last = dump().get(dump().size() - 1);
        bench.disk.flip(last.file(), 8 * (last.offset() + 33));
        assertThat(broken()).hasSize(1).allMatch(text -> text.contains("is broken"));

        Bench.takeVoucher(bench.disk, last.file());
        assertThat(broken()).hasSize(1).allMatch(text -> text.contains("was never finished"));
    }

    @Test
    void aMissingLastFileIsNamed() throws IOException {
        String last = dump().get(dump().size() - 1).file();
        bench.disk.lose(last);

        assertThat(broken()).containsExactly(last + " it is missing, and the one before it names it");
    }
}
