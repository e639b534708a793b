package io.metcd.cli.inspect;

import static io.metcd.cli.inspect.Inspection.text;

import io.metcd.cli.Console;
import io.metcd.cli.ExitCode;
import io.metcd.cli.client.ClientFlags;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code metcd status}: exit code 0 if the member asked can serve, 1 if not. */
@Command(name = "status", description = "What one member knows of itself; exit code 1 if it cannot serve.")
public final class StatusCommand implements Callable<Integer> {
    private final Console console;

    @Mixin
    private ClientFlags flags = new ClientFlags();

    public StatusCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() {
        Inspection inspection = new Inspection(console, flags);
        JsonObject status = inspection.ask("status");
        boolean serves = status.getBoolean("ready", false);
        if (!inspection.printedAsJson(status)) {
            for (String field : new String[] {
                "name",
                "cluster",
                "clusterId",
                "memberId",
                "phase",
                "role",
                "term",
                "leaderName",
                "revision",
                "commit",
                "applied",
                "version"
            }) {
                console.out()
                        .println(String.format("%-11s %s", field, text(status, field))
                                .stripTrailing());
            }
            if (!text(status, "waitsFor").isEmpty()) {
                console.out().println("waits for   " + text(status, "waitsFor"));
            }
            console.out().println("autopilot   " + text(status, "autopilot"));
            for (Object reason : status.getJsonArray("autopilotSays", new JsonArray())) {
                console.out().println("            " + reason);
            }
            for (Object alarm : status.getJsonArray("alarms", new JsonArray())) {
                console.out().println("ALARM       " + alarm);
            }
            console.out().println(serves ? "serves" : "does not serve");
        }
        return serves ? ExitCode.OK : ExitCode.FAILED;
    }
}
