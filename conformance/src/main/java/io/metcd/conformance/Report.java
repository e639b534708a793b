package io.metcd.conformance;

import java.util.List;

/**
 * What a part of conformance found.
 *
 * @param lines each says what holds
 * @param findings what clients were seen to do, for the page of compatibility
 */
record Report(List<String> lines, List<Findings> findings) {
    Report {
        lines = List.copyOf(lines);
        findings = List.copyOf(findings);
    }

    static Report of(List<String> lines) {
        return new Report(lines, List.of());
    }

    static Report made(List<Findings> findings) {
        return new Report(findings.stream().flatMap(one -> one.lines().stream()).toList(), findings);
    }
}
