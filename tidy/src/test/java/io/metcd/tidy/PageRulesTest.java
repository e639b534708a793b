package io.metcd.tidy;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PageRulesTest {
    private static final String DESCRIBED = """
            /**
             * What it is.
             */
            @NullMarked
            package io.metcd.raft;
            """;

    @Test
    void aPackageWithoutDescriptionIsRefused() {
        SourceFile lonely =
                SourceFile.parse("raft/src/main/java/io/metcd/raft/A.java", "package io.metcd.raft; class A {}");

        assertThat(PackageRules.descriptions(List.of(lonely)))
                .singleElement()
                .asString()
                .contains("has no package-info.java", "Cure: write what it is");
    }

    @Test
    void aDescribedAndMarkedPackageIsFine() {
        assertThat(PackageRules.descriptions(List.of(description(DESCRIBED)))).isEmpty();
    }

    @Test
    void anUnmarkedSilentOrEndlessDescriptionIsRefused() {
        assertThat(PackageRules.description(description("package io.metcd.raft;")))
                .hasSize(2);
        assertThat(PackageRules.description(description(DESCRIBED.replace(" * What", " *\n".repeat(16) + " * What"))))
                .singleElement()
                .asString()
                .contains("at most 15");
    }

    @Test
    void anArrowAgainstTheDrawingIsRefused() {
        Page page = new Page("store/pom.xml", dependency("raft", "") + dependency("testkit", "<scope>test</scope>"));

        assertThat(ModuleRules.arrows(page))
                .singleElement()
                .asString()
                .contains("store depends on raft", "Cure: turn the arrow round");
    }

    @Test
    void fixturesAreForTestsOnly() {
        assertThat(ModuleRules.arrows(new Page("store/pom.xml", dependency("testkit", ""))))
                .hasSize(1);
    }

    @Test
    void aModuleOutsideTheDrawingIsRefused() {
        assertThat(ModuleRules.arrows(new Page("attic/pom.xml", ""))).hasSize(1);
    }

    @Test
    void linksAndAnchorsMustLeadSomewhere(@TempDir Path root) throws IOException {
        Files.writeString(root.resolve("other.md"), "# A Heading, here\n");
        Page page = new Page(
                "page.md", "[a](other.md) [b](other.md#a-heading-here) [c](gone.md) [d](other.md#gone) [e](#x)");
        Files.writeString(root.resolve("page.md"), page.text());

        assertThat(LinkRules.links(page, root))
                .extracting(Violation::what)
                .containsExactly(
                        "links to gone.md, which is not there",
                        "links to other.md#gone: no such heading",
                        "links to #x: no such heading");
    }

    @Test
    void aStatementHasOneNameAndCitationsExist() {
        Page contract =
                new Page("docs/contract.md", "- **kv.put.1** One.\n- **kv.put.1** Two.\n- **kv.put.2** Three.\n");
        SourceFile file = SourceFile.parse(
                "store/src/test/java/A.java", "/** (contract: kv.put.1, kv.put, kv.put.9) */ class A {}");

        Set<String> statements = CitationRules.statements(contract);

        assertThat(CitationRules.uniqueStatements(contract)).hasSize(1);
        assertThat(CitationRules.citations(file, statements))
                .singleElement()
                .asString()
                .contains("kv.put.9");
    }

    @Test
    void aCitationStandsOnOneLine() {
        Set<String> statements = Set.of("kv.put.1", "kv.put.2");
        SourceFile whole = SourceFile.parse(
                "store/src/test/java/A.java", "/** (contract: kv.put.1, kv.put.2), and\n * more. */ class A {}");
        SourceFile cut =
                SourceFile.parse("store/src/test/java/A.java", "// contract: kv.put.1,\n// kv.put.2\nclass A {}");
        SourceFile cutBefore =
                SourceFile.parse("store/src/test/java/A.java", "/** (contract:\n * kv.put.1) */ class A {}");

        assertThat(CitationRules.citations(whole, statements)).isEmpty();
        assertThat(CitationRules.citations(cut, statements)).hasSize(1);
        assertThat(CitationRules.citations(cutBefore, statements))
                .singleElement()
                .asString()
                .contains("two lines");
    }

    @Test
    void aStatementIsCitedByATestByItsOwnName() {
        Page contract = new Page("docs/contract.md", """
                        - **kv.put.1** One.
                        - **kv.put.2** Two,
                          on two lines.
                        - **kv.put.3** Three. (later)
                        - **kv.put.4** Four,
                          some day. (later)

                        **kv.put.5** is no statement.
                        - **diff.1** Otherwise.
                        """);
        SourceFile test = SourceFile.parse("store/src/test/java/A.java", "class A {} // contract: kv.put.1, kv");
        SourceFile table = SourceFile.parse("conformance/src/main/java/B.java", "/** contract: kv.put.2 */ class B {}");
        SourceFile product = SourceFile.parse("store/src/main/java/C.java", "/** contract: kv.put.2 */ class C {}");

        assertThat(CitationRules.uncited(contract, List.of(test, table))).isEmpty();
        assertThat(CitationRules.uncited(contract, List.of(test, product)))
                .singleElement()
                .asString()
                .contains("states kv.put.2, which no test cites");
        assertThat(CitationRules.uncited(contract, List.of(table)))
                .singleElement()
                .asString()
                .contains("kv.put.1");
    }

    private static SourceFile description(String text) {
        return SourceFile.parse("raft/src/main/java/io/metcd/raft/package-info.java", text);
    }

    private static String dependency(String module, String scope) {
        return "<dependency>\n<groupId>io.metcd</groupId>\n<artifactId>metcd-" + module + "</artifactId>" + scope
                + "</dependency>";
    }
}
