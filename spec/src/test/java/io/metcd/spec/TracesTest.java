package io.metcd.spec;

import static org.assertj.core.api.Assertions.assertThat;

import io.metcd.simulator.RunResult;
import io.metcd.simulator.consensus.RaftRun;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What the core does in simulation is what the specification says, and what it could never do is not. */
class TracesTest {
    private static final Logger LOG = LoggerFactory.getLogger(TracesTest.class);
    private static final int RUNS = Integer.getInteger("spec.runs", 1000);
    private static final int RUNS_AT_ONCE = 250;
    private static final int LINES_MAX = 120;
    private static final long VIRTUAL_NANOS = 30_000_000_000L;
    private static final long SECONDS_MAX = 600;
    private static final int LINES_SHOWN = 15;
    private static final Pattern EXPLAINED = Pattern.compile("<<\"explained\", (\\d+)>>");
    private static final Pattern ACCEPTED = Pattern.compile("<<\"accepted\", (\\d+)>>");

    /** What must be in some of the runs, and by what it is known. */
    private static final Map<String, Pattern> OCCASIONS = new TreeMap<>(Map.of(
            "a second term with a leader", Pattern.compile("State\\(\\d, ([2-9]|\\d\\d), \\d, \"L\""),
            "a crash", Pattern.compile("Restarted"),
            "a change of one", Pattern.compile("ConfigEntry\\(\\d+, \\{[^}]*}, \\{}"),
            "a joint change", Pattern.compile("ConfigEntry\\(\\d+, \\{[^}]*}, \\{\\d"),
            "entries replaced",
                    Pattern.compile("State\\((\\d), \\d+, \\d, \"[FL]\", \\d+, (\\d+), <<.+>>\\)(?s:.*)"
                            + "State\\(\\1, \\d+, \\d, \"F\", \\d+, \\2, <<.+>>\\)"),
            "a learner that stands by", Pattern.compile("State\\(4, ")));

    /** The lines of one simulated run. */
    static List<String> run(long seed) {
        Recorder recorder = new Recorder(LINES_MAX);
        RunResult result = RaftRun.runSmall(seed, VIRTUAL_NANOS, recorder);
        assertThat(result.violation()).as("seed %s", seed).isEmpty();
        return recorder.lines();
    }

    /** The numbers of those runs, from 1, that the specification accepts. */
    private static Set<Integer> accepted(List<List<String>> runs, Path folder) throws Exception {
        Tlc tlc = new Tlc(folder, 2);
        tlc.write("TraceLines.tla", Recorder.module(runs));
        Verdict verdict = tlc.check("Trace", Tlc.model("Trace"), SECONDS_MAX);
        assertThat(verdict.complete()).as(verdict.toString()).isTrue();
        LOG.info(
                "{} runs, {} lines: {}",
                runs.size(),
                runs.stream().mapToInt(List::size).sum(),
                verdict);
        return ACCEPTED.matcher(verdict.output())
                .results()
                .map(found -> Integer.valueOf(found.group(1)))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    @Test
    void simulatedRunsAreBehavioursOfTheSpecification(@TempDir Path folder) throws Exception {
        List<String> refused = new ArrayList<>();
        for (int first = 1; first <= RUNS; first += RUNS_AT_ONCE) {
            int last = Math.min(RUNS, first + RUNS_AT_ONCE - 1);
            List<List<String>> runs =
                    IntStream.rangeClosed(first, last).mapToObj(TracesTest::run).toList();
            Set<Integer> accepted = accepted(runs, Files.createDirectory(folder.resolve("from-" + first)));
            for (int i = 1; i <= runs.size(); i++) {
                if (!accepted.contains(i)) {
                    int seed = first + i - 1;
                    Path part = Files.createDirectory(folder.resolve("seed-" + seed));
                    refused.add("seed " + seed + ": " + objection(runs.get(i - 1), part));
                }
            }
        }

        LOG.info("{} of {} runs are accepted", RUNS - refused.size(), RUNS);
        assertThat(refused).isEmpty();
    }

    /** The first line that the specification cannot explain, and some before it. */
    private static String objection(List<String> run, Path folder) throws Exception {
        Tlc tlc = new Tlc(folder, 1);
        tlc.write("TraceLines.tla", Recorder.module(List.of(run)));
        Verdict verdict =
                tlc.check("Trace", Tlc.model("Trace").replace("Verbose = FALSE", "Verbose = TRUE"), SECONDS_MAX);
        int explained = EXPLAINED
                .matcher(verdict.output())
                .results()
                .mapToInt(found -> Integer.parseInt(found.group(1)))
                .max()
                .orElse(0);
        return "no action explains line %d, %s\n%s"
                .formatted(
                        explained + 1,
                        run.get(explained),
                        String.join("\n", run.subList(Math.max(0, explained - LINES_SHOWN), explained)));
    }

    @ParameterizedTest
    @EnumSource
    void falsifiedRunsAreRefused(Falsified lie, @TempDir Path folder) throws Exception {
        List<List<String>> lies = IntStream.rangeClosed(1, 20)
                .mapToObj(TracesTest::run)
                .map(run -> new Pair(run, lie.of(run)))
                .filter(pair -> !pair.told.equals(pair.truth))
                .map(Pair::told)
                .toList();

        assertThat(lies).hasSizeGreaterThan(10);
        assertThat(accepted(lies, folder)).isEmpty();
    }

    private record Pair(List<String> truth, List<String> told) {}

    @Test
    void theRunsShowAllThatTheyAreFor() {
        Map<String, Integer> runs = new TreeMap<>();
        for (int seed = 1; seed <= RUNS; seed++) {
            String lines = String.join("\n", run(seed));
            OCCASIONS.forEach(
                    (what, sign) -> runs.merge(what, sign.matcher(lines).find() ? 1 : 0, Integer::sum));
        }

        LOG.info("of {} runs, so many have: {}", RUNS, runs);
        assertThat(runs.values()).allSatisfy(count -> assertThat(count).isGreaterThanOrEqualTo(RUNS / 50));
    }
}
