package io.metcd.conformance.lab;

/**
 * How a scenario went, simulated or real.
 *
 * @param number its place in the table: a letter and a number
 * @param figures in words; of a scenario that failed, also why
 */
record Outcome(String name, String number, boolean held, String figures) {
    private static final int FIELDS = 4;

    /** From a line of a table: name, number, {@code held} or {@code failed}, figures, divided by tabs. */
    static Outcome read(String line) {
        String[] fields = line.split("\t", FIELDS);
        if (fields.length != FIELDS || !(fields[2].equals("held") || fields[2].equals("failed"))) {
            throw new IllegalArgumentException(
                    "not NAME, NUMBER, held or failed, FIGURES with tabs between them: '" + line + "'");
        }
        return new Outcome(fields[0], fields[1], fields[2].equals("held"), fields[3]);
    }

    String word() {
        return held ? "held" : "FAILED";
    }
}
