package io.metcd.cli.inspect;

import io.metcd.cli.Console;
import io.metcd.cli.ExitCode;
import io.metcd.cli.Mistake;
import io.metcd.cli.client.ClientFlags;
import io.vertx.core.json.JsonObject;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code metcd route PEER}: exit code 0 if there is one. */
@Command(name = "route", description = "The way to a peer; exit code 1 if there is none.")
public final class RouteCommand implements Callable<Integer> {
    private final Console console;

    @Mixin
    private ClientFlags flags = new ClientFlags();

    @Parameters(paramLabel = "PEER", description = "Its name, or the beginning of its id")
    private String who = "";

    public RouteCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() {
        Inspection inspection = new Inspection(console, flags);
        JsonObject report = inspection.ask("peers");
        JsonObject peer = Inspection.peer(report, who)
                .orElseThrow(() -> new Mistake("no peer is named " + who + ": see './metcd peers'"));
        if (inspection.printedAsJson(peer)) {
            return ExitCode.OK;
        }
        if (!peer.getBoolean("reachable", false)) {
            console.out().println("no route to " + who + ": " + Inspection.text(peer, "explain"));
            return ExitCode.FAILED;
        }
        String path = Inspection.joined(peer, "path", " > ");
        String start = Inspection.text(report, "name");
        console.out().println(path.isEmpty() ? start + " is the member asked" : start + " > " + path);
        String alternate = Inspection.joined(peer, "alternate", " > ");
        if (!alternate.isEmpty() && !alternate.equals(path)) {
            console.out().println("or " + start + " > " + alternate);
        }
        return ExitCode.OK;
    }
}
