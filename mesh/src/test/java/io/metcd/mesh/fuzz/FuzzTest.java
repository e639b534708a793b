package io.metcd.mesh.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.metcd.base.ByteReader.Malformed;
import io.metcd.base.Bytes;
import io.metcd.base.Clock;
import io.metcd.base.RandomSource;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * What is sent by anybody is read or refused, and costs no more memory than it has bytes, four times over. The corpus
 * is replayed in every build; {@code -Dfuzz.seconds=N} tries new inputs for so long, {@code -Drewrite=true} collects
 * the corpus anew.
 */
class FuzzTest {
    private static final int CASES = 250;
    private static final int TRIED_IN_EVERY_BUILD = 2_000;
    private static final int TRIED_FOR_THE_CORPUS = 50_000;

    @TestFactory
    Stream<DynamicTest> genuineInputsAreRead() {
        return Target.all().stream()
                .map(target -> DynamicTest.dynamicTest(target.name(), () -> {
                    for (Bytes input : target.genuine()) {
                        assertThat(Trial.PLAIN.of(target, input)).as(input.toHex()).doesNotStartWith("refused: truncated");
                    }
                }));
    }

    @TestFactory
    Stream<DynamicTest> everyCaseOfTheCorpusIsReadOrRefusedAtLittleCost() {
        return Target.all().stream()
                .map(target -> DynamicTest.dynamicTest(target.name(), () -> {
                    if (Boolean.getBoolean("rewrite")) {
                        Corpus.write(target, collected(target));
                    }

                    List<Bytes> corpus = Corpus.of(target);

                    assertThat(corpus).hasSizeGreaterThanOrEqualTo(CASES);
                    corpus.forEach(input -> Trial.PLAIN.of(target, input));
                }));
    }

    @TestFactory
    Stream<DynamicTest> newInputsAreReadOrRefused() {
        return Target.all().stream()
                .map(target -> DynamicTest.dynamicTest(target.name(), () -> {
                    Mutator mutator = new Mutator(RandomSource.seeded(1), target.genuine());
                    for (int i = 0; i < TRIED_IN_EVERY_BUILD; i++) {
                        Trial.PLAIN.of(target, mutator.next());
                    }
                }));
    }

    /** One input of each outcome, then as many as are wanted. */
    private static List<Bytes> collected(Target target) {
        Mutator mutator = new Mutator(RandomSource.seeded(7), target.genuine());
        Set<String> outcomes = new TreeSet<>();
        Set<Bytes> telling = new TreeSet<>(target.genuine());
        Set<Bytes> others = new LinkedHashSet<>();
        for (int i = 0; i < TRIED_FOR_THE_CORPUS; i++) {
            Bytes input = mutator.next();
            boolean news = outcomes.add(Trial.PLAIN.of(target, input).replaceAll("[0-9]+", "N"));
            if (input.size() > 0 && input.size() <= 400) {
                (news && telling.size() < CASES ? telling : others).add(input);
            }
        }
        List<Bytes> corpus = new ArrayList<>(telling);
        others.stream().limit(Math.max(0, CASES - corpus.size())).forEach(corpus::add);
        return corpus;
    }
}
