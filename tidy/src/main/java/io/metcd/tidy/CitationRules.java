package io.metcd.tidy;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Statements of the contract have one name each, what code cites exists (a statement or a whole topic), and each
 * statement is cited by a test, by its own name: by a citation of its topic nobody finds the test that shows it.
 */
public final class CitationRules {
    private static final Pattern STATEMENT = Pattern.compile("(?m)^- \\*\\*([a-z0-9.]+)\\*\\*");
    private static final Pattern CITATION =
            Pattern.compile("contract: ((?:[a-z0-9]+(?:\\.[a-z0-9]+)+)(?:, [a-z0-9]+(?:\\.[a-z0-9]+)+)*)");

    /** A formatter has cut a citation in two, and nobody finds what is on the second line. */
    private static final Pattern CUT = Pattern.compile("contract:[a-z0-9., ]*(?<=[:,]) *\\R");

    private static final Pattern END_OF_STATEMENT = Pattern.compile("\\n(?:- |#|\\n)|\\z");

    /** How a statement ends that a later release will keep. */
    private static final String LATER = "(later)";

    /** Where metcd departs from etcd on purpose: often there is nothing to show. */
    private static final String DEPARTURES = "diff.";

    private CitationRules() {}

    public static List<Violation> uniqueStatements(Page contract) {
        List<Violation> found = new ArrayList<>();
        Set<String> seen = new TreeSet<>();
        Matcher matcher = STATEMENT.matcher(contract.text());
        while (matcher.find()) {
            if (!seen.add(matcher.group(1))) {
                found.add(new Violation(
                        contract.path(), "states " + matcher.group(1) + " twice", "give the second a name of its own"));
            }
        }
        return found;
    }

    public static Set<String> statements(Page contract) {
        Set<String> names = new TreeSet<>();
        Matcher matcher = STATEMENT.matcher(contract.text());
        while (matcher.find()) {
            names.add(matcher.group(1));
        }
        return names;
    }

    public static List<Violation> citations(SourceFile file, Set<String> statements) {
        if (file.module().equals("tidy")) {
            return List.of(); // Its examples cite what is not there.
        }
        List<Violation> found = new ArrayList<>();
        if (CUT.matcher(file.text()).find()) {
            found.add(new Violation(
                    file.path(), "has a citation on two lines", "give it a line of its own that is long enough"));
        }
        for (String name : cited(file)) {
            boolean known = statements.contains(name)
                    || statements.stream().anyMatch(statement -> statement.startsWith(name + "."));
            if (!known) {
                found.add(new Violation(
                        file.path(), "cites contract: " + name + ", which nobody states", "see docs/contract.md"));
            }
        }
        return found;
    }

    /** The statements that no test cites, but for departures and what is for later. */
    public static List<Violation> uncited(Page contract, List<SourceFile> sources) {
        Set<String> open = promised(contract);
        sources.stream().filter(CitationRules::tests).forEach(file -> open.removeAll(cited(file)));
        return open.stream()
                .map(name -> new Violation(
                        contract.path(),
                        "states " + name + ", which no test cites",
                        "write 'contract: " + name + "' at the test that shows it, and the test if there is none"))
                .toList();
    }

    private static Set<String> promised(Page contract) {
        Set<String> names = new TreeSet<>();
        Matcher statement = STATEMENT.matcher(contract.text());
        Matcher end = END_OF_STATEMENT.matcher(contract.text());
        while (statement.find()) {
            String text = contract.text()
                    .substring(statement.end(), end.find(statement.end()) ? end.start() : statement.end());
            if (!statement.group(1).startsWith(DEPARTURES) && !text.strip().endsWith(LATER)) {
                names.add(statement.group(1));
            }
        }
        return names;
    }

    /** The tables of conformance are tests, too, though no class of theirs is in a folder of tests. */
    private static boolean tests(SourceFile file) {
        return file.module().equals("conformance")
                || (file.part() == SourceFile.Part.TEST && !file.module().equals("tidy"));
    }

    private static List<String> cited(SourceFile file) {
        List<String> names = new ArrayList<>();
        Matcher matcher = CITATION.matcher(file.text());
        while (matcher.find()) {
            names.addAll(List.of(matcher.group(1).split(", ", -1)));
        }
        return names;
    }
}
