package io.metcd.cli;

/**
 * Something the operator can put right. The message is one line that names the flag or argument and the cure; the
 * process ends with {@link #exitCode}.
 */
public final class Mistake extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final int exitCode;

    /** A fact of the world is in the way: a busy port, an unreadable file. */
    public Mistake(String message) {
        this(message, ExitCode.FAILED);
    }

    private Mistake(String message, int exitCode) {
        super(message, null, false, false);
        this.exitCode = exitCode;
    }

    /** The command line itself is wrong. */
    public static Mistake usage(String message) {
        return new Mistake(message, ExitCode.USAGE);
    }

    public int exitCode() {
        return exitCode;
    }

    /** Never null, unlike an exception's in general. */
    public String text() {
        return String.valueOf(getMessage());
    }
}
