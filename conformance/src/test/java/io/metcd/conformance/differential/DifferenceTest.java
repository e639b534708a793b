package io.metcd.conformance.differential;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class DifferenceTest {
    private static final Path PAGE = Path.of("..", "docs", "differences.md");

    /** {@code -Drewrite=true} writes the page from the code. */
    @Test
    void thePageListsWhatTheRunAcceptsAndNothingElse() throws IOException {
        if (Boolean.getBoolean("rewrite")) {
            Files.write(PAGE, Difference.page());
        }

        assertThat(Files.readAllLines(PAGE)).isEqualTo(Difference.page());
    }

    @Test
    void eachAcceptedDifferenceHasItsReason() {
        assertThat(Difference.ALL).extracting(Difference::name).doesNotHaveDuplicates();
        assertThat(Difference.ALL)
                .allSatisfy(difference ->
                        assertThat(difference.reason()).hasSizeGreaterThan(40).endsWith("."));
    }

    @Test
    void anotherTextOfTheSameCodeIsNotExplained() {
        Line put = Line.parse("Put key:\"a\"");

        assertThat(Difference.of(put, "INTERNAL: grpc: error unmarshalling request: x", "INTERNAL: y"))
                .isEmpty();
        assertThat(Difference.of(put, "DEADLINE_EXCEEDED: context deadline exceeded", "RESET 8"))
                .isEmpty();
        assertThat(Difference.of(put, "HTTP 404 text/plain", "UNKNOWN: x (HTTP 415)"))
                .isEmpty();
    }
}
