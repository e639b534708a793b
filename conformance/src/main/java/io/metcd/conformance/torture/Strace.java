package io.metcd.conformance.torture;

import java.util.List;

/** Faults of system calls by strace, which leaves its place in the process table to the program it runs. */
final class Strace {
    private Strace() {}

    /** Kills the program when one of its threads asks for its N-th sync. */
    static List<String> killAtSync(int n) {
        return inject("fdatasync", "signal=SIGKILL:when=" + n);
    }

    /** From its N-th sync on, no sync of a thread succeeds. */
    static List<String> failSyncFrom(int n) {
        return inject("fdatasync,fsync", "error=EIO:when=" + n + "+");
    }

    private static List<String> inject(String calls, String fault) {
        return List.of(
                "strace",
                "-D",
                "-f",
                "-qq",
                "--seccomp-bpf",
                "-o",
                "/dev/null",
                "-e",
                "trace=" + calls,
                "-e",
                "inject=" + calls + ":" + fault);
    }
}
