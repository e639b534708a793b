package io.metcd.conformance;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * Executes a page: its blocks that are fenced as {@code sh executed} are one script, run from top to bottom in an empty
 * directory that holds {@code ./metcd}, on a host of its own (namespaces of network and processes), so that the ports
 * of the page are free and whatever it starts ends with it. A command that fails, fails the page.
 */
final class Runbook {
    private static final Duration LIMIT = Duration.ofMinutes(8);
    private static final String FENCE = "```";
    private static final String EXECUTED = FENCE + "sh executed";

    private Runbook() {}

    /** Runs the page, with programs that are quick to start, and returns one line for each heading that had commands. */
    static List<String> play(Path page) {
        List<String> headings = new ArrayList<>();
        Path home = repository();
        try {
            String script = script(Files.readAllLines(home.resolve(page)), headings);
            Path directory = DurableCluster.freshRoot();
            Files.createSymbolicLink(directory.resolve("metcd"), home.resolve("metcd"));
            Files.writeString(directory.resolve("page.sh"), script);
            List<String> command = List.of(
                    "unshare",
                    "--net",
                    "--mount",
                    "--pid",
                    "--fork",
                    "--kill-child",
                    "--mount-proc",
                    "sh",
                    "-c",
                    "ip link set lo up && cd " + directory + " && METCD_JAVA_OPTS='"
                            + String.join(" ", MetcdProduct.quickOptions()) + "' exec bash page.sh");
            CommandLine.Result result = CommandLine.run(LIMIT, command);
            if (!result.ok()) {
                throw new IllegalStateException(page + " does not work; exit " + result.exit() + " after:\n"
                        + tail(result.out()) + tail(result.err()) + "\nits files are left in " + directory);
            }
            DurableCluster.delete(directory);
            return headings;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Each block in front of its line's number, so that a failure can be found. */
    static String script(List<String> lines, List<String> headings) {
        StringBuilder script = new StringBuilder("set -euo pipefail\n");
        String heading = "";
        boolean inside = false;
        for (int i = 0; i < lines.size(); i++) {
            String line = lines.get(i);
            if (!inside && line.startsWith("## ")) {
                heading = line.substring(3);
            } else if (line.equals(EXECUTED)) {
                inside = true;
                script.append("echo '--- line ").append(i + 1).append("'\n");
                if (!headings.contains(heading)) {
                    headings.add(heading);
                }
            } else if (inside && line.equals(FENCE)) {
                inside = false;
            } else if (inside) {
                script.append(line).append('\n');
            }
        }
        return script.toString();
    }

    private static Path repository() {
        Path target = Objects.requireNonNull(Member.jar().getParent());
        return target.resolve("../..").normalize();
    }

    private static String tail(String text) {
        return text.substring(Math.max(0, text.length() - 3_000));
    }
}
