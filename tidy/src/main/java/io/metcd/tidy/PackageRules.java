package io.metcd.tidy;

import com.github.javaparser.ast.comments.Comment;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;

/** Each package says what it is, and promises that null is marked. */
public final class PackageRules {
    static final int DESCRIPTION_LINES_MAX = 15;

    private PackageRules() {}

    public static List<Violation> descriptions(List<SourceFile> sources) {
        Map<String, SourceFile> described = new TreeMap<>();
        TreeSet<String> used = new TreeSet<>();
        for (SourceFile file : sources) {
            if (file.part() == SourceFile.Part.MAIN) {
                String home = file.path().substring(0, file.path().lastIndexOf('/'));
                used.add(home);
                if (file.fileName().equals("package-info.java")) {
                    described.put(home, file);
                }
            }
        }
        List<Violation> found = new ArrayList<>();
        for (String home : used) {
            SourceFile file = described.get(home);
            if (file == null) {
                found.add(new Violation(
                        home,
                        "has no package-info.java",
                        "write what it is, the words it owns, what it must never do"));
            } else {
                found.addAll(description(file));
            }
        }
        return found;
    }

    static List<Violation> description(SourceFile file) {
        List<Violation> found = new ArrayList<>();
        boolean marked = file.tree()
                .getPackageDeclaration()
                .map(p -> p.getAnnotationByName("NullMarked").isPresent())
                .orElse(false);
        if (!marked) {
            found.add(new Violation(file.path(), "is not @NullMarked", "annotate the package"));
        }
        Optional<Comment> comment = file.tree().getAllComments().stream().findFirst();
        int lines = comment.flatMap(Comment::getRange)
                .map(r -> r.end.line - r.begin.line - 1)
                .orElse(0);
        if (lines == 0) {
            found.add(new Violation(file.path(), "describes nothing", "write what the package is and must never do"));
        } else if (lines > DESCRIPTION_LINES_MAX) {
            found.add(new Violation(
                    file.path(),
                    "describes itself in " + lines + " lines, at most " + DESCRIPTION_LINES_MAX,
                    "keep what, which words, and what never; move the rest to the door class"));
        }
        return found;
    }
}
