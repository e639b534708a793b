package io.metcd.cli;

import io.metcd.base.RandomSource;
import io.metcd.mesh.wire.handshake.GroupKey;
import picocli.CommandLine.Command;

/** {@code metcd password gen}: a key for a mesh. */
@Command(name = "password", description = "Make the key that the members of one mesh share.")
final class PasswordCommand {
    private final Console console;

    PasswordCommand(Console console) {
        this.console = console;
    }

    @Command(name = "gen", description = "Print a new key. Keep it in a file that only the members can read.")
    int generate() {
        console.out().println(GroupKey.of(RandomSource.secret(GroupKey.SIZE)).text());
        return ExitCode.OK;
    }
}
