package io.metcd.mesh;

import static org.assertj.core.api.Assertions.assertThat;

import io.metcd.base.Bytes;
import io.metcd.mesh.wire.sealing.SealingKey;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class SealingTest {
    private static final Bytes TEXT = Bytes.utf8("text");

    /** Everybody shares one secret here: directions alone make the keys differ. */
    private static Sealing of(Sealing.End self, int kept) {
        return new Sealing("cluster", self.id(), kept, other -> Optional.of(Bytes.utf8("secret")));
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

        assertThat(opening.open(source, Priority.BULK, sealed)).isEmpty();
        assertThat(of(end(2, 1), 8).open(source, Priority.DATA, sealed)).isEmpty();
        assertThat(opening.open(end(3, 1), Priority.DATA, sealed)).isEmpty();
        assertThat(opening.open(source, Priority.DATA, sealed)).contains(TEXT);
        assertThat(opening.open(source, Priority.DATA, sealed)).isEmpty();
    }

    @Test
    void textOfPastLifeDoesNotOpen() {
        Sealing.End destination = end(1, 1);
        Bytes old = sealed(of(end(0, 1), 8), destination);

        assertThat(of(destination, 8).open(end(0, 2), Priority.DATA, old)).isEmpty();
    }
}
