package io.metcd.conformance.differential;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;

/**
 * The sequences that were once answered differently, shrunk, in one file: a line is a request, an empty line ends a sequence,
 * and what begins with {@code #} tells why it was kept.
 */
final class Corpus {
    private final Path file;

    Corpus(Path file) {
        this.file = file;
    }

    /** All that were kept, in order; none without a file. */
    List<List<String>> sequences() {
        return Files.exists(file) ? split(lines(file)) : List.of();
    }

    /** The requests of a file that holds one sequence. */
    static List<String> sequence(Path one) {
        return split(lines(one)).stream().flatMap(List::stream).toList();
    }

    /** Adds a sequence, unless it is there already. */
    void keep(List<String> sequence, Comparison.Finding finding) {
        if (sequences().contains(sequence)) {
            return;
        }
        List<String> lines = new ArrayList<>();
        lines.add("");
        for (String line : finding.toString().split("\n", -1)) {
            lines.add("# " + (line.length() > 300 ? line.substring(0, 300) + "…" : line));
        }
        lines.addAll(sequence);
        try {
            Files.createDirectories(file.toAbsolutePath().getParent());
            Files.write(file, lines, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<String> lines(Path file) {
        try {
            return Files.readAllLines(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<List<String>> split(List<String> lines) {
        List<List<String>> sequences = new ArrayList<>();
        List<String> sequence = new ArrayList<>();
        for (String line : lines) {
            if (line.isBlank() && !sequence.isEmpty()) {
                sequences.add(sequence);
                sequence = new ArrayList<>();
            } else if (!line.isBlank() && !line.startsWith("#")) {
                sequence.add(line);
            }
        }
        if (!sequence.isEmpty()) {
            sequences.add(sequence);
        }
        return sequences;
    }
}
