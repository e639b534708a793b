package io.metcd.tidy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.fail;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.EvaluationResult;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Every rule over the whole house; one message lists all that was found. */
class HouseTidyTest {
    private static final House HOUSE = House.around(Path.of(""));

    @Test
    void sourcesFollowTheRules() {
        List<SourceFile> sources = HOUSE.sources();
        Set<String> statements = CitationRules.statements(HOUSE.page("docs/contract.md"));
        List<SourceRule> rules = List.of(
                SizeRules::fileLength,
                SizeRules::methodLength,
                NameRules::typeNames,
                CallRules::calls,
                CallRules::printing,
                CallRules::testHabits,
                TextRules::comments,
                file -> CitationRules.citations(file, statements));

        List<Violation> found = new ArrayList<>(PackageRules.descriptions(sources));
        found.addAll(CitationRules.uncited(HOUSE.page("docs/contract.md"), sources));
        for (SourceFile file : sources) {
            rules.forEach(rule -> found.addAll(rule.check(file)));
        }

        assertThat(sources).hasSizeGreaterThan(10);
        report(found);
    }

    @Test
    void pagesFollowTheRules() {
        List<Violation> found = new ArrayList<>(CitationRules.uniqueStatements(HOUSE.page("docs/contract.md")));
        for (Page page : HOUSE.pages()) {
            found.addAll(TextRules.page(page));
            found.addAll(ModuleRules.arrows(page));
            found.addAll(LinkRules.links(page, HOUSE.root()));
            found.addAll(SizeRules.scriptLength(page));
        }

        report(found);
    }

    @Test
    void byteCodeFollowsTheRules() {
        JavaClasses classes = new ClassFileImporter()
                .withImportOption(location -> !location.contains("/io/metcd/api/"))
                .withImportOption(location -> !location.contains("/test-classes/"))
                .importPackages("io.metcd");

        List<String> found = new ArrayList<>();
        for (ArchRule rule : CoreRules.all()) {
            EvaluationResult result = rule.evaluate(classes);
            if (result.hasViolation()) {
                found.add(result.getFailureReport().toString());
            }
        }

        assertThat(classes).isNotEmpty();
        assertThat(found).as(String.join("\n", found)).isEmpty();
    }

    private static void report(List<Violation> found) {
        if (!found.isEmpty()) {
            fail(found.size() + " to tidy:\n"
                    + String.join("\n", found.stream().map(Violation::toString).toList()));
        }
    }
}
