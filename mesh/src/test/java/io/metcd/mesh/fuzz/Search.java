package io.metcd.mesh.fuzz;

import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What Jazzer's log says of one search.
 *
 * @param inputs tried
 * @param reached places of the code
 * @param telling inputs of which each reaches something that the others do not
 * @param words the end of the log, where the search failed
 */
record Search(String target, long inputs, int reached, int telling, List<String> words) {
    private static final Pattern STATUS = Pattern.compile("#(\\d+)\\s+\\w+\\s+cov: (\\d+) ft: \\d+ corp: (\\d+)/.*");
    private static final int WORDS_MAX = 60;

    /** Reads a log; a search that has tried nothing has failed, too. */
    static Search of(String target, boolean succeeded, List<String> log) {
        long inputs = 0;
        int reached = 0;
        int corpus = 0;
        for (String line : log) {
            Matcher status = STATUS.matcher(line);
            if (status.matches()) {
                inputs = Long.parseLong(status.group(1));
                reached = Integer.parseInt(status.group(2));
                corpus = Integer.parseInt(status.group(3));
            }
        }
        boolean good = succeeded && inputs > 0;
        List<String> words = log.stream()
                .filter(line -> !line.startsWith("#") && !line.startsWith("INFO: "))
                .toList();
        return new Search(target, inputs, reached, corpus, good ? List.of() : lastOf(words));
    }

    private static List<String> lastOf(List<String> lines) {
        return List.copyOf(lines.subList(Math.max(0, lines.size() - WORDS_MAX), lines.size()));
    }

    boolean failed() {
        return !words.isEmpty();
    }

    /** A line for the terminal; where it failed, what Jazzer said of it. */
    @Override
    public String toString() {
        String line = String.format(
                Locale.ROOT,
                "  %-28s %,12d inputs, %,6d places, %,5d telling inputs",
                target,
                inputs,
                reached,
                telling);
        return failed() ? line + System.lineSeparator() + String.join(System.lineSeparator(), words) : line;
    }
}
