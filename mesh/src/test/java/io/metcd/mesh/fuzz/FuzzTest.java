package io.metcd.mesh.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import io.metcd.base.Bytes;
import io.metcd.base.RandomSource;
import java.io.IOException;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.function.ThrowingConsumer;

/**
 * What is sent by anybody is read or refused, costs no more memory than it has bytes, four times over, and a fixed cost
 * for each thing in it, and breaks no law.
 * The corpus, most of which {@link Fuzz} has found, is replayed in every build, with a few inputs that are new.
 */
class FuzzTest {
    private static final int HANDSHAKES_AND_FRAMES = 500;
    private static final int TRIED_IN_EVERY_BUILD = 1_000;

    private static Stream<DynamicTest> ofEach(ThrowingConsumer<Target> test) {
        return DynamicTest.stream(Target.all().stream(), (Function<Target, String>) Target::name, test);
    }

    @TestFactory
    Stream<DynamicTest> genuineInputsAreRead() {
        return ofEach(target -> {
            for (Bytes input : target.genuine()) {
                assertThat(Trial.PLAIN.of(target, input)).as(input.toHex()).doesNotStartWith("refused: truncated");
            }
        });
    }

    @TestFactory
    Stream<DynamicTest> everyCaseOfTheCorpusIsReadOrRefusedAtLittleCost() {
        return ofEach(target -> {
            assertThat(Corpus.of(target)).isNotEmpty();
            Corpus.of(target).forEach(input -> Trial.PLAIN.of(target, input));
        });
    }

    @TestFactory
    Stream<DynamicTest> newInputsAreReadOrRefused() {
        return ofEach(target -> {
            Mutator mutator = new Mutator(RandomSource.seeded(1), target.genuine());
            for (int i = 0; i < TRIED_IN_EVERY_BUILD; i++) {
                Trial.PLAIN.of(target, mutator.next());
            }
        });
    }

    @Test
    void corpusHasFiveHundredHandshakesAndFrames() throws IOException {
        int cases = 0;
        for (Target target : Target.all()) {
            if (target instanceof HandshakeTarget || target instanceof FrameTarget) {
                cases += Corpus.of(target).size();
            }
        }

        assertThat(cases).isGreaterThanOrEqualTo(HANDSHAKES_AND_FRAMES);
    }
}
