package io.metcd.conformance;

import java.util.ArrayList;
import java.util.List;

/**
 * What a client was seen to do.
 *
 * @param version as the client tells it
 * @param rows what holds, in words that several clients share
 */
record Findings(String client, String version, List<String> rows) {
    Findings {
        rows = List.copyOf(rows);
    }

    /** The same as lines of a report. */
    List<String> lines() {
        List<String> lines = new ArrayList<>();
        lines.add(client + " " + version);
        rows.forEach(row -> lines.add(String.format("  %-38s  ok", row)));
        return lines;
    }
}
