package io.metcd.tidy;

import com.github.javaparser.JavaParser;
import com.github.javaparser.ParserConfiguration;
import com.github.javaparser.ast.CompilationUnit;
import com.github.javaparser.ast.Node;
import java.util.function.Function;

/**
 * One Java file, parsed.
 *
 * @param module the Maven module it belongs to
 * @param part main or test
 * @param path relative to the house, with forward slashes
 */
public record SourceFile(String module, Part part, String path, String text, CompilationUnit tree) {
    /** Which side of a module. */
    public enum Part {
        MAIN,
        TEST
    }

    /** Reads {@code text} as Java 17; a file that does not parse is the compiler's business, so it fails loudly. */
    public static SourceFile parse(String path, String text) {
        ParserConfiguration configuration =
                new ParserConfiguration().setLanguageLevel(ParserConfiguration.LanguageLevel.JAVA_17);
        CompilationUnit tree = new JavaParser(configuration)
                .parse(text)
                .getResult()
                .orElseThrow(() -> new IllegalArgumentException("cannot parse " + path));
        Part part = path.contains("/src/test/") ? Part.TEST : Part.MAIN;
        return new SourceFile(path.substring(0, path.indexOf('/')), part, path, text, tree);
    }

    public String packageName() {
        return tree.getPackageDeclaration().map(p -> p.getNameAsString()).orElse("");
    }

    public String fileName() {
        return path.substring(path.lastIndexOf('/') + 1);
    }

    public int lines() {
        return (int) text.lines().count();
    }

    /** The place of {@code node}, as editors understand it. */
    public String at(Node node) {
        Function<Node, Integer> line = n -> n.getBegin().map(p -> p.line).orElse(1);
        return path + ":" + line.apply(node);
    }
}
