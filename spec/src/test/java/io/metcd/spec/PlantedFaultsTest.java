package io.metcd.spec;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A specification that cannot fail shows nothing: each of these faults must be found, by the property that it breaks. */
class PlantedFaultsTest {
    private static final Logger LOG = LoggerFactory.getLogger(PlantedFaultsTest.class);
    private static final long SECONDS_MAX = 300;

    /**
     * A fault in a model.
     *
     * @param fault its name in Consensus.tla
     * @param model the model that it is planted in
     * @param bounds lines of the model that are replaced
     * @param refuted the property that TLC finds to be broken; it alone is checked
     */
    record Planted(String story, String fault, String model, List<String> bounds, String refuted) {
        String text() throws IOException {
            String original = Tlc.model(model);
            String text = line(original.substring(0, original.indexOf("INVARIANTS")), "Faults = {\"" + fault + "\"}");
            for (String bound : bounds) {
                text = line(text, bound);
            }
            return text + (refuted.equals("NoDisturbance") ? "PROPERTY " : "INVARIANT ") + refuted + "\n";
        }

        private static String line(String text, String setting) {
            String name = setting.substring(0, setting.indexOf(' '));
            assertThat(text).containsPattern("(?m)^ *" + name + " = ");
            return text.replaceFirst("(?m)^( *)" + name + " = .*$", "$1" + setting);
        }

        @Override
        public String toString() {
            return story;
        }
    }

    static Stream<Planted> faults() {
        return Stream.of(
                of("amnesia", "membership", "ElectionSafety", "a member without memory goes on under its old id"),
                of("voteless", "replication", "ElectionSafety", "a vote is forgotten in a restart"),
                of("volatile", "replication", "LeaderCompleteness", "a leader counts its entry before it is durable"),
                of("short", "replication", "LeaderCompleteness", "a vote goes to a log that is less complete"),
                of("unchecked", "replication", "LogMatching", "entries are appended wherever there is room"),
                of("disloyal", "elections", "NoDisturbance", "who hears its leader lets another take its place"),
                new Planted(
                        "the voters are replaced in one step",
                        "jump",
                        "membership",
                        List.of("MaxEnds = 0"),
                        "ElectionSafety"),
                new Planted(
                        "a joint decision needs the new majority alone",
                        "half",
                        "membership",
                        List.of("MaxEnds = 0"),
                        "LeaderCompleteness"),
                new Planted(
                        "those who do not vote are counted",
                        "uninvited",
                        "membership",
                        List.of("MaxEnds = 0"),
                        "LeaderCompleteness"),
                new Planted(
                        "changes begin before the last one is committed",
                        "hasty",
                        "joint",
                        List.of("Changes = {\"simple\"}", "MaxChanges = 2"),
                        "LeaderCompleteness"),
                new Planted(
                        "an entry of a former term is committed by counting",
                        "former",
                        "replication",
                        List.of("MaxTerm = 4", "Adverse = FALSE"),
                        "LeaderCompleteness"));
    }

    private static Planted of(String fault, String model, String refuted, String story) {
        return new Planted(story, fault, model, List.of(), refuted);
    }

    @ParameterizedTest
    @MethodSource("faults")
    void aPlantedFaultIsFound(Planted planted, @TempDir Path folder) throws Exception {
        Verdict verdict = new Tlc(folder, 2).check("Model", planted.text(), SECONDS_MAX);

        LOG.info("{}: {}", planted, verdict);
        assertThat(verdict.refuted()).contains(planted.refuted());
    }
}
