package io.metcd.store.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.metcd.base.ByteReader;
import io.metcd.base.ByteReader.Malformed;
import io.metcd.base.ByteWriter;
import io.metcd.base.Bytes;
import io.metcd.store.session.Session.Verdict;
import io.metcd.testkit.Property;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class SessionTest {
    private static final int WINDOW = 4096;

    private static Session after(long... sequences) {
        Session session = Session.NEW;
        for (long sequence : sequences) {
            session = session.with(1, sequence, WINDOW);
        }
        return session;
    }

    @Test
    void aProposalIsFreshOnce() {
        Session session = after(1, 2, 4);

        assertThat(session.verdict(1, 1)).isEqualTo(Verdict.DUPLICATE);
        assertThat(session.verdict(1, 2)).isEqualTo(Verdict.DUPLICATE);
        assertThat(session.verdict(1, 3)).isEqualTo(Verdict.FRESH);
        assertThat(session.verdict(1, 4)).isEqualTo(Verdict.DUPLICATE);
        assertThat(session.verdict(1, 5)).isEqualTo(Verdict.FRESH);
    }

    @Test
    void aNewLifeStartsOverAndEndsTheOldOne() {
        Session session = after(1, 2, 3).with(2, 1, WINDOW);

        assertThat(session.verdict(1, 9)).isEqualTo(Verdict.STALE);
        assertThat(session.verdict(2, 1)).isEqualTo(Verdict.DUPLICATE);
        assertThat(session.verdict(2, 2)).isEqualTo(Verdict.FRESH);
    }

    @Test
    void aLostProposalDoesNotHoldTheWindow() {
        Session session = after(1, 3);

        Session later = session.with(1, 3 + WINDOW, WINDOW);

        assertThat(later.verdict(1, 2)).isEqualTo(Verdict.DUPLICATE);
        assertThat(later.verdict(1, 4)).isEqualTo(Verdict.FRESH);
    }

    @Test
    void aClosedSessionTakesNothingMore() {
        assertThat(Session.CLOSED.verdict(1, 1)).isEqualTo(Verdict.STALE);
        assertThat(Session.CLOSED.verdict(Long.MAX_VALUE, 1)).isNotEqualTo(Verdict.FRESH);
    }

    @Test
    void remembersExactlyWhatWasApplied() {
        Property.check(60, random -> {
            int window = 64 * (1 + random.nextInt(4));
            Session session = Session.NEW;
            TreeSet<Long> applied = new TreeSet<>();
            long newest = 0;
            for (int i = 0; i < 600; i++) {
                long ahead = random.chance(0.02) ? window : 3;
                long sequence = Math.max(1, newest + random.between(-window + 1, ahead));
                Verdict expected =
                        sequence <= newest - window || applied.contains(sequence) ? Verdict.DUPLICATE : Verdict.FRESH;
                assertThat(session.verdict(1, sequence)).isEqualTo(expected);
                if (expected == Verdict.FRESH) {
                    session = session.with(1, sequence, window);
                    applied.add(sequence);
                    newest = Math.max(newest, sequence);
                }
            }
            assertThat(bytes(read(bytes(session), window))).isEqualTo(bytes(session));
        });
    }

    @Test
    void equalMemoriesHaveEqualBytesWhateverTheOrder() {
        assertThat(bytes(after(1, 2, 3, 70))).isEqualTo(bytes(after(70, 3, 2, 1)));
        assertThat(bytes(after(2, 1))).isEqualTo(bytes(after(1, 2)));
        assertThat(bytes(after(65, 64, 63, 1, 2))).isEqualTo(bytes(after(1, 2, 63, 64, 65)));
    }

    @Test
    void anotherFormOfAMemoryIsRefused() {
        Bytes zeroWord = new ByteWriter().u64(1).varint(5).varint(1).u64(0).toBytes();
        Bytes bitBelow = new ByteWriter().u64(1).varint(5).varint(1).u64(1 << 5).toBytes();
        Bytes bitNext = new ByteWriter().u64(1).varint(5).varint(1).u64(1 << 6).toBytes();
        Bytes tooLong = new ByteWriter().u64(1).varint(5).varint(66).toBytes();

        for (Bytes bytes : new Bytes[] {zeroWord, bitBelow, bitNext, tooLong}) {
            assertThatThrownBy(() -> read(bytes, WINDOW)).isInstanceOf(Malformed.class);
        }
    }

    private static Bytes bytes(Session session) {
        ByteWriter out = new ByteWriter();
        session.write(out);
        return out.toBytes();
    }

    private static Session read(Bytes bytes, int window) {
        return Session.read(new ByteReader(bytes), window);
    }
}
