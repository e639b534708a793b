package io.metcd.mesh.wire.sealing;

import static org.assertj.core.api.Assertions.assertThat;

import io.metcd.base.Bytes;
import io.metcd.base.RandomSource;
import io.metcd.mesh.PeerId;
import io.metcd.mesh.wire.sealing.SealingKey.Direction;
import java.util.HexFormat;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class SealingTest {
    private static final Bytes SECRET = Bytes.utf8("the shared secret of two peers..");
    private static final Bytes HEADER = Bytes.utf8("a to c, class 1");
    private static final Bytes TEXT = Bytes.utf8("append entries");
    private static final PeerId A = PeerId.of(Bytes.utf8("a"));
    private static final PeerId C = PeerId.of(Bytes.utf8("c"));

    private final SealingKey atSource = SealingKey.derive(SECRET, new Direction("cluster", A, 1, C));
    private final SealingKey atDestination = SealingKey.derive(SECRET, new Direction("cluster", A, 1, C));

    @Test
    void theDestinationReadsWhatTheSourceSealed() {
        Bytes sealed = atSource.seal(HEADER, TEXT);

        assertThat(sealed.size()).isEqualTo(TEXT.size() + SealingKey.OVERHEAD);
        assertThat(sealed.toUtf8()).doesNotContain("append");
        assertThat(atDestination.open(HEADER, sealed)).contains(TEXT);
        assertThat(atDestination.open(Bytes.EMPTY, atSource.seal(Bytes.EMPTY, Bytes.EMPTY)))
                .contains(Bytes.EMPTY);
    }

    @Test
    void everyFlippedBitAndEveryCutIsRefused() {
        Bytes sealed = atSource.seal(HEADER, TEXT);

        for (int bit = 0; bit < sealed.size() * 8; bit++) {
            byte[] changed = sealed.toArray();
            changed[bit / 8] ^= (byte) (1 << (bit % 8));
            assertThat(atDestination.open(HEADER, Bytes.wrap(changed))).isEmpty();
        }
        for (int size = 0; size < sealed.size(); size++) {
            assertThat(atDestination.open(HEADER, sealed.slice(0, size))).isEmpty();
        }
    }

    @Test
    void anotherHeaderDirectionLifeOrClusterIsRefused() {
        Bytes sealed = atSource.seal(HEADER, TEXT);

        assertThat(atDestination.open(Bytes.utf8("a to c, class 2"), sealed)).isEmpty();
        assertThat(SealingKey.derive(SECRET, new Direction("cluster", C, 1, A)).open(HEADER, sealed))
                .isEmpty();
        assertThat(SealingKey.derive(SECRET, new Direction("cluster", A, 2, C)).open(HEADER, sealed))
                .isEmpty();
        assertThat(SealingKey.derive(SECRET, new Direction("other", A, 1, C)).open(HEADER, sealed))
                .isEmpty();
        assertThat(SealingKey.derive(Bytes.utf8("other"), new Direction("cluster", A, 1, C))
                        .open(HEADER, sealed))
                .isEmpty();
    }

    @Test
    void noCounterIsUsedTwice() {
        TreeSet<Long> counters = new TreeSet<>();

        for (int i = 0; i < 1_000; i++) {
            assertThat(counters.add(SealingKey.counterOf(atSource.seal(HEADER, TEXT))))
                    .isTrue();
        }
    }

    /** RFC 5869, appendix A.1 and A.3: the first 32 bytes of the output. */
    @Test
    void keysAreDerivedAsTheRfcSays() {
        Bytes secret = hex("0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b");

        assertThat(Hkdf.derive(hex("000102030405060708090a0b0c"), secret, hex("f0f1f2f3f4f5f6f7f8f9")))
                .isEqualTo(hex("3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf"));
        assertThat(Hkdf.derive(Bytes.EMPTY, secret, Bytes.EMPTY))
                .isEqualTo(hex("8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d"));
    }

    @Test
    void eachCounterIsTakenOnceInAnyOrderAndNoneFromBeforeTheWindow() {
        ReplayWindow window = new ReplayWindow();
        RandomSource random = RandomSource.seeded(5);
        TreeSet<Long> model = new TreeSet<>();
        long base = 1;
        for (int i = 0; i < 200_000; i++) {
            base += random.chance(0.001) ? random.nextInt(3 * ReplayWindow.SIZE) : random.nextInt(3);
            long counter = Math.max(0, base - random.nextInt(ReplayWindow.SIZE + 100));
            long highest = model.isEmpty() ? 0 : model.last();
            boolean expected = counter > 0 && counter > highest - ReplayWindow.SIZE && model.add(counter);
            assertThat(window.take(counter))
                    .as("counter %d behind %d", counter, highest)
                    .isEqualTo(expected);
        }
    }

    @Test
    void memberThatCountsToTheEndIsHeardOnceAndBreaksNothing() {
        ReplayWindow window = new ReplayWindow();

        assertThat(window.take(7)).isTrue();
        assertThat(window.take(Long.MAX_VALUE)).isTrue();
        assertThat(window.take(Long.MAX_VALUE)).isFalse();
        assertThat(window.take(Long.MAX_VALUE - ReplayWindow.SIZE + 1)).isTrue();
        assertThat(window.take(Long.MAX_VALUE - ReplayWindow.SIZE)).isFalse();
    }

    private static Bytes hex(String text) {
        return Bytes.wrap(HexFormat.of().parseHex(text));
    }
}
