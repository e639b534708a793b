package io.metcd.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the README tells people to type works, on ports that are free here (contract: diff.6). */
class ReadmeTest {
    private static final Pattern BLOCK = Pattern.compile("```(\\w+)\\n(.*?)```", Pattern.DOTALL);
    private static final String METCD = "./metcd ";

    /** Longest first, so that 22379 is not taken for 2379. */
    private final Map<String, Integer> ports = new TreeMap<>(Map.of(
            "22379",
            Served.freePort(),
            "32379",
            Served.freePort(),
            "2379",
            Served.freePort(),
            "2380",
            Served.freePort()));

    @TempDir
    private Path folder = Path.of("");

    @Test
    void theEmbeddedExampleCompiles() throws IOException {
        String source = blocks("java").get(0);
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        JavaFileObject file =
                new SimpleJavaFileObject(URI.create("string:///Orders.java"), JavaFileObject.Kind.SOURCE) {
                    @Override
                    public CharSequence getCharContent(boolean ignoreEncodingErrors) {
                        return source;
                    }
                };
        List<String> complaints = new ArrayList<>();

        boolean compiles = compiler.getTask(
                        null,
                        null,
                        complaint -> complaints.add(complaint.toString()),
                        List.of("-proc:none", "-d", folder.toString(), "-cp", System.getProperty("java.class.path")),
                        null,
                        List.of(file))
                .call();

        assertThat(compiles).as(complaints.toString()).isTrue();
    }

    @Test
    void theCommandsWork() throws IOException, InterruptedException {
        for (String block : blocks("sh")) {
            run(block.lines()
                    .map(line -> line.replaceFirst("\\s+#.*", ""))
                    .filter(line -> line.startsWith(METCD) && !line.startsWith(METCD + "quickstart"))
                    .toList());
        }
    }

    private void run(List<String> lines) throws IOException, InterruptedException {
        List<Process> members = new ArrayList<>();
        List<Path> logs = new ArrayList<>();
        try {
            for (String line : lines) {
                if (line.startsWith(METCD + "serve")) {
                    Path log = Files.createTempFile(folder, "member", ".log");
                    logs.add(log);
                    members.add(shell("exec " + line, log));
                } else {
                    for (Path log : logs) {
                        Waiting.until(
                                line + " finds a member", () -> read(log).contains("ready to serve"), () -> read(log));
                    }
                    Path said = folder.resolve("said");
                    Process command = shell(line, said);
                    assertThat(command.waitFor(60, TimeUnit.SECONDS)).as(line).isTrue();
                    assertThat(command.exitValue()).as(line + "\n" + read(said)).isZero();
                }
            }
        } finally {
            for (Process member : members) {
                member.destroyForcibly().waitFor();
            }
        }
    }

    private Process shell(String line, Path log) throws IOException {
        String java = Path.of(System.getProperty("java.home"), "bin", "java")
                + " -XX:+UseSerialGC -XX:TieredStopAtLevel=1 -cp '" + System.getProperty("java.class.path")
                + "' io.metcd.cli.Main ";
        ProcessBuilder shell = new ProcessBuilder(
                        "bash", "-ec", withFreePorts(line).replace(METCD, java))
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile());
        shell.environment().put("ETCDCTL_ENDPOINTS", withFreePorts("127.0.0.1:2379"));
        if (line.contains("serve") && !line.contains("--listen-client-urls")) {
            shell.environment().put("ETCD_LISTEN_CLIENT_URLS", withFreePorts("http://127.0.0.1:2379"));
        }
        return shell.start();
    }

    private String withFreePorts(String line) {
        Matcher matcher = Pattern.compile("\\b(22379|32379|2379|2380)\\b").matcher(line);
        return matcher.replaceAll(found -> String.valueOf(ports.get(found.group())));
    }

    private static List<String> blocks(String language) throws IOException {
        String text = Files.readString(Path.of("..", "README.md"));
        try (Stream<String> found = BLOCK.matcher(text)
                .results()
                .filter(result -> result.group(1).equals(language))
                .map(result -> result.group(2))) {
            return found.toList();
        }
    }

    private static String read(Path file) {
        try {
            return Files.readString(file, StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
