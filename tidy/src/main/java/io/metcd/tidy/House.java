package io.metcd.tidy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * The repository as the rules see it: hand-written sources and pages, never what a build made.
 *
 * @param root the folder that holds {@code dev} and the parent POM
 */
public record House(Path root) {
    private static final List<String> PAGES = List.of(".md", ".xml", ".txt", ".proto", ".properties");
    private static final List<String> SCRIPTS = List.of("dev", "metcd", ".ci/run", ".gitignore");

    /** The house around the working directory: Maven starts tests in the module, an editor may start them at the root. */
    public static House around(Path start) {
        for (Path folder = start.toAbsolutePath(); folder != null; folder = folder.getParent()) {
            if (Files.exists(folder.resolve("dev")) && Files.exists(folder.resolve("pom.xml"))) {
                return new House(folder);
            }
        }
        throw new IllegalStateException("no house around " + start + ": run from inside the repository");
    }

    public List<String> modules() {
        return children(root).stream()
                .filter(folder -> Files.exists(folder.resolve("pom.xml")))
                .map(folder -> folder.getFileName().toString())
                .toList();
    }

    public List<SourceFile> sources() {
        return modules().stream()
                .flatMap(module -> files(root.resolve(module).resolve("src")).stream())
                .filter(file -> file.toString().endsWith(".java"))
                .toList()
                .parallelStream()
                .map(file -> SourceFile.parse(relative(file), read(file)))
                .toList();
    }

    /** Markdown, build files, scripts and test resources. */
    public List<Page> pages() {
        List<Page> pages = new ArrayList<>();
        for (Path child : children(root)) {
            boolean hidden = child.getFileName().toString().startsWith(".");
            for (Path file : hidden ? List.<Path>of() : files(child)) {
                if (PAGES.stream().anyMatch(file.toString()::endsWith)) {
                    pages.add(new Page(relative(file), read(file)));
                }
            }
        }
        for (String script : SCRIPTS) {
            if (Files.exists(root.resolve(script))) {
                pages.add(new Page(script, read(root.resolve(script))));
            }
        }
        return pages;
    }

    public Page page(String path) {
        return new Page(path, read(root.resolve(path)));
    }

    private String relative(Path file) {
        return root.relativize(file).toString().replace('\\', '/');
    }

    private static List<Path> children(Path folder) {
        try (Stream<Path> children = Files.list(folder)) {
            return children.sorted().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<Path> files(Path start) {
        if (!Files.exists(start)) {
            return List.of();
        }
        try (Stream<Path> walk = Files.walk(start)) {
            return walk.filter(Files::isRegularFile)
                    .filter(file -> !file.toString().contains("/target/"))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
