package io.metcd.cli.quickstart;

import io.metcd.cli.Console;
import io.metcd.cli.ExitCode;
import io.metcd.cli.LogLevel;
import java.io.IOException;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code metcd quickstart [--once]}. */
@Command(name = "quickstart", description = "Three peers on a line in one process, and a tour of what they do.")
public final class QuickstartCommand implements Callable<Integer> {
    private static final Duration READY = Duration.ofSeconds(20);

    private final Console console;

    @Option(names = "--once", description = "End after the tour, with exit code 0 only if all of it held")
    private boolean once;

    @Option(names = "--log", description = "Show the log of the three members too")
    private boolean log;

    public QuickstartCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        LogLevel.set(log ? "info" : "error");
        PrintStream out = console.out();
        out.println("metcd quickstart: three peers in one process, real sockets on 127.0.0.1");
        out.println();
        out.println("    a ────── b ────── c      a and c have no link: each dials b alone");
        out.println();
        try (Line line = Line.start()) {
            line.awaitReady(READY);
            String ready = "ready in " + sinceStart() + " ms after JVM start";
            out.println(ready + ", the leader is " + line.leader("b"));
            for (String name : Line.NAMES) {
                out.println("    " + name + "  http://127.0.0.1:" + line.clientPort(name));
            }
            out.println();
            new Tour(line, out).run();
            if (!once) {
                int port = line.clientPort("a");
                out.println("still serving; try './metcd get greeting --endpoints 127.0.0.1:" + port
                        + "', './metcd peers --endpoints 127.0.0.1:" + port + "'; end with Ctrl-C");
                new CountDownLatch(1).await();
            }
            out.println("quickstart: " + ready);
            return ExitCode.OK;
        }
    }

    /** Since the JVM began; the process is older when the launcher had to build first. */
    private static long sinceStart() {
        long now = System.currentTimeMillis();
        return now - ManagementFactory.getRuntimeMXBean().getStartTime();
    }
}
