package io.metcd.conformance;

import java.io.PrintStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Supplier;

/**
 * A part of conformance that has been played.
 *
 * @param text its title and report, as they are printed
 * @param report empty where the part does not hold
 */
record Played(String text, boolean holds, Report report) {
    /**
     * Plays parts, several at once, and prints the report of each in their order. A part that fails ends no other:
     * each stops what it has started.
     *
     * @param parts by title; each throws an IllegalStateException that says what does not hold
     */
    static List<Played> all(Map<String, Supplier<Report>> parts, int atOnce, PrintStream out) {
        ExecutorService threads = Executors.newFixedThreadPool(atOnce);
        try {
            List<CompletableFuture<Played>> running = new ArrayList<>();
            parts.forEach(
                    (title, part) -> running.add(CompletableFuture.supplyAsync(() -> play(title, part), threads)));
            List<Played> played = new ArrayList<>();
            for (CompletableFuture<Played> part : running) {
                played.add(part.join());
                out.println(part.join().text());
            }
            return played;
        } finally {
            threads.shutdown();
        }
    }

    private static Played play(String title, Supplier<Report> part) {
        long begun = System.nanoTime();
        try {
            Report report = part.get();
            return new Played(text(title, begun, report.lines()), true, report);
        } catch (IllegalStateException e) {
            return new Played(text(title, begun, List.of("FAILED: " + e.getMessage())), false, Report.of(List.of()));
        }
    }

    private static String text(String title, long begun, List<String> lines) {
        long seconds = Duration.ofNanos(System.nanoTime() - begun).toSeconds();
        StringBuilder text = new StringBuilder(title + ", in " + seconds + " s\n");
        lines.forEach(line -> text.append("  ").append(line).append('\n'));
        return text.toString();
    }
}
