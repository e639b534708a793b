package io.metcd.conformance;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Runs one command to its end, within a time limit, and keeps what it printed. */
public final class CommandLine {
    private CommandLine() {}

    /** What a command left behind. {@code exit} is -1 when the time limit ended it. */
    public record Result(int exit, String out, String err) {
        public boolean ok() {
            return exit == 0;
        }

        /** The output, or an error that shows everything the command said. */
        public String orThrow(List<String> command) {
            if (!ok()) {
                throw new IllegalStateException(String.join(" ", command) + " exited with " + exit + "\n" + out + err);
            }
            return out;
        }
    }

    /** Runs the command and fails unless it exits with 0. */
    public static String must(String... command) {
        return run(Duration.ofSeconds(30), List.of(command)).orThrow(List.of(command));
    }

    /** Runs the command; a slow one is ended at the limit. */
    public static Result run(Duration limit, List<String> command) {
        return run(limit, command, "");
    }

    /** Runs the command with {@code input} as its standard input. */
    public static Result run(Duration limit, List<String> command, String input) {
        try {
            Path in = Files.writeString(Files.createTempFile("metcd-command", ".in"), input);
            Path out = Files.createTempFile("metcd-command", ".out");
            Path err = Files.createTempFile("metcd-command", ".err");
            try {
                Process process = new ProcessBuilder(command)
                        .redirectInput(ProcessBuilder.Redirect.from(in.toFile()))
                        .redirectOutput(out.toFile())
                        .redirectError(err.toFile())
                        .start();
                boolean ended = process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS);
                if (!ended) {
                    process.destroyForcibly().waitFor();
                }
                return new Result(ended ? process.exitValue() : -1, read(out), read(err));
            } finally {
                Files.delete(in);
                Files.delete(out);
                Files.delete(err);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot run " + command, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while running " + command, e);
        }
    }

    private static String read(Path file) throws IOException {
        return new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
    }
}
