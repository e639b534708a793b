package io.metcd.cli;

import io.metcd.server.etcd.Versions;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/** {@code metcd version}. */
@Command(name = "version", description = "Print the version of etcd that metcd answers as, and its own.")
final class VersionCommand implements Callable<Integer> {
    private final Console console;

    VersionCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() {
        console.out().println("etcd Version: " + Versions.SERVER);
        console.out().println("metcd Version: " + own());
        console.out().println("Java Version: " + System.getProperty("java.version"));
        return ExitCode.OK;
    }

    private static String own() {
        return Optional.ofNullable(VersionCommand.class.getPackage().getImplementationVersion())
                .orElse("development");
    }
}
