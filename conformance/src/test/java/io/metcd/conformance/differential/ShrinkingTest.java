package io.metcd.conformance.differential;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class ShrinkingTest {
    private static final List<String> LONG = List.of(
            "Put key:\"a\" value:\"x\"",
            "Range key:\"a\"",
            "Put key:\"b c\" value:\"}\" prev_kv:true",
            "Compact revision:now",
            "settle",
            "Txn compare{key:\"a\" result:1} success{put{key:\"a\" value:\"y\"}} failure{range{key:\"a\"}}");

    private static Optional<Comparison.Finding> fails(List<String> sequence) {
        boolean fails = sequence.stream().anyMatch(line -> line.startsWith("Put") && line.contains("key:\"b c\""))
                && sequence.stream().anyMatch(line -> line.startsWith("Txn") && line.contains("value:\"y\""));
        return fails
                ? Optional.of(new Comparison.Finding(0, "Txn", "OK succeeded:1", "NOT_FOUND: it"))
                : Optional.empty();
    }

    @Test
    void onlyWhatIsNeededIsLeft() {
        Shrinking.Shrunk shrunk = Shrinking.shrink(LONG, ShrinkingTest::fails).orElseThrow();

        assertThat(shrunk.sequence()).containsExactly("Put key:\"b c\"", "Txn success{put{value:\"y\"}}");
        assertThat(shrunk.finding().etcd()).isEqualTo("NOT_FOUND: it");
    }

    @Test
    void headersAreDroppedAndTheNamesOfTokensAreLeft() {
        List<String> byAlice = List.of("Put @token=\\{token1} @hasleader=true key:\"a\" value:\"x\"");

        Shrinking.Shrunk shrunk = Shrinking.shrink(
                        byAlice,
                        sequence -> sequence.size() == 1 && sequence.get(0).contains("@token=\\{token1}")
                                ? Optional.of(new Comparison.Finding(0, "Put", "OK", "PERMISSION_DENIED: no"))
                                : Optional.empty())
                .orElseThrow();

        assertThat(shrunk.sequence()).containsExactly("Put @token=\\{token1}");
    }

    @Test
    void anotherFailureOnTheWayIsNotFollowed() {
        Optional<Shrinking.Shrunk> shrunk = Shrinking.shrink(
                LONG,
                sequence -> sequence.equals(LONG)
                        ? fails(sequence)
                        : Optional.of(new Comparison.Finding(0, "Txn", "OK", "UNAVAILABLE: other")));

        assertThat(shrunk.orElseThrow().sequence()).isEqualTo(LONG);
    }

    @Test
    void whatDoesNotFailAgainIsNotShrunk() {
        AtomicInteger plays = new AtomicInteger();

        assertThat(Shrinking.shrink(LONG, sequence -> {
                    plays.incrementAndGet();
                    return Optional.empty();
                }))
                .isEmpty();
        assertThat(plays).hasValue(1);
    }
}
