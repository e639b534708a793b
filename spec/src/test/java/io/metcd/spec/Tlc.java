package io.metcd.spec;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.net.JarURLConnection;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** Runs the model checker as a process of its own, in a folder of its own. */
final class Tlc {
    private static final Path SOURCES = Path.of("src", "main", "tla");

    private final Path folder;
    private final int workers;

    /** The modules of the specification are copied into the folder. */
    Tlc(Path folder, int workers) throws IOException {
        this.folder = folder;
        this.workers = workers;
        try (Stream<Path> modules = Files.list(SOURCES)) {
            for (Path module :
                    modules.filter(file -> file.toString().endsWith(".tla")).toList()) {
                Files.copy(module, folder.resolve(module.getFileName()));
            }
        }
    }

    /** The bounds and properties of a model, as written beside the modules. */
    static String model(String name) throws IOException {
        return Files.readString(SOURCES.resolve(name + ".cfg"));
    }

    void write(String file, String text) throws IOException {
        Files.writeString(folder.resolve(file), text);
    }

    /** Explores all states of a module within a model; the whole must be over within the limit. */
    Verdict check(String module, String model, long limitSeconds) throws IOException, InterruptedException {
        write(module + ".cfg", model);
        Path output = folder.resolve(module + ".out");
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseParallelGC",
                "-Xmx2g",
                "-Djava.io.tmpdir=" + folder,
                "-cp",
                jar().toString(),
                "tlc2.TLC",
                "-workers",
                Integer.toString(workers),
                "-metadir",
                folder.resolve("states").toString(),
                module + ".tla"));
        Process process = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        try {
            if (!process.waitFor(limitSeconds, TimeUnit.SECONDS)) {
                throw new AssertionError("TLC is not done within " + limitSeconds + " s: " + tail(output));
            }
        } finally {
            process.destroyForcibly().waitFor();
        }
        return Verdict.of(Files.readString(output));
    }

    private static String tail(Path output) throws IOException {
        List<String> lines = Files.readAllLines(output);
        return String.join("\n", lines.subList(Math.max(0, lines.size() - 5), lines.size()));
    }

    private static Path jar() throws IOException {
        URL program = requireNonNull(Tlc.class.getClassLoader().getResource("tlc2/TLC.class"), "TLC is not here");
        JarURLConnection connection = (JarURLConnection) program.openConnection();
        return Path.of(connection.getJarFile().getName());
    }
}
