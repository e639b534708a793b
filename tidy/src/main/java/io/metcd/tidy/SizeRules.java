package io.metcd.tidy;

import com.github.javaparser.ast.body.CallableDeclaration;
import com.github.javaparser.ast.body.MethodDeclaration;
import java.util.ArrayList;
import java.util.List;

/** What is too long to be read at one sitting. */
public final class SizeRules {
    static final int FILE_LINES_MAX = 500;
    static final int METHOD_LINES_MAX = 70;
    static final int SCRIPT_LINES_MAX = 60;

    private SizeRules() {}

    public static List<Violation> fileLength(SourceFile file) {
        return file.lines() <= FILE_LINES_MAX
                ? List.of()
                : List.of(new Violation(
                        file.path(),
                        file.lines() + " lines, at most " + FILE_LINES_MAX,
                        "move one of its jobs into a class of its own"));
    }

    public static List<Violation> methodLength(SourceFile file) {
        List<Violation> found = new ArrayList<>();
        for (CallableDeclaration<?> method : file.tree().findAll(CallableDeclaration.class, any -> true)) {
            int lines =
                    method.getRange().map(r -> r.end.line - r.begin.line + 1).orElse(0);
            if (lines > METHOD_LINES_MAX) {
                String kind = method instanceof MethodDeclaration ? "method " : "constructor ";
                found.add(new Violation(
                        file.at(method),
                        kind + method.getNameAsString() + " has " + lines + " lines, at most " + METHOD_LINES_MAX,
                        "name its steps and make each a method"));
            }
        }
        return found;
    }

    /** The one door of the house must stay readable on one screen. */
    public static List<Violation> scriptLength(Page page) {
        long lines = page.text().lines().count();
        return !page.path().equals("dev") || lines <= SCRIPT_LINES_MAX
                ? List.of()
                : List.of(new Violation(
                        page.path(),
                        lines + " lines, at most " + SCRIPT_LINES_MAX,
                        "move the work into a program of a module and call it"));
    }
}
