package io.metcd.cli.inspect;

import static io.metcd.cli.inspect.Inspection.text;

import io.metcd.cli.Console;
import io.metcd.cli.ExitCode;
import io.metcd.cli.Mistake;
import io.metcd.cli.client.ClientFlags;
import io.vertx.core.json.JsonObject;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code metcd refound}: an operator's act when most members of an in-memory cluster are gone for good. */
@Command(
        name = "refound",
        description = {
            "Begin a new cluster with what the member asked still holds, when the majority of its in-memory cluster is"
                    + " gone for good.",
            "What only the others had is lost. Members that are started again come into the new cluster."
        })
public final class RefoundCommand implements Callable<Integer> {
    private final Console console;

    @Mixin
    private ClientFlags flags = new ClientFlags();

    public RefoundCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() {
        JsonObject status = new Inspection(console, flags).ask("status");
        String cluster = text(status, "cluster");
        JsonObject answer = Report.order(flags.access(console), "refound?cluster=" + cluster);
        String error = text(answer, "error");
        if (!error.isEmpty()) {
            throw new Mistake(error);
        }
        console.out().println("cluster " + cluster + " begins anew with member " + text(status, "name"));
        return ExitCode.OK;
    }
}
