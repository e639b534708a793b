package io.metcd.tidy;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class SourceRulesTest {
    @Test
    void aFileOfMoreThanFiveHundredLinesIsRefused() {
        SourceFile file = source("raft/src/main/java/A.java", "class A {" + "\n".repeat(500) + "}");

        assertThat(SizeRules.fileLength(file)).singleElement().asString().contains("501 lines", "Cure: move one");
    }

    @Test
    void aMethodOfMoreThanSeventyLinesIsRefusedWithItsPlace() {
        SourceFile file = source("raft/src/main/java/A.java", "class A {\n  void m() {" + "\n".repeat(70) + "  }\n}");

        assertThat(SizeRules.methodLength(file))
                .singleElement()
                .asString()
                .contains("A.java:2", "method m has 71 lines", "Cure: name its steps");
    }

    @Test
    void aLongDevScriptIsRefused() {
        assertThat(SizeRules.scriptLength(new Page("dev", "echo\n".repeat(61)))).hasSize(1);
        assertThat(SizeRules.scriptLength(new Page("dev", "echo\n".repeat(60)))).isEmpty();
    }

    @Test
    void namesThatSayNothingAreRefused() {
        SourceFile file = source(
                "raft/src/main/java/A.java",
                "class PeerManager {} class LogUtils {} record NodeInfo() {} class BaseLink {} enum Impl {}");

        assertThat(texts(NameRules.typeNames(file))).hasSize(5).anyMatch(t -> t.contains("Cure: name what it does"));
    }

    @Test
    void namesThatOnlyLookAlikeAreFine() {
        SourceFile file = source("raft/src/main/java/A.java", "class Baseline {} class Database {} class Impland {}");

        assertThat(NameRules.typeNames(file)).isEmpty();
    }

    @Test
    void sleepingIsRefusedInTestsToo() {
        SourceFile file = source("raft/src/test/java/A.java", "class A { void m() { Thread.sleep(5); } }");

        assertThat(texts(CallRules.calls(file))).singleElement().asString().contains("Thread.sleep", "Cure: wait on");
    }

    @Test
    void theSystemClockIsRefusedInAMemberAndAllowedInATest() {
        String text = "class A { long m() { return System.nanoTime(); } Object r() { return new Random(); } }";

        assertThat(CallRules.calls(source("node/src/main/java/A.java", text))).hasSize(2);
        assertThat(CallRules.calls(source("node/src/test/java/A.java", text))).isEmpty();
        assertThat(CallRules.calls(source("base/src/main/java/A.java", text))).isEmpty();
    }

    @Test
    void printingIsForTheCommandAndForPrograms() {
        String prints = "class A { void m() { System.out.println(); } }";
        String program = "class A { public static void main(String[] a) { System.out.println(); } }";

        assertThat(CallRules.printing(source("node/src/main/java/A.java", prints)))
                .hasSize(1);
        assertThat(CallRules.printing(source("cli/src/main/java/A.java", prints)))
                .isEmpty();
        assertThat(CallRules.printing(source("simulator/src/main/java/A.java", program)))
                .isEmpty();
    }

    @Test
    void switchedOffTestsAndMocksAreRefused() {
        SourceFile file = source(
                "raft/src/test/java/A.java",
                "import org.mockito.Mockito; class A { @Disabled(\"later\") void m() {} }");

        assertThat(CallRules.testHabits(file)).hasSize(2);
    }

    @Test
    void unfinishedWorkInACommentIsRefused() {
        SourceFile file = source("raft/src/main/java/A.java", "class A { // TODO: everything\n}");

        assertThat(TextRules.comments(file)).singleElement().asString().contains("TODO", "Cure: do it now");
    }

    @Test
    void citingAnUnpublishedPageOrNumberIsRefused() {
        SourceFile page = source("raft/src/main/java/A.java", "/** As mesh.md says. */ class A {}");
        SourceFile number = source("raft/src/main/java/A.java", "/** See D17 and ruling 30. */ class A {}");
        SourceFile published = source("raft/src/main/java/A.java", "/** As docs/mesh.md says. */ class A {}");
        SourceFile paper = source("raft/src/main/java/A.java", "/** Raft, section 5.4.2; RFC 9616. */ class A {}");

        assertThat(texts(TextRules.comments(page))).singleElement().asString().contains("mesh.md");
        assertThat(texts(TextRules.comments(number))).singleElement().asString().contains("numbering");
        assertThat(TextRules.comments(published)).isEmpty();
        assertThat(TextRules.comments(paper)).isEmpty();
    }

    @Test
    void foldersOfOneMachineAreRefused() {
        SourceFile file = source("raft/src/main/java/A.java", "class A { String s = \"/home/jane/metcd\"; }");

        assertThat(texts(TextRules.comments(file))).singleElement().asString().contains("/home/jane");
        assertThat(TextRules.page(new Page("README.md", "see `/root/x`"))).hasSize(1);
        assertThat(TextRules.page(new Page("README.md", "see `/etc/metcd.yml`")))
                .isEmpty();
    }

    private static SourceFile source(String path, String text) {
        return SourceFile.parse(path, text);
    }

    private static List<String> texts(List<Violation> violations) {
        return violations.stream().map(Violation::toString).collect(Collectors.toList());
    }
}
