package io.metcd.spec;

import java.util.List;
import java.util.Optional;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/**
 * What TLC says.
 *
 * @param refuted the property that does not hold
 * @param complete every state was looked at, and no error was found
 * @param output all that was printed
 */
record Verdict(Optional<String> refuted, boolean complete, long generated, long distinct, String time, String output) {
    private static final Pattern REFUTED = Pattern.compile("Error: (?:Invariant|Action property) (\\w+) is violated");
    private static final Pattern COUNTS =
            Pattern.compile("(\\d+) states generated, (\\d+) distinct states found, (\\d+) states left on queue");
    private static final Pattern TIME = Pattern.compile("Finished in (.*?) at");

    static Verdict of(String output) {
        MatchResult none =
                Pattern.compile("()").matcher("").results().findFirst().orElseThrow();
        List<MatchResult> counts = COUNTS.matcher(output).results().toList();
        MatchResult last = counts.isEmpty() ? none : counts.get(counts.size() - 1);
        boolean clean = output.contains("No error has been found");
        return new Verdict(
                REFUTED.matcher(output).results().findFirst().map(found -> found.group(1)),
                clean && !counts.isEmpty() && last.group(3).equals("0"),
                counts.isEmpty() ? 0 : Long.parseLong(last.group(1)),
                counts.isEmpty() ? 0 : Long.parseLong(last.group(2)),
                TIME.matcher(output)
                        .results()
                        .findFirst()
                        .map(found -> found.group(1))
                        .orElse("no time"),
                output);
    }

    @Override
    public String toString() {
        return (complete ? "holds" : refuted.map(name -> "refutes " + name).orElse("is in error:\n" + output)) + ", "
                + distinct + " distinct states of " + generated + " in " + time;
    }
}
