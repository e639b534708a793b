package io.metcd.spec;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Every state within the bounds of each model has every property. */
class ModelsTest {
    private static final Logger LOG = LoggerFactory.getLogger(ModelsTest.class);
    private static final long SECONDS_MAX = 1_500;

    @ParameterizedTest
    @ValueSource(strings = {"replication", "elections", "membership", "joint"})
    void theModelHolds(String model, @TempDir Path folder) throws Exception {
        Verdict verdict = new Tlc(folder, 2).check("Model", Tlc.model(model), SECONDS_MAX);

        LOG.info("{}: {}", model, verdict);
        assertThat(verdict.complete()).as(verdict.toString()).isTrue();
    }

    /** Else its properties would hold because nothing happens. */
    @ParameterizedTest
    @CsvSource({
        "replication, NobodyCommits",
        "elections, NobodyIsLoyal",
        "membership, TheEndedAreNeverReplaced",
        "joint, JointIsNeverLeft"
    })
    void theModelReachesWhatItIsFor(String model, String contrary, @TempDir Path folder) throws Exception {
        String text = Tlc.model(model);
        String bounds = text.substring(0, text.indexOf("INVARIANTS"));

        Verdict verdict = new Tlc(folder, 2).check("Model", bounds + "INVARIANT " + contrary + "\n", SECONDS_MAX);

        LOG.info("{}: {}", model, verdict);
        assertThat(verdict.refuted()).contains(contrary);
    }
}
