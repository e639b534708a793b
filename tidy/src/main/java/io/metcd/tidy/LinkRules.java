package io.metcd.tidy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Links between our own pages lead somewhere. */
public final class LinkRules {
    private static final Pattern LINK = Pattern.compile("\\[[^\\]]*\\]\\(([^)\\s]+)\\)");
    private static final Pattern HEADING = Pattern.compile("(?m)^#+ +(.+)$");

    private LinkRules() {}

    /** Checks the links of {@code page}; {@code root} is the folder its path is relative to. */
    public static List<Violation> links(Page page, Path root) {
        if (!page.isMarkdown()) {
            return List.of();
        }
        List<Violation> found = new ArrayList<>();
        Matcher matcher = LINK.matcher(page.text());
        while (matcher.find()) {
            String link = matcher.group(1);
            if (link.contains("://") || link.startsWith("mailto:")) {
                continue;
            }
            String[] parts = link.split("#", 2);
            Path from = root.resolve(page.path());
            Path target =
                    parts[0].isEmpty() ? from : from.resolveSibling(parts[0]).normalize();
            if (!Files.exists(target)) {
                found.add(
                        new Violation(page.path(), "links to " + link + ", which is not there", "write it or unlink"));
            } else if (parts.length == 2 && !headings(target, page, root).contains(parts[1])) {
                found.add(new Violation(page.path(), "links to " + link + ": no such heading", "name a heading there"));
            }
        }
        return found;
    }

    private static List<String> headings(Path target, Page page, Path root) {
        String path = root.relativize(target).toString();
        String text = path.equals(page.path())
                ? page.text()
                : new House(root).page(path).text();
        List<String> anchors = new ArrayList<>();
        Matcher matcher = HEADING.matcher(text);
        while (matcher.find()) {
            anchors.add(matcher.group(1)
                    .toLowerCase(Locale.ROOT)
                    .replaceAll("[^\\p{L}\\p{N} _-]", "")
                    .strip()
                    .replace(' ', '-'));
        }
        return anchors;
    }
}
