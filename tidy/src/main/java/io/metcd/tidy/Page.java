package io.metcd.tidy;

/**
 * A text file that people read: Markdown, build file or script.
 *
 * @param path relative to the house, with forward slashes
 */
public record Page(String path, String text) {
    public boolean isMarkdown() {
        return path.endsWith(".md");
    }
}
