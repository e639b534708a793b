package io.metcd.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

class TranscriptTest {
    private static String calculate(Transcript.Command command) {
        if (command.name().equals("nothing")) {
            return "";
        }
        long other = command.option("by", 0) == 0 ? command.number(1) : command.option("by", 0);
        return Long.toString(command.number(0) + other);
    }

    @TestFactory
    Stream<DynamicTest> aFolderOfStoriesIsPlayed() {
        return Transcript.folder("calculator", () -> TranscriptTest::calculate);
    }

    @Test
    void whatCameOutReplacesWhatWasExpected() {
        String replayed =
                Transcript.replay("# why\nadd 1 2\n----\n4\nfive\n\nadd 1 1\n----\n2\n", TranscriptTest::calculate);

        assertThat(replayed).isEqualTo("# why\nadd 1 2\n----\n3\n\nadd 1 1\n----\n2\n");
    }

    @Test
    void aCommandWithoutARuleIsRefused() {
        assertThatThrownBy(() -> Transcript.replay("add 1 2\n", TranscriptTest::calculate))
                .hasMessageContaining("no ---- after [add 1 2]");
    }

    @Test
    void aFailureNamesItsCommand() {
        assertThatThrownBy(() -> Transcript.replay("add 1\n----\n", TranscriptTest::calculate))
                .hasMessage("at: add 1");
    }
}
