package io.metcd.conformance;

import java.util.ArrayList;
import java.util.List;

/**
 * What a client was seen to do.
 *
 * @param version as the client tells it
 * @param members through which it did each of it
 * @param rows what holds, in words that several clients share
 */
record Findings(String client, String version, List<String> members, List<String> rows) {
    private static final String LINE = "%-38s  %s";

    Findings {
        members = List.copyOf(members);
        rows = List.copyOf(rows);
    }

    /** The same as lines of a report, a column a member. */
    List<String> lines() {
        List<String> lines = new ArrayList<>();
        lines.add(LINE.formatted(client + " " + version, String.join("     ", members)));
        rows.forEach(row ->
                lines.add(LINE.formatted(row, "ok    ".repeat(members.size())).stripTrailing()));
        return lines;
    }
}
