package io.metcd.simulator.lab;

import static org.assertj.core.api.Assertions.assertThat;

import io.metcd.simulator.lab.Row.Played;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the lab makes of its rows; all of them are played by {@code ./dev mesh-lab --simulated}, for some minutes. */
class LabTest {
    private static final long SEED = 1;

    @ParameterizedTest
    @ValueSource(strings = {"line-of-five", "through-one", "deaf-link", "two-relays"})
    void rowHolds(String name) {
        Played played = row(name).run(SEED);

        assertThat(played.failure()).as(played.command()).isEmpty();
    }

    private static Row row(String name) {
        return Rows.all().stream()
                .filter(each -> each.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void rowIsWhatItsSeedMakesOfIt() {
        Row row = row("switch-failure");

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
