package io.metcd.raft.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.metcd.base.Bytes;
import io.metcd.base.Invariants;
import io.metcd.base.RandomSource;
import io.metcd.raft.Durable;
import io.metcd.raft.Entry;
import io.metcd.testkit.Property;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RaftLogTest {
    private static Entry entry(long term, long index) {
        return new Entry(term, index, Entry.Kind.COMMAND, Bytes.utf8("c" + index));
    }

    private static RaftLog of(long... terms) {
        RaftLog log = new RaftLog(0, 0);
        for (int i = 0; i < terms.length; i++) {
            log.append(entry(terms[i], i + 1));
        }
        return log;
    }

    @ParameterizedTest
    @CsvSource({"6, 5, 6", "9, 4, 5", "9, 3, 3", "3, 9, 3", "4, 3, 3", "2, 0, 0"})
    void theHighestIndexThatCanAgree(long index, long term, long agreement) {
        RaftLog log = of(1, 1, 3, 4, 4, 5);

        assertThat(log.agreementAt(index, term)).isEqualTo(agreement);
    }

    @Test
    void aWriteOfReplacedEntriesIsNotDurable() {
        RaftLog log = of(1, 1);
        log.takeUnwritten();
        log.truncate(2);
        log.append(entry(2, 2));
        log.takeUnwritten();

        log.written(new Durable(1, 1, 2, 1));
        assertThat(log.durable()).isZero();

        log.written(new Durable(2, 2, 2, 2));
        assertThat(log.durable()).isEqualTo(2);
    }

    @Test
    void onlyWhatIsCommittedAndDurableIsGivenOutAndOneBatchAtATime() {
        RaftLog log = of(1, 1, 1, 1);
        log.commit(3);
        assertThat(log.hasCommitted()).isFalse();

        log.takeUnwritten();
        log.written(new Durable(1, 1, 4, 1));
        assertThat(log.takeCommitted(entry(1, 1).sizeBytes() * 2L))
                .extracting(Entry::index)
                .containsExactly(1L, 2L);
        assertThat(log.takeCommitted(1000)).isEmpty();

        log.applied(2);
        assertThat(log.takeCommitted(1000)).extracting(Entry::index).containsExactly(3L);
    }

    @Test
    void theCommittedIsNeverTruncated() {
        RaftLog log = of(1, 1, 1);
        log.commit(2);

        assertThatThrownBy(() -> log.truncate(2)).isInstanceOf(Invariants.Violation.class);
    }

    @Test
    void aSliceIsCutAtItsBytesButNeverEmpty() {
        RaftLog log = of(1, 1, 1);

        assertThat(log.slice(1, 3, 1)).hasSize(1);
        assertThat(log.slice(1, 3, entry(1, 1).sizeBytes() * 2L)).hasSize(2);
        assertThat(log.slice(1, 3, Long.MAX_VALUE)).hasSize(3);
    }

    @Test
    void aStateThatTheLogContinuesKeepsWhatLiesBehind() {
        RaftLog log = of(1, 1, 2);
        log.takeUnwritten();

        log.install(2, 1);

        assertThat(log.firstIndex()).isEqualTo(3);
        assertThat(log.lastIndex()).isEqualTo(3);
        assertThat(log.applied()).isEqualTo(2);
        assertThat(log.commit()).isEqualTo(2);
    }

    @Test
    void aStateOfAnotherHistoryReplacesTheLog() {
        RaftLog log = of(1, 1, 2);

        log.install(2, 3);

        assertThat(log.lastIndex()).isEqualTo(2);
        assertThat(log.lastTerm()).isEqualTo(3);
        assertThat(log.bytes()).isZero();
    }

    /** Appends, truncations and compactions against a plain list. */
    @Test
    void theRingIsAList() {
        Property.check(200, random -> {
            RaftLog log = new RaftLog(0, 0);
            List<Entry> model = new ArrayList<>();
            long term = 1;
            for (int i = 0; i < 400; i++) {
                term += random.nextInt(8) == 0 ? 1 : 0;
                change(log, model, term, random);
                compare(log, model);
            }
        });
    }

    private static void change(RaftLog log, List<Entry> model, long term, RandomSource random) {
        int what = random.nextInt(10);
        if (what < 7) {
            Entry entry = entry(term, log.lastIndex() + 1);
            log.append(entry);
            model.add(entry);
        } else if (what < 8 && log.lastIndex() > log.commit()) {
            long from = random.between(log.commit() + 1, log.lastIndex());
            log.truncate(from);
            model.removeIf(entry -> entry.index() >= from);
        } else if (what < 9) {
            log.takeUnwritten();
            log.written(new Durable(1, term, log.lastIndex(), log.lastTerm()));
            log.commit(random.between(log.commit(), log.lastIndex()));
            List<Entry> committed = log.takeCommitted(Long.MAX_VALUE);
            log.applied(log.applied() + committed.size());
        } else {
            long index = random.between(log.snapshotIndex(), log.applied());
            log.compact(index);
            model.removeIf(entry -> entry.index() <= index);
        }
    }

    private static void compare(RaftLog log, List<Entry> model) {
        assertThat(log.lastIndex() - log.snapshotIndex()).isEqualTo(model.size());
        long bytes = 0;
        for (Entry entry : model) {
            assertThat(log.entryAt(entry.index())).isSameAs(entry);
            assertThat(log.matches(entry.index(), entry.term())).isTrue();
            bytes += entry.sizeBytes();
        }
        assertThat(log.bytes()).isEqualTo(bytes);
        if (!model.isEmpty()) {
            assertThat(log.lastTerm()).isEqualTo(model.get(model.size() - 1).term());
        }
    }
}
