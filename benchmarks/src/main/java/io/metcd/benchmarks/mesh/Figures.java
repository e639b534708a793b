package io.metcd.benchmarks.mesh;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** What was measured: samples by name, the ratios that are quoted, and which targets were reached. */
final class Figures {
    private final Map<String, List<Double>> samples = new TreeMap<>();
    private final StringBuilder ratios = new StringBuilder("RATIOS");
    private final List<String> missed = new ArrayList<>();
    private final PrintStream out;

    Figures(PrintStream out) {
        this.out = out;
    }

    void say(String format, Object... values) {
        out.println(String.format(Locale.ROOT, format, values));
    }

    void sample(String name, double value) {
        samples.computeIfAbsent(name, any -> new ArrayList<>()).add(value);
    }

    /** Of the samples of this name; NaN when there are none. */
    double median(String name) {
        return at(
                samples.getOrDefault(name, List.of()).stream()
                        .mapToDouble(Double::doubleValue)
                        .sorted()
                        .toArray(),
                0.5);
    }

    /** A figure of the last line. */
    void ratio(String name, double value) {
        ratios.append(String.format(Locale.ROOT, " %s=%.2f", name, value));
    }

    void atLeast(double goal, double value, String what) {
        target(value >= goal, value, "at least " + number(goal), what);
    }

    void atMost(double goal, double value, String what) {
        target(value <= goal, value, "at most " + number(goal), what);
    }

    /** The missed targets, then the ratios. */
    void close() {
        missed.forEach(miss -> say("not reached: %s", miss));
        out.println(ratios);
    }

    private void target(boolean reached, double value, String goal, String what) {
        String text = String.format(Locale.ROOT, "%s: %s, wanted %s", what, number(value), goal);
        if (reached) {
            say("reached: %s", text);
        } else {
            missed.add(text);
        }
    }

    private static String number(double value) {
        return String.format(Locale.ROOT, value < 100 ? "%.2f" : "%.0f", value);
    }

    /** The value below which a part of the sorted ones lies; NaN when there are none. */
    static double at(double[] sorted, double part) {
        return sorted.length == 0 ? Double.NaN : sorted[(int) Math.min(sorted.length - 1, sorted.length * part)];
    }
}
