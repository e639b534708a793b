package io.metcd.conformance;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** The page that says which client was seen to do what, made of a run in which everything held. */
final class Compatibility {
    private static final Path PAGE = Path.of("docs", "compatibility.md");
    private static final Path MADE = Path.of("target", "compatibility.md");
    private static final String YES = "yes";
    private static final String ETCDCTL = "etcdctl ";
    private static final String VERSIONS = "Versions of that run: ";
    private static final String HEAD = """
            # Compatibility

            Clients that others wrote, unchanged, and what each was seen to do with metcd. `./dev conformance` makes this page of what held in its
            run, and fails when it differs; `./dev conformance --oracle ETCD` runs the same clients against a real etcd, which proves what they expect.
            An empty cell is what the client does not offer, or what its script does not try. etcdctl and curl do each of it through every member of a
            line a–b–c, of which a and c reach each other through b alone; the others through one of three durable members.

            """;
    private static final String TAIL = """

            Beside these run
            - jetcd through every member of such a line, and the requests of a Kubernetes API server with caches that list and watch, while members are
              killed and history is compacted: `mvn verify -pl conformance -am`;
            - PostgreSQL 15 under Patroni 3.0.2, which fails over with its lock in metcd, over JSON: `./dev demo patroni`.
            """;

    private final List<Findings> all = new ArrayList<>();

    /** Keeps what a client did. */
    void note(Findings findings) {
        all.add(findings);
    }

    /** Fails when the page in the repository does not tell what this run found. */
    List<String> check() {
        try {
            Files.writeString(MADE, page());
            if (!isToldBy(Files.exists(PAGE) ? Files.readString(PAGE) : "")) {
                throw new IllegalStateException(PAGE + " is not what this run found: read the difference to " + MADE
                        + ", and copy that over the page if it is meant");
            }
            return List.of(PAGE + " tells it");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Versions may be others, and a run without Go lacks the newest etcdctl and the client for Go. */
    boolean isToldBy(String page) {
        Map<String, Set<String>> told = columns(page);
        Map<String, Set<String>> found = columns(page());
        told.keySet().removeIf(client -> isOfGo(client) && !found.containsKey(client));
        return told.equals(found) && page.startsWith(HEAD) && page.endsWith(TAIL);
    }

    private static boolean isOfGo(String client) {
        return client.startsWith(ETCDCTL) || client.equals(ForeignTable.GO);
    }

    /** What each client does, as the grid of a page tells it. */
    private static Map<String, Set<String>> columns(String page) {
        List<String[]> grid = page.lines()
                .filter(line -> line.startsWith("| "))
                .map(line -> line.substring(2, line.length() - 2).split(" \\| ", -1))
                .toList();
        Map<String, Set<String>> columns = new LinkedHashMap<>();
        for (String[] row : grid) {
            for (int i = 1; i < row.length; i++) {
                String client = grid.get(0)[i];
                Set<String> rows = columns.computeIfAbsent(client, any -> new LinkedHashSet<>());
                if (row[i].equals(YES)) {
                    rows.add(row[0]);
                }
            }
        }
        return columns;
    }

    /** A grid: what is done down, who does it across. */
    String page() {
        Set<String> rows = new LinkedHashSet<>();
        all.forEach(findings -> rows.addAll(findings.rows()));
        StringBuilder page = new StringBuilder(HEAD);
        page.append(all.stream().map(Findings::client).collect(Collectors.joining(" | ", "| what it does | ", " |\n")));
        page.append("|---|").append("---|".repeat(all.size())).append('\n');
        for (String row : rows) {
            String cells = all.stream()
                    .map(findings -> findings.rows().contains(row) ? YES : "")
                    .collect(Collectors.joining(" | "));
            page.append("| ").append(row).append(" | ").append(cells).append(" |\n");
        }
        String versions = all.stream()
                .map(findings -> findings.client() + ": " + findings.version())
                .collect(Collectors.joining(", "));
        return page.append('\n')
                .append(VERSIONS)
                .append(versions)
                .append(".\n")
                .append(TAIL)
                .toString();
    }
}
