package io.metcd.mesh.net;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.StringWriter;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import javax.tools.JavaCompiler;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The example of docs/mesh.md, as it stands there. */
class DocsMeshExampleTest {
    private static final String BEGIN = "```java\n";

    @TempDir
    Path folder;

    @Test
    void fivePeersOnALineCountToFive() throws Exception {
        String page = Files.readString(Path.of("../docs/mesh.md"));
        int begin = page.indexOf(BEGIN) + BEGIN.length();
        String example = page.substring(begin, page.indexOf("```", begin));
        Path source = Files.writeString(folder.resolve("CounterOnALine.java"), example);

        compile(source);
        Object counted;
        try (URLClassLoader loader = new URLClassLoader(
                new URL[] {folder.toUri().toURL()}, getClass().getClassLoader())) {
            counted = loader.loadClass("CounterOnALine")
                    .getMethod("count", int.class)
                    .invoke(null, 5);
        }

        assertThat(counted).isEqualTo(5L);
        assertThat(example.lines().filter(line -> !line.startsWith("import ") && !line.isBlank()))
                .hasSizeLessThanOrEqualTo(30);
    }

    private void compile(Path source) {
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        String classPath = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
        StringWriter mistakes = new StringWriter();
        List<String> options = List.of("-proc:none", "-cp", classPath, "-d", folder.toString());
        boolean compiled = compiler.getTask(
                        mistakes,
                        null,
                        null,
                        options,
                        null,
                        compiler.getStandardFileManager(null, null, null).getJavaFileObjects(source))
                .call();
        assertThat(compiled).as(mistakes.toString()).isTrue();
    }
}
