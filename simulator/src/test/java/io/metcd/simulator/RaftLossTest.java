package io.metcd.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class RaftLossTest {
    @Test
    void everyFigureIsWithinATenthOfThePublishedOrBetter() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();

        int exit = RaftLoss.run(1, new PrintStream(bytes, true, StandardCharsets.UTF_8));

        String table = bytes.toString(StandardCharsets.UTF_8);
        assertThat(exit).as(table).isZero();
        assertThat(table.lines())
                .last()
                .asString()
                .startsWith("RATIOS raft_loss_0=")
                .contains(" raft_failover=");
    }
}
