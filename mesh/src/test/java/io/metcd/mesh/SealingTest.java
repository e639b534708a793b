package io.metcd.mesh;

import static org.assertj.core.api.Assertions.assertThat;

import io.metcd.base.Bytes;
import io.metcd.mesh.wire.sealing.SealingKey;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class SealingTest {
    private static final Bytes TEXT = Bytes.utf8("text");
    private static final Sealing.Opening OPENED = new Sealing.Opening.Text(TEXT);
    private static final Sealing.Opening REPEATED = new Sealing.Opening.Repeated();
    private static final Sealing.Opening FORGED = new Sealing.Opening.Forged();

    /** Everybody shares one secret here: directions alone make the keys differ. */
    private static Sealing of(Sealing.End self, int kept) {
        return of(self, new Sealing.Keeping(kept, peer -> true));
    }

    private static Sealing of(Sealing.End self, Sealing.Keeping keeping) {
        return new Sealing("cluster", self.id(), keeping, other -> Optional.of(Bytes.utf8("secret")));
    }

    private static Sealing.End end(int n, long incarnation) {
        Bytes key = Bytes.of(n);
        return new Sealing.End(PeerId.of(key), key, incarnation);
    }

    private static Bytes sealed(Sealing sealing, Sealing.End to) {
        return sealing.seal(to, 1, Priority.DATA, TEXT).orElseThrow();
    }

    @Test
    void counterIsNeverUsedTwiceEvenWhenKeyWasForgotten() {
        Sealing sealing = of(end(0, 1), 1);

        Bytes first = sealed(sealing, end(1, 1));
        sealed(sealing, end(2, 1));
        Bytes again = sealed(sealing, end(1, 1));

        assertThat(SealingKey.counterOf(again)).isGreaterThan(SealingKey.counterOf(first));
    }

    @Test
    void textOpensOnceForItsDestinationInItsClass() {
        Sealing.End source = end(0, 1);
        Sealing.End destination = end(1, 1);
        Bytes sealed = sealed(of(source, 8), destination);
        Sealing opening = of(destination, 8);

        assertThat(opening.open(source, Priority.BULK, sealed)).isEqualTo(FORGED);
        assertThat(of(end(2, 1), 8).open(source, Priority.DATA, sealed)).isEqualTo(FORGED);
        assertThat(opening.open(end(3, 1), Priority.DATA, sealed)).isEqualTo(FORGED);
        assertThat(opening.open(source, Priority.DATA, sealed)).isEqualTo(OPENED);
        assertThat(opening.open(source, Priority.DATA, sealed)).isEqualTo(REPEATED);
    }

    @Test
    void textOfPastLifeDoesNotOpen() {
        Sealing.End destination = end(1, 1);
        Bytes old = sealed(of(end(0, 1), 8), destination);

        assertThat(of(destination, 8).open(end(0, 2), Priority.DATA, old)).isEqualTo(FORGED);
    }

    @Test
    void textOfPastLifeDoesNotOpenEvenWhenItsRecordComesBack() {
        Sealing.End destination = end(1, 1);
        Bytes old = sealed(of(end(0, 1), 8), destination);
        Bytes now = of(end(0, 2), 8).seal(destination, 2, Priority.DATA, TEXT).orElseThrow();
        Sealing opening = of(destination, 8);
        assertThat(opening.open(end(0, 1), Priority.DATA, old)).isEqualTo(OPENED);
        assertThat(opening.open(end(0, 2), Priority.DATA, now)).isEqualTo(OPENED);

        assertThat(opening.open(end(0, 1), Priority.DATA, old)).isEqualTo(FORGED);
    }

    @Test
    void windowsAreForgottenOnlyOfPeersWithoutRecord() {
        Sealing.End destination = end(1, 1);
        Bytes recorded = sealed(of(end(2, 1), 8), destination);
        Sealing opening = of(destination, new Sealing.Keeping(1, end(2, 1).id()::equals));
        assertThat(opening.open(end(2, 1), Priority.DATA, recorded)).isEqualTo(OPENED);

        for (int i = 3; i < 203; i++) {
            Bytes other = sealed(of(end(i, 1), 8), destination);
            assertThat(opening.open(end(i, 1), Priority.DATA, other)).isEqualTo(OPENED);
        }

        assertThat(opening.open(end(2, 1), Priority.DATA, recorded)).isEqualTo(REPEATED);
    }
}
