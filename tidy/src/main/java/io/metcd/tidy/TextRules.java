package io.metcd.tidy;

import com.github.javaparser.ast.comments.Comment;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What must not stand in a text that strangers read. */
public final class TextRules {
    private static final Pattern UNFINISHED = Pattern.compile("\\b(FIXME|TODO|XXX)\\b");
    /** Folders of somebody's machine; what an installed system has (etc, tmp, usr, var, proc) is everybody's. */
    private static final Pattern MACHINE_PATH = Pattern.compile("(?<![\\w.}$])/(work|root|home|Users)/[\\w.-]+");

    private static final Map<String, Pattern> FOREIGN = new TreeMap<>(Map.of(
            "cites an unpublished page",
                    Pattern.compile("\\b(?:(?<!docs/)mesh|consensus|rulings|style|versions|frontend|verification"
                            + "|architecture|ecosystem|etcd-api-contract)\\.md\\b|\\bSEAMS\\b"),
            "cites an unpublished numbering",
                    Pattern.compile("\\brulings? \\d+|\\b[DE]\\d{1,2}\\b|\\bG(?!1\\b)\\d{1,2}\\b"),
            "names a package registry's host",
                    Pattern.compile("repo1?\\.maven|registry\\.npmjs|pypi\\.org|deb\\.debian")));

    private TextRules() {}

    public static List<Violation> comments(SourceFile file) {
        List<Violation> found = new ArrayList<>();
        for (Comment comment : file.tree().getAllComments()) {
            Matcher unfinished = UNFINISHED.matcher(comment.getContent());
            if (unfinished.find()) {
                found.add(new Violation(
                        file.at(comment), "says " + unfinished.group(), "do it now, or file an issue and say nothing"));
            }
            found.addAll(foreign(file.at(comment), comment.getContent()));
        }
        if (!file.module().equals("tidy")) {
            found.addAll(machinePaths(file.path(), file.text()));
        }
        return found;
    }

    public static List<Violation> page(Page page) {
        List<Violation> found = new ArrayList<>();
        List<String> lines = page.text().lines().toList();
        for (int i = 0; i < lines.size(); i++) {
            String where = page.path() + ":" + (i + 1);
            found.addAll(foreign(where, lines.get(i)));
            found.addAll(machinePaths(where, lines.get(i)));
        }
        return found;
    }

    private static List<Violation> foreign(String where, String text) {
        List<Violation> found = new ArrayList<>();
        FOREIGN.forEach((what, pattern) -> {
            Matcher matcher = pattern.matcher(text);
            if (matcher.find()) {
                found.add(new Violation(
                        where,
                        what + " (" + matcher.group() + ")",
                        "say it in words, or cite docs/contract.md, docs/scenarios.md, a paper or an RFC"));
            }
        });
        return found;
    }

    private static List<Violation> machinePaths(String where, String text) {
        Matcher matcher = MACHINE_PATH.matcher(text);
        return matcher.find()
                ? List.of(new Violation(
                        where, "names a folder of one machine (" + matcher.group() + ")", "use a relative path"))
                : List.of();
    }
}
