package io.metcd.base;

import org.jspecify.annotations.Nullable;

/**
 * Assertions that stay on in production. A false one is a bug of ours: the node stops loudly rather than go on with a
 * state that nobody has thought of.
 */
// The annotation that Error Prone asks for would be this module's only dependency beside JSpecify.
@SuppressWarnings("AnnotateFormatMethod")
public final class Invariants {
    private Invariants() {}

    public static void check(boolean condition, String text) {
        if (!condition) {
            throw new Violation(text);
        }
    }

    /** The text is a {@link String#format} pattern, formatted only on failure. */
    public static void check(boolean condition, String text, @Nullable Object... arguments) {
        if (!condition) {
            throw new Violation(String.format(text, arguments));
        }
    }

    /** For hot paths: no array, no boxing unless it fails. */
    public static void check(boolean condition, String text, long first, long second) {
        if (!condition) {
            throw new Violation(String.format(text, first, second));
        }
    }

    /** A broken invariant: never caught but by the last resort of a loop, which stops the node. */
    public static final class Violation extends RuntimeException {
        private static final long serialVersionUID = 1L;

        public Violation(String text) {
            super(text);
        }
    }
}
