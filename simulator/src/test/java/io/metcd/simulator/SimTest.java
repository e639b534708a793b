package io.metcd.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import io.metcd.base.RandomSource;
import io.metcd.simulator.world.Narrator;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

class SimTest {
    private static final int FRESH = 3;

    /** What a command line prints. */
    private static String output(String... words) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        Sim.run(SimArguments.parse(words).orElseThrow(), new PrintStream(bytes, true, StandardCharsets.UTF_8));
        return bytes.toString(StandardCharsets.UTF_8);
    }

    private static String hash(String output) {
        int from = output.indexOf("hash=");
        return output.substring(from, output.indexOf(' ', from));
    }

    @Test
    void fixedSeedsOfWholeClustersHold() {
        assertThat(output("--profile", "default", "--seeds", "8", "--minutes", "1"))
                .contains(" 0 violations");
        assertThat(output("--profile", "mesh", "--seeds", "6", "--minutes", "1"))
                .contains(" 0 violations");
    }

    /** A run that never sees a thing shows nothing about it. */
    @Test
    void consensusRunsChangeTheMembershipInEveryWay() {
        String printed = output("--profile", "consensus", "--seeds", "24", "--minutes", "1");

        assertThat(printed)
                .contains("joint=", "plain=", "removed=", "transfer=", "transfer timed out=")
                .contains(" 0 violations");
    }

    @Test
    void runsOnDisksThatRotRefuseAndReplaceMembers() {
        assertThat(output("--profile", "rot", "--seeds", "6", "--minutes", "1"))
                .contains("refused=", "replaced=", "harmless=")
                .contains(" 0 violations");
    }

    @Test
    void freshSeedsOfEveryProfileHold() {
        String from = Long.toString(RandomSource.system().between(1_000_000, 1_000_000_000));
        String seeds = Integer.toString(FRESH);
        for (RunProfile profile : List.of(RunProfile.CONSENSUS, RunProfile.DEFAULT, RunProfile.ROT, RunProfile.MESH)) {
            assertThat(output("--profile", profile.word(), "--from", from, "--seeds", seeds, "--minutes", "1"))
                    .contains(" 0 violations");
        }
    }

    @TestFactory
    Stream<DynamicTest> whatOnceFailedHolds() throws IOException {
        try (InputStream corpus = Objects.requireNonNull(SimTest.class.getResourceAsStream("/corpus.txt"))) {
            List<String> lines = new String(corpus.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> !line.isBlank() && !line.startsWith("#"))
                    .toList();
            return lines.stream()
                    .map(line -> DynamicTest.dynamicTest(line, () -> {
                        List<String> words = List.of(line.split(" "));
                        assertThat(output("--profile", words.get(0), "--seed", words.get(1), "--minutes", words.get(2)))
                                .contains(" 0 violations");
                    }));
        }
    }

    @Test
    void oneSeedGivesOneHash() {
        for (RunProfile profile : List.of(RunProfile.CONSENSUS, RunProfile.DEFAULT, RunProfile.MESH)) {
            RunResult first = profile.run(5, 20_000_000_000L, Narrator.SILENT);
            RunResult second = profile.run(5, 20_000_000_000L, Narrator.SILENT);

            assertThat(second).isEqualTo(first);
            assertThat(profile.run(6, 20_000_000_000L, Narrator.SILENT).hash()).isNotEqualTo(first.hash());
        }
    }

    @Test
    void anotherMachineGivesTheSameHash() throws IOException, InterruptedException {
        String java = ProcessHandle.current().info().command().orElse("java");
        Process process = new ProcessBuilder(
                        java,
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Sim.class.getName(),
                        "--seed",
                        "11",
                        "--minutes",
                        "1")
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        String theirs = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

        assertThat(process.waitFor()).isZero();
        assertThat(hash(theirs)).isEqualTo(hash(output("--seed", "11", "--minutes", "1")));
    }

    @Test
    void theLastLineSaysTheFigure() {
        assertThat(output("--profile", "consensus", "--seeds", "2", "--minutes", "1")
                        .lines())
                .last()
                .asString()
                .matches("sim: 2 seeds, 0\\.0\\d virtual hours, \\d+ times real time per core, \\d+ operations,"
                        + " \\d+ events, 0 violations");
    }

    @Test
    void aSmallRunTellsEachNewStateOfEachMember() {
        List<String> states = output("--profile", "small", "--seed", "3", "--minutes", "1", "--trace", "states")
                .lines()
                .filter(line -> line.startsWith("state "))
                .toList();

        assertThat(states)
                .hasSizeGreaterThan(50)
                .doesNotHaveDuplicates()
                .allMatch(line -> line.matches(
                        "state seed=3 ms=[\\d.]+ member=\\d+ (down|term=\\d+ role=[A-Z_]+ vote=\\d+ leader=\\d+ commit=\\d+"
                                + " durable=\\d+ log=[\\d*,]* voters=\\[.*] learners=\\[.*] outgoing=\\[.*])"));
    }

    @Test
    void wrongWordsAreRefused() {
        assertThat(SimArguments.parse("--seeds")).isEmpty();
        assertThat(SimArguments.parse("--seeds", "x")).isEmpty();
        assertThat(SimArguments.parse("--seeds", "0")).isEmpty();
        assertThat(SimArguments.parse("--profile", "nothing")).isEmpty();
        assertThat(SimArguments.parse("--speed", "1")).isEmpty();
        assertThat(SimArguments.parse("--trace", "loud")).isEmpty();
    }

    @Test
    void aSeedIsRepeatedByItsCommand() {
        SimArguments arguments = SimArguments.parse("--seeds", "3", "--from", "7", "--minutes", "2")
                .orElseThrow();

        assertThat(arguments.command(9)).isEqualTo("./dev sim --seed 9 --minutes 2 --profile default");
        assertThat(SimArguments.parse(
                        arguments.command(9).substring("./dev sim ".length()).split(" ")))
                .hasValueSatisfying(repeated -> assertThat(repeated.from()).isEqualTo(9));
    }
}
