package io.metcd.tidy;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Statements of the contract have one name each, and what code cites exists: a statement or a whole topic. */
public final class CitationRules {
    private static final Pattern STATEMENT = Pattern.compile("(?m)^- \\*\\*([a-z0-9.]+)\\*\\*");
    private static final Pattern CITATION =
            Pattern.compile("contract: ((?:[a-z0-9]+(?:\\.[a-z0-9]+)+)(?:, [a-z0-9]+(?:\\.[a-z0-9]+)+)*)");

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
        Matcher matcher = CITATION.matcher(file.text());
        while (matcher.find()) {
            for (String name : matcher.group(1).split(", ", -1)) {
                boolean known = statements.contains(name)
                        || statements.stream().anyMatch(statement -> statement.startsWith(name + "."));
                if (!known) {
                    found.add(new Violation(
                            file.path(), "cites contract: " + name + ", which nobody states", "see docs/contract.md"));
                }
            }
        }
        return found;
    }
}
