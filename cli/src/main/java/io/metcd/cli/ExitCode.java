package io.metcd.cli;

/** What the process tells its caller. */
public final class ExitCode {
    public static final int OK = 0;
    /** What was asked for did not happen. */
    public static final int FAILED = 1;
    /** The command line makes no sense. */
    public static final int USAGE = 2;

    private ExitCode() {}
}
