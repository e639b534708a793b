package io.metcd.cli.inspect;

import io.metcd.cli.Console;
import io.metcd.cli.ExitCode;
import io.metcd.cli.client.ClientFlags;
import io.vertx.core.json.JsonObject;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code metcd why PEER}. */
@Command(name = "why", description = "How a peer is reached, or why it is not, in words.")
public final class WhyCommand implements Callable<Integer> {
    private final Console console;

    @Mixin
    private ClientFlags flags = new ClientFlags();

    @Parameters(paramLabel = "PEER", description = "Its name, or the beginning of its id")
    private String who = "";

    public WhyCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() {
        JsonObject report = new Inspection(console, flags).ask("peers");
        Optional<JsonObject> peer = Inspection.peer(report, who);
        if (peer.isEmpty()) {
            console.out()
                    .println("no peer named " + who + " has been heard of since this member started; "
                            + "check its name, its --join addresses, its password and its --cluster");
            return ExitCode.FAILED;
        }
        console.out().println(Inspection.text(peer.get(), "explain"));
        return peer.get().getBoolean("reachable", false) ? ExitCode.OK : ExitCode.FAILED;
    }
}
