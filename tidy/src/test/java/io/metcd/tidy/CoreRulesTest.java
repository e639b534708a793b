package io.metcd.tidy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.lang.ArchRule;
import io.metcd.journal.example.JournalThatMisbehaves;
import io.metcd.raft.example.CoreThatBehaves;
import io.metcd.raft.example.CoreThatMisbehaves;
import org.junit.jupiter.api.Test;

class CoreRulesTest {
    private static final JavaClasses BAD = new ClassFileImporter().importClasses(CoreThatMisbehaves.class);
    private static final JavaClasses GOOD = new ClassFileImporter().importClasses(CoreThatBehaves.class);

    @Test
    void aThreadInACoreIsRefusedWithTheCure() {
        assertThatThrownBy(() -> CoreRules.coresTouchNoWorld().check(BAD))
                .hasMessageContaining("java.lang.Thread")
                .hasMessageContaining("Cure: take a door of base");
    }

    @Test
    void aHashMapInACoreIsRefusedWithTheCure() {
        assertThatThrownBy(() -> CoreRules.coresIterateInOrder().check(BAD))
                .hasMessageContaining("java.util.HashMap")
                .hasMessageContaining("Cure: TreeMap");
    }

    @Test
    void mapOfAndTheSystemClockInACoreAreRefused() {
        assertThatThrownBy(() -> CoreRules.coresCallInOrder().check(BAD))
                .hasMessageContaining("Map.of")
                .hasMessageContaining("System.nanoTime");
    }

    @Test
    void aRealFileInAJournalIsRefusedWithTheCure() {
        JavaClasses journal = new ClassFileImporter().importClasses(JournalThatMisbehaves.class);

        assertThatThrownBy(() -> CoreRules.files().check(journal))
                .hasMessageContaining("java.nio.file.Path")
                .hasMessageContaining("Cure: a Disk, Workers, or package journal.file");
    }

    @Test
    void anOrderedCorePassesEveryRule() {
        for (ArchRule rule : CoreRules.all()) {
            assertThat(rule.evaluate(GOOD).hasViolation())
                    .as(rule.getDescription())
                    .isFalse();
        }
    }
}
