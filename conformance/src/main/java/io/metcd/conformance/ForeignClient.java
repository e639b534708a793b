package io.metcd.conformance;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A client that others wrote, driven through one member by a script in its language. The script says line by line what
 * holds and which member shall end or start; {@code conformance/clients/README.md} has the lines.
 *
 * @param name as the compatibility page calls it
 * @param command runs the script; the members' endpoints are added
 */
record ForeignClient(String name, List<String> command) {
    private static final Duration LIMIT = Duration.ofSeconds(90);

    /** Plays the script against members named a, b and c; what it does not say or says too late is a failure. */
    Findings play(DurableCluster cluster) {
        List<String> all = new ArrayList<>(command);
        LineCluster.NAMES.forEach(member -> all.add(cluster.endpoint(member)));
        try {
            Path said = Files.createTempFile("metcd-client", ".err");
            Process process =
                    new ProcessBuilder(all).redirectError(said.toFile()).start();
            process.onExit().orTimeout(LIMIT.toSeconds(), TimeUnit.SECONDS).whenComplete((ended, late) -> {
                if (late != null) {
                    process.destroyForcibly();
                }
            });
            Findings findings = converse(process, cluster);
            if (process.waitFor() != 0) {
                throw new IllegalStateException(name + " exited with " + process.exitValue() + " after " + findings
                        + "\n" + Files.readString(said));
            }
            Files.delete(said);
            return findings;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private Findings converse(Process process, DurableCluster cluster) throws IOException {
        String version = "";
        List<String> rows = new ArrayList<>();
        try (BufferedReader from = process.inputReader(StandardCharsets.UTF_8);
                BufferedWriter to = process.outputWriter(StandardCharsets.UTF_8)) {
            for (String line = from.readLine(); line != null; line = from.readLine()) {
                int space = line.indexOf(' ');
                String rest = line.substring(space + 1);
                switch (line.substring(0, Math.max(0, space))) {
                    case "version" -> version = rest;
                    case "ok" -> rows.add(rest);
                    case "stop" -> {
                        cluster.member(rest).stop();
                        to.write("done\n");
                        to.flush();
                    }
                    case "boot" -> {
                        cluster.boot(rest);
                        cluster.awaitServing(rest);
                        to.write("done\n");
                        to.flush();
                    }
                    default -> throw new IllegalStateException(name + " says what no script says: " + line);
                }
            }
        }
        return new Findings(name, version, List.of("a"), rows);
    }
}
