package io.metcd.conformance;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * One member as a process of the operating system. Its output goes to a file, which a failure shows. Only processes
 * that were started here are ever signalled, each by its id.
 */
public final class Member implements AutoCloseable {
    private static final AtomicInteger NUMBER = new AtomicInteger();
    private static final int SHOWN_CHARACTERS = 4000;

    private final String name;
    private final Process process;
    private final Path log;

    private Member(String name, Process process, Path log) {
        this.name = name;
        this.process = process;
        this.log = log;
    }

    /** Starts {@code command}, which must stay in the foreground. */
    public static Member start(String name, List<String> command) {
        try {
            Path directory = Files.createDirectories(Path.of("target", "members"));
            Path log = directory.resolve(
                    name + "-" + ProcessHandle.current().pid() + "-" + NUMBER.incrementAndGet() + ".log");
            Process process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(log.toFile())
                    .start();
            process.getOutputStream().close();
            return new Member(name, process, log);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot start " + name + ": " + String.join(" ", command), e);
        }
    }

    /**
     * The command line that starts metcd from the packaged jar, in front of {@code arguments}: with the collector of the
     * launcher and, like it, without a bound on the heap but the JVM's own. A bound of this harness would measure
     * itself: all history is in memory until it is compacted.
     */
    public static List<String> metcd(List<String> prefix, String... arguments) {
        return metcd(prefix, List.of(), List.of(arguments));
    }

    /** The same with further options of the JVM. */
    public static List<String> metcd(List<String> prefix, List<String> jvm, List<String> arguments) {
        List<String> command = new ArrayList<>(prefix);
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.add("-XX:+UseSerialGC");
        command.addAll(jvm);
        command.addAll(List.of("-jar", jar().toString()));
        command.addAll(arguments);
        return command;
    }

    /** The same for what starts often and lives a short while. */
    static List<String> quick(List<String> prefix, List<String> arguments) {
        return metcd(prefix, MetcdProduct.quickOptions(), arguments);
    }

    /** The jar that {@code mvn package} leaves in the cli module. */
    public static Path jar() {
        for (String root : List.of("..", ".")) {
            Path directory = Path.of(root, "cli", "target");
            if (Files.isDirectory(directory)) {
                try (var files = Files.list(directory)) {
                    var found = files.filter(
                                    file -> file.getFileName().toString().endsWith("-all.jar"))
                            .findFirst();
                    if (found.isPresent()) {
                        return found.get().toAbsolutePath().normalize();
                    }
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            }
        }
        throw new IllegalStateException("no packaged metcd found: run 'mvn package' first (cli/target/*-all.jar)");
    }

    public String name() {
        return name;
    }

    public long pid() {
        return process.pid();
    }

    public boolean alive() {
        return process.isAlive();
    }

    /** Waits until the output contains {@code text}. */
    public Duration awaitOutput(String text, Duration limit) {
        return Waiting.until(
                name + " prints '" + text + "'", limit, this::tail, () -> output().contains(text) || ended(text));
    }

    public String output() {
        try {
            return new String(Files.readAllBytes(log), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Waits for the process to end by itself. */
    public int awaitExit(Duration limit) {
        if (!endsWithin(limit)) {
            throw new IllegalStateException(name + " still runs after " + limit + "\n" + tail());
        }
        return process.exitValue();
    }

    /** SIGKILL: no goodbye. */
    public void kill() {
        strike();
        awaitExit(Duration.ofSeconds(10));
    }

    /** SIGKILL, without waiting for its effect, so that several can be hit at one moment. */
    public void strike() {
        process.destroyForcibly();
    }

    /** Whether the process ends by itself within the limit. */
    public boolean endsWithin(Duration limit) {
        try {
            return process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** The end of what it said, for a failure's text. */
    public String said() {
        return tail();
    }

    /** Forgets what an ended process said: a long run starts thousands. */
    public void deleteOutput() {
        try {
            Files.deleteIfExists(log);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** SIGTERM: a graceful stop. */
    public int stop() {
        process.destroy();
        return awaitExit(Duration.ofSeconds(15));
    }

    /** SIGSTOP: the host is frozen, its connections stay. */
    public void freeze() {
        CommandLine.must("kill", "-STOP", Long.toString(pid()));
    }

    /** SIGCONT. */
    public void thaw() {
        CommandLine.must("kill", "-CONT", Long.toString(pid()));
    }

    @Override
    public void close() {
        if (process.isAlive()) {
            kill();
        }
    }

    private boolean ended(String text) {
        if (process.isAlive() || output().contains(text)) {
            return false;
        }
        throw new IllegalStateException(
                name + " exited with " + process.exitValue() + " before it printed '" + text + "'\n" + tail());
    }

    private String tail() {
        String all = output();
        return name + " said:\n" + all.substring(Math.max(0, all.length() - SHOWN_CHARACTERS));
    }
}
