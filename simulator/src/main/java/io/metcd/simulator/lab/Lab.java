package io.metcd.simulator.lab;

import io.metcd.simulator.lab.Row.Played;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Plays rows, two at once at most. One line for each: its name, its number, whether it held, its figures; one more for a
 * failure, which says how to repeat it; the last line says the figure. Exits 1 when a row failed, 2 on wrong arguments.
 */
public final class Lab {
    private static final String USAGE =
            "usage: ./dev mesh-lab --simulated [NAME…] [--list] [--seeds N | --seed N] [--table FILE]";
    private static final int THREADS_MAX = 2;

    private Lab() {}

    public static void main(String[] words) throws IOException {
        Optional<Wish> wish = Wish.parse(words);
        if (wish.isEmpty()) {
            System.err.println(USAGE + "; names:");
            Rows.all().forEach(row -> System.err.println("  " + row.name()));
            System.exit(2);
        }
        System.exit(wish.isPresent() && run(wish.get(), System.out) ? 0 : 1);
    }

    /** What is asked for: rows, each with so many seeds from the first, and a file for the table. */
    record Wish(List<Row> rows, long from, int seeds, boolean list, Optional<Path> table) {
        /** Empty when the command line is wrong. */
        static Optional<Wish> parse(String... words) {
            List<Row> rows = new ArrayList<>();
            Wish wish = new Wish(List.of(), 1, 1, false, Optional.empty());
            try {
                for (int i = 0; i < words.length; i++) {
                    String word = words[i];
                    switch (word) {
                        case "--list" -> wish = new Wish(rows, wish.from, wish.seeds, true, wish.table);
                        case "--seeds" ->
                            wish = new Wish(rows, wish.from, Integer.parseInt(words[++i]), wish.list, wish.table);
                        case "--seed" -> wish = new Wish(rows, Long.parseLong(words[++i]), 1, wish.list, wish.table);
                        case "--table" ->
                            wish = new Wish(rows, wish.from, wish.seeds, wish.list, Optional.of(Path.of(words[++i])));
                        default ->
                            rows.add(Rows.all().stream()
                                    .filter(row -> row.name().equals(word))
                                    .findFirst()
                                    .orElseThrow());
                    }
                }
            } catch (RuntimeException wrong) {
                return Optional.empty();
            }
            List<Row> wanted = rows.isEmpty() ? Rows.all() : rows;
            return Optional.of(new Wish(List.copyOf(wanted), wish.from, wish.seeds, wish.list, wish.table))
                    .filter(each -> each.seeds > 0);
        }
    }

    /** True when every row held. */
    static boolean run(Wish wish, PrintStream out) throws IOException {
        if (wish.list()) {
            wish.rows().forEach(row -> out.println(row.name() + " " + row.number() + " " + row.story()));
            return true;
        }
        int threads = Math.min(THREADS_MAX, Runtime.getRuntime().availableProcessors());
        ExecutorService executor = Executors.newFixedThreadPool(threads);
        List<Future<Played>> runs = new ArrayList<>();
        for (Row row : wish.rows()) {
            for (long seed = wish.from(); seed < wish.from() + wish.seeds(); seed++) {
                long of = seed;
                runs.add(executor.submit(() -> row.run(of)));
            }
        }
        executor.shutdown();
        List<String> table = new ArrayList<>();
        int failed = 0;
        for (Future<Played> run : runs) {
            Played played = await(run);
            failed += played.held() ? 0 : 1;
            tell(played, out);
            table.add(String.join("\t", played.row().name(), played.row().number(), verdict(played), played.figures()));
        }
        if (wish.table().isPresent()) {
            Files.write(wish.table().get(), table);
        }
        out.printf(
                "mesh-lab: %d rows played in simulation, %d held, %d failed%n",
                runs.size(), runs.size() - failed, failed);
        return failed == 0;
    }

    private static void tell(Played played, PrintStream out) {
        out.printf("%-18s %-4s %s %s%n", played.row().name(), played.row().number(), verdict(played), played.figures());
        played.failure().ifPresent(text -> out.println("LAB FAIL " + played.command() + " : " + text));
    }

    private static String verdict(Played played) {
        return played.held() ? "held" : "failed";
    }

    private static Played await(Future<Played> run) {
        try {
            return run.get();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", interrupted);
        } catch (ExecutionException failed) {
            throw new IllegalStateException("a row ended without a result", failed.getCause());
        }
    }
}
