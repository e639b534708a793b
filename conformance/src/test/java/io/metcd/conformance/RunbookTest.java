package io.metcd.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class RunbookTest {
    private static final List<String> PAGE = List.of(
            "# Page", "## Start", "text", "```sh executed", "one", "two", "```", "## Read", "```sh", "never", "```");

    @Test
    void onlyBlocksMarkedAsExecutedAreRunInTheirOrder() {
        String script = Runbook.script(PAGE, new ArrayList<>());

        assertThat(script).isEqualTo("set -euo pipefail\necho '--- line 4'\none\ntwo\n");
    }

    @Test
    void headingsOfWhatWasRunAreReported() {
        List<String> headings = new ArrayList<>();

        Runbook.script(PAGE, headings);

        assertThat(headings).containsExactly("Start");
    }
}
