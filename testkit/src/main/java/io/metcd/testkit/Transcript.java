package io.metcd.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.DynamicTest;

/**
 * A story in a text file: blocks of commands, a line {@code ----}, and the output expected of them.
 *
 * <pre>
 * # Prose, pictures and reasons begin with a hash.
 *
 * propose 1 x=1
 * deliver 1 2
 * ----
 * 2: appended 1/2 x=1
 * </pre>
 *
 * The lines above {@code ----} are run in order and their outputs joined; the expected output ends at the first empty
 * line. {@code -Drewrite=true} writes what came out into the file instead of comparing: review the difference.
 *
 * <pre>
 * &#64;TestFactory
 * Stream&lt;DynamicTest&gt; stories() {
 *     return Transcript.folder("raft", RaftStage::new);   // src/test/resources/raft/*.txt, a new stage for each file
 * }
 * </pre>
 */
public final class Transcript {
    private static final String RULE = "----";
    private static final Path RESOURCES = Path.of("src", "test", "resources");

    private Transcript() {}

    /** What a story plays against. */
    public interface Stage {
        /** Runs one command; the output is any number of lines, with or without a newline at its end. */
        String run(Command command);
    }

    /** One command line, cut at white space. */
    public record Command(String name, List<String> arguments) {
        public Command {
            arguments = List.copyOf(arguments);
        }

        static Command parse(String line) {
            List<String> words = List.of(line.strip().split("\\s+"));
            return new Command(words.get(0), words.subList(1, words.size()));
        }

        /** The n-th argument that is not of the form {@code key=value}, from 0. */
        public String word(int n) {
            List<String> words =
                    arguments.stream().filter(word -> !word.contains("=")).toList();
            Assertions.assertTrue(n < words.size(), () -> "argument " + n + " is missing: " + this);
            return words.get(n);
        }

        public long number(int n) {
            return Long.parseLong(word(n));
        }

        /** The value of {@code key=value}, or the given default. */
        public String option(String key, String otherwise) {
            for (String word : arguments) {
                if (word.startsWith(key + "=")) {
                    return word.substring(key.length() + 1);
                }
            }
            return otherwise;
        }

        public long option(String key, long otherwise) {
            return Long.parseLong(option(key, Long.toString(otherwise)));
        }

        /** True for a bare word. */
        public boolean has(String word) {
            return arguments.contains(word);
        }

        @Override
        public String toString() {
            return (name + " " + String.join(" ", arguments)).strip();
        }
    }

    /** One test for each {@code .txt} file of a folder in src/test/resources, each with a new stage. */
    public static Stream<DynamicTest> folder(String folder, Supplier<? extends Stage> stage) {
        try (Stream<Path> files = Files.list(RESOURCES.resolve(folder))) {
            List<Path> stories = files.filter(file -> file.toString().endsWith(".txt"))
                    .sorted()
                    .toList();
            Assertions.assertFalse(stories.isEmpty(), () -> "no transcript in " + folder);
            return stories.stream()
                    .map(file -> DynamicTest.dynamicTest(
                            String.valueOf(file.getFileName()), file.toUri(), () -> play(file, stage.get())));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void play(Path file, Stage stage) throws IOException {
        String expected = Files.readString(file);
        String actual = replay(expected, stage);
        if (Boolean.getBoolean("rewrite")) {
            Files.writeString(file, actual);
        } else {
            Assertions.assertEquals(expected, actual, () -> file + " (-Drewrite=true accepts what came out)");
        }
    }

    /** The same story with the outputs that the stage gives. */
    static String replay(String story, Stage stage) {
        StringBuilder result = new StringBuilder();
        List<Command> commands = new ArrayList<>();
        boolean inOutput = false;
        for (String line : story.lines().toList()) {
            if (inOutput && !line.isEmpty()) {
                continue;
            }
            inOutput = false;
            result.append(line).append('\n');
            if (line.equals(RULE)) {
                commands.forEach(command -> append(result, output(command, stage)));
                commands.clear();
                inOutput = true;
            } else if (!line.isBlank() && !line.startsWith("#")) {
                commands.add(Command.parse(line));
            }
        }
        Assertions.assertTrue(commands.isEmpty(), () -> "no " + RULE + " after " + commands);
        return result.toString();
    }

    private static void append(StringBuilder result, String output) {
        output.lines()
                .filter(line -> !line.isBlank())
                .forEach(line -> result.append(line).append('\n'));
    }

    private static String output(Command command, Stage stage) {
        try {
            return stage.run(command);
        } catch (RuntimeException | AssertionError e) {
            throw new AssertionError("at: " + command, e);
        }
    }
}
