package io.metcd.simulator.lab;

import static org.assertj.core.api.Assertions.assertThat;

import io.metcd.simulator.lab.Row.Played;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * Every row once, with one seed; {@code ./dev mesh-lab --simulated --seeds N} plays them with more. A crowd has a test of
 * its own, which is smaller: {@code CrowdTest}.
 */
class LabTest {
    private static final long SEED = 1;

    @TestFactory
    Stream<DynamicTest> everyRowHolds() {
        return Rows.all().stream()
                .filter(row -> !row.name().equals("crowd"))
                .map(row -> DynamicTest.dynamicTest(row.name(), () -> {
                    Played played = row.run(SEED);

                    assertThat(played.failure()).as(played.command()).isEmpty();
                }));
    }

    @Test
    void rowIsWhatItsSeedMakesOfIt() {
        Row row = Rows.all().stream()
                .filter(each -> each.name().equals("switch-failure"))
                .findFirst()
                .orElseThrow();

        assertThat(row.run(SEED)).isEqualTo(row.run(SEED));
    }

    @Test
    void brokenLimitFailsARowThatSaysHowToRepeatIt() {
        Row row = new Row("too-late", "E0", "a limit that cannot hold", script -> {
            script.figures().say("seen", 3);
            script.figures().atMost("elections", 0, 1);
        });

        Played played = row.run(7);

        assertThat(played.held()).isFalse();
        assertThat(played.figures()).isEqualTo("seen=3 elections=1");
        assertThat(played.failure()).hasValue("elections=1, at most 0");
        assertThat(played.command()).isEqualTo("./dev mesh-lab too-late --simulated --seed 7");
    }

    @Test
    void faultThatTheViewsDoNotTellFailsARow() {
        Row row = new Row("untold", "E0", "nobody tells of it", script -> {
            Stage stage = script.stage(Layout.of("a", "b", "c").full("a", "b", "c"));
            stage.diagnosis(false, "the fault", List.of());
        });

        assertThat(row.run(SEED).failure()).hasValue("not diagnosed: the fault; seen: []");
    }

    @Test
    void namesAreUnique() {
        assertThat(Rows.all()).extracting(Row::name).isNotEmpty().doesNotHaveDuplicates();
    }
}
