package io.metcd.mesh.fuzz;

import io.metcd.base.Bytes;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Searches for inputs that break a target, led by which code they reach: Jazzer in a process for each target, as many
 * at a time as there are processors, from the kept corpus and what earlier runs have found. Started in the folder of the
 * module, by {@code ./dev fuzz}.
 *
 * <p>{@code --seconds N} in all (60), {@code --only NAME} for one target, {@code --keep N} adds so many of the shortest
 * inputs that reached something new to the corpus.
 */
public final class Fuzz {
    private static final int START_SECONDS_MAX = 600;

    /** Jazzer's own searches for what these targets do not do, such as to ask a database; preparing them takes seconds. */
    private static final String NOT_SEARCHED_FOR = Stream.of(
                    "ClojureLangHooks",
                    "Deserialization",
                    "ExpressionLanguageInjection",
                    "LdapInjection",
                    "NamingContextLookup",
                    "OsCommandInjection",
                    "ReflectiveCall",
                    "RegexInjection",
                    "RegexRoadblocks",
                    "ScriptEngineInjection",
                    "ServerSideRequestForgery",
                    "SqlInjection",
                    "XPathInjection")
            .map(name -> "com.code_intelligence.jazzer.sanitizers." + name)
            .collect(Collectors.joining(":"));

    private final Path root = Path.of("target", "fuzz");
    private final Options options;

    /** What the command line says. */
    private record Options(int seconds, String only, int keep) {
        static Options of(String[] arguments) {
            Options options = new Options(60, "", 0);
            for (int i = 0; i < arguments.length; i += 2) {
                String value = i + 1 < arguments.length ? arguments[i + 1] : "";
                options = switch (arguments[i]) {
                    case "--seconds" -> new Options(Integer.parseInt(value), options.only, options.keep);
                    case "--only" -> new Options(options.seconds, value, options.keep);
                    case "--keep" -> new Options(options.seconds, options.only, Integer.parseInt(value));
                    default ->
                        throw new IllegalArgumentException(arguments[i] + ": say --seconds N, --only NAME or --keep N");
                };
            }
            return options;
        }

        List<Target> targets() {
            List<Target> targets = Target.all().stream()
                    .filter(one -> only.isEmpty() || only.equals(one.name()))
                    .toList();
            if (targets.isEmpty()) {
                throw new IllegalArgumentException("--only " + only + ": the targets are "
                        + Target.all().stream().map(Target::name).collect(Collectors.joining(", ")));
            }
            return targets;
        }
    }

    private Fuzz(Options options) {
        this.options = options;
    }

    public static void main(String[] arguments) throws Exception {
        System.exit(new Fuzz(Options.of(arguments)).run() ? 0 : 1);
    }

    private boolean run() throws IOException, InterruptedException, ExecutionException {
        List<Target> targets = options.targets();
        int lanes = Math.min(targets.size(), Runtime.getRuntime().availableProcessors());
        int rounds = (targets.size() + lanes - 1) / lanes;
        int share = Math.max(1, options.seconds() / rounds);
        ExecutorService pool = Executors.newFixedThreadPool(lanes);
        List<Future<Search>> searches = new ArrayList<>();
        for (Target target : targets) {
            searches.add(pool.submit(() -> search(target, share)));
        }
        List<Search> ended = new ArrayList<>();
        for (Future<Search> search : searches) {
            ended.add(search.get());
            System.out.println(ended.get(ended.size() - 1));
        }
        pool.shutdown();
        for (Target target : targets) {
            keep(target);
        }
        long faults = ended.stream().filter(Search::failed).count();
        System.out.printf(
                Locale.ROOT,
                "fuzz: %,d inputs of %d kinds in %d s, led by the code they reach: %s%n",
                ended.stream().mapToLong(Search::inputs).sum(),
                targets.size(),
                share * rounds,
                faults == 0
                        ? "each read or refused as it should be, for at most 4 times its bytes of memory and a fixed"
                                + " cost for each thing in it"
                        : faults + " FAILED");
        return faults == 0;
    }

    /** Tries what was found once more, without Jazzer, whose probes take memory, too; and keeps what is asked for. */
    private void keep(Target target) throws IOException {
        List<Bytes> found = Corpus.laidOut(root.resolve(target.name()).resolve("found"));
        found.forEach(input -> Trial.PLAIN.of(target, input));
        if (options.keep() > 0) {
            Corpus.add(target, found.subList(0, Math.min(found.size(), options.keep())));
        }
    }

    private Search search(Target target, int seconds) throws IOException, InterruptedException {
        Path folder = root.resolve(target.name());
        Path found = Files.createDirectories(folder.resolve("found"));
        Path kept = folder.resolve("kept");
        Corpus.layOut(Corpus.of(target), kept);
        Corpus.layOut(target.genuine(), folder.resolve("genuine"));
        Path log = folder.resolve("log");
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx512m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-XX:+EnableDynamicAgentLoading",
                "-cp",
                System.getProperty("java.class.path"),
                "com.code_intelligence.jazzer.Jazzer",
                "--target_class=" + Guided.class.getName(),
                "--target_args=" + target.name(),
                "--instrumentation_includes=io.metcd.**",
                "--custom_hook_includes=io.metcd.**",
                "--disabled_hooks=" + NOT_SEARCHED_FOR,
                "--reproducer_path=" + folder,
                "-artifact_prefix=" + folder + "/",
                "-max_total_time=" + seconds,
                "-timeout=10",
                "-rss_limit_mb=0",
                "-print_final_stats=1",
                found.toString(),
                kept.toString(),
                folder.resolve("genuine").toString()));
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        int limit = seconds + START_SECONDS_MAX;
        boolean ended = process.waitFor(limit, TimeUnit.SECONDS);
        process.destroyForcibly();
        List<String> words = new ArrayList<>(Files.readAllLines(log, StandardCharsets.ISO_8859_1));
        if (!ended) {
            words.add("The search did not end within " + limit + " s: let the machine do less beside it.");
        }
        return Search.of(target.name(), ended && process.exitValue() == 0, words);
    }
}
