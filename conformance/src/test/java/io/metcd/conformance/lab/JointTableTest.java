package io.metcd.conformance.lab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

final class JointTableTest {
    private static final Outcome SIMULATED = Outcome.read("two-relays\tE5\theld\telections=0");
    private static final Outcome REAL = new Outcome("two-relays", "E5", true, "failed writes=0");

    @Test
    void aScenarioThatWasPlayedBothWaysIsOneLine() {
        JointTable table = new JointTable(List.of(Outcome.read("shuffle\tE13\theld\t-"), SIMULATED), List.of(REAL));

        assertThat(table.holds()).isTrue();
        assertThat(table.lines()).hasSize(4);
        assertThat(table.lines().get(1))
                .matches("two-relays +E5 +held +held +simulated: elections=0 \\| real: failed writes=0");
        assertThat(table.lines().get(2)).matches("shuffle +E13 +held +- +simulated: -");
        assertThat(table.lines().get(3)).isEqualTo("mesh-lab: 2 scenarios hold, 2 of all simulated, 1 real");
    }

    @Test
    void aScenarioThatFailedOneWayIsNamedAtTheEnd() {
        Outcome failed = new Outcome("two-relays", "E5", false, "elections=1 (limit 0)");

        JointTable table = new JointTable(List.of(SIMULATED), List.of(failed));

        assertThat(table.holds()).isFalse();
        assertThat(table.lines().get(2))
                .isEqualTo("mesh-lab: 0 scenarios hold, 1 of all simulated, 1 real; FAILED: two-relays");
    }

    @Test
    void nothingPlayedHoldsNothing() {
        assertThat(new JointTable(List.of(), List.of()).holds()).isFalse();
    }

    @Test
    void aLineThatIsNoOutcomeIsRefused() {
        assertThatThrownBy(() -> Outcome.read("two-relays\tE5\tperhaps\tnothing"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("held or failed");
    }
}
