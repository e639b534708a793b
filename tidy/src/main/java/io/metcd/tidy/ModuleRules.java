package io.metcd.tidy;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Which room may know which: arrows go one way, as drawn in ARCHITECTURE.md. The build files are checked, since they
 * decide what a class can see at all; testkit may be used by every module's tests.
 */
public final class ModuleRules {
    /** The direct arrows of the drawing. */
    static final Map<String, Set<String>> ARROWS = new TreeMap<>(Map.ofEntries(
            Map.entry("base", Set.of()),
            Map.entry("mesh", Set.of("base")),
            Map.entry("raft", Set.of("base")),
            Map.entry("store", Set.of("base")),
            Map.entry("journal", Set.of("base", "raft")),
            Map.entry("node", Set.of("base", "mesh", "raft", "store", "journal")),
            Map.entry("api", Set.of()),
            Map.entry("embed", Set.of("base", "mesh", "store", "journal", "node")),
            Map.entry("server", Set.of("embed", "node", "api", "store", "mesh", "base")),
            Map.entry("cli", Set.of("server", "embed", "api", "node", "journal", "raft", "store", "mesh", "base")),
            Map.entry("testkit", Set.of("base")),
            Map.entry("simulator", Set.of("node", "testkit", "base", "mesh", "raft", "store", "journal")),
            Map.entry("benchmarks", Set.of("raft", "store", "mesh", "base", "simulator")),
            Map.entry("conformance", Set.of()),
            Map.entry("spec", Set.of("simulator", "raft")),
            Map.entry("tidy", Set.of("cli"))));

    private static final Pattern DEPENDENCY = Pattern.compile(
            "<dependency>\\s*<groupId>io\\.metcd</groupId>\\s*<artifactId>metcd-(\\w+)</artifactId>(.*?)</dependency>",
            Pattern.DOTALL);

    private ModuleRules() {}

    /** Checks {@code MODULE/pom.xml}; other pages pass. */
    public static List<Violation> arrows(Page page) {
        if (!page.path().matches("\\w+/pom\\.xml")) {
            return List.of();
        }
        String module = page.path().substring(0, page.path().indexOf('/'));
        Set<String> allowed = ARROWS.get(module);
        if (allowed == null) {
            return List.of(new Violation(
                    page.path(), "module " + module + " is not in the drawing", "draw it in ARCHITECTURE.md and here"));
        }
        List<Violation> found = new ArrayList<>();
        Matcher matcher = DEPENDENCY.matcher(page.text());
        while (matcher.find()) {
            String target = matcher.group(1);
            boolean fixtures = target.equals("testkit") && matcher.group(2).contains("<scope>test</scope>");
            if (!allowed.contains(target) && !fixtures) {
                found.add(new Violation(
                        page.path(),
                        module + " depends on " + target,
                        "turn the arrow round: hand in a value or an interface that " + module + " owns"));
            }
        }
        return found;
    }
}
