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
    private static final int COST_FACTOR = 4;
    /** What hashes, refusals and the first entry of a map cost, whatever the input. */
    private static final int FIXED_COST = 8 << 10;

    private static final long SECOND = 1_000_000_000L;
    private static final ThreadMXBean MEMORY = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    private static List<Target> targets() {
        return List.of(
                new FrameTarget(),
                HandshakeTarget.betweenKeys(),
                HandshakeTarget.betweenCertificates(),
                new RecordTarget());
    }

    @TestFactory
    Stream<DynamicTest> genuineInputsAreRead() {
        return targets().stream()
                .map(target -> DynamicTest.dynamicTest(target.name(), () -> {
                    for (Bytes input : target.genuine()) {
                        assertThat(outcome(target, input)).as(input.toHex()).doesNotStartWith("refused: truncated");
                    }
                }));
    }

    @TestFactory
    Stream<DynamicTest> everyCaseOfTheCorpusIsReadOrRefusedAtLittleCost() {
        return targets().stream()
                .map(target -> DynamicTest.dynamicTest(target.name(), () -> {
                    List<Bytes> corpus = corpus(target);
                    assertThat(corpus).hasSizeGreaterThanOrEqualTo(CASES);
                    corpus.forEach(input -> outcome(target, input));

                    for (Bytes input : corpus) {
                        long cost = cost(target, input);
                        assertThat(cost).as(input.toHex()).isLessThanOrEqualTo(COST_FACTOR * input.size() + FIXED_COST);
                    }
                }));
    }

    @TestFactory
    Stream<DynamicTest> newInputsAreReadOrRefused() {
        long seconds = Long.getLong("fuzz.seconds", 0);
        return targets().stream()
                .map(target -> DynamicTest.dynamicTest(target.name(), () -> {
                    long seed = seconds == 0 ? 1 : Clock.system().nanos();
                    Mutator mutator = new Mutator(RandomSource.seeded(seed), target.genuine());
                    long end = Clock.system().nanos()
                            + seconds * SECOND / targets().size();
                    for (int i = 0; i < TRIED_IN_EVERY_BUILD || Clock.system().nanos() < end; i++) {
                        outcome(target, mutator.next());
                    }
                }));
    }

    /** Fails with the input when it is neither read nor refused. */
    private static String outcome(Target target, Bytes input) {
        try {
            return target.reading(input).get();
        } catch (Malformed refused) {
            return "refused: " + refused.getMessage();
        } catch (RuntimeException | Error fault) {
            throw new AssertionError(target.name() + ": add to the corpus: " + input.toHex(), fault);
        }
    }

    private static long cost(Target target, Bytes input) {
        Supplier<String> reading = target.reading(input);
        long before = MEMORY.getCurrentThreadAllocatedBytes();
        try {
            String unused = reading.get();
        } catch (Malformed refused) {
            // As it may be; what it costs is asked here.
        }
        return MEMORY.getCurrentThreadAllocatedBytes() - before;
    }

    private static List<Bytes> corpus(Target target) throws IOException {
        Path file = Path.of("src", "test", "resources", "fuzz", target.name() + ".hex");
        if (Boolean.getBoolean("rewrite")) {
            Files.createDirectories(file.getParent());
            Files.write(file, collected(target).stream().map(Bytes::toHex).toList());
        }
        return Files.readAllLines(file).stream()
                .map(line -> Bytes.wrap(HexFormat.of().parseHex(line)))
                .toList();
    }

    /** One input of each outcome, then as many as are wanted. */
    private static List<Bytes> collected(Target target) {
        Mutator mutator = new Mutator(RandomSource.seeded(7), target.genuine());
        Set<String> outcomes = new TreeSet<>();
        Set<Bytes> telling = new TreeSet<>(target.genuine());
        Set<Bytes> others = new LinkedHashSet<>();
        for (int i = 0; i < TRIED_FOR_THE_CORPUS; i++) {
            Bytes input = mutator.next();
            boolean news = outcomes.add(outcome(target, input).replaceAll("[0-9]+", "N"));
            if (input.size() > 0 && input.size() <= 400) {
                (news && telling.size() < CASES ? telling : others).add(input);
            }
        }
        List<Bytes> corpus = new ArrayList<>(telling);
        others.stream().limit(Math.max(0, CASES - corpus.size())).forEach(corpus::add);
        return corpus;
    }
}
