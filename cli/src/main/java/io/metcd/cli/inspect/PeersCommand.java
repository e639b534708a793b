package io.metcd.cli.inspect;

import static io.metcd.cli.inspect.Inspection.text;

import io.metcd.cli.Console;
import io.metcd.cli.ExitCode;
import io.metcd.cli.client.ClientFlags;
import io.vertx.core.json.JsonObject;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code metcd peers}: the mesh as one peer sees it. */
@Command(name = "peers", description = "The peers of the mesh, the links of the member asked, and whom it dials.")
public final class PeersCommand implements Callable<Integer> {
    private final Console console;

    @Mixin
    private ClientFlags flags = new ClientFlags();

    public PeersCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() {
        Inspection inspection = new Inspection(console, flags);
        JsonObject report = inspection.ask("peers");
        if (inspection.printedAsJson(report)) {
            return ExitCode.OK;
        }
        Table peers = new Table("PEER", "ID", "REACHABLE", "PATH", "RTT MS", "CLIENT URLS");
        for (JsonObject peer : Inspection.objects(report, "peers")) {
            peers.row(
                    text(peer, "name"),
                    text(peer, "id"),
                    peer.getBoolean("reachable", false) ? "yes" : "no",
                    Inspection.joined(peer, "path", " > "),
                    text(peer, "rttMillis"),
                    Inspection.joined(peer, "clientUrls", ","));
        }
        peers.print(console.out());
        console.out().println();
        Table links = new Table("LINK TO", "DIRECTION", "ADDRESS", "RTT MS", "STATE");
        for (JsonObject link : Inspection.objects(report, "links")) {
            links.row(
                    text(link, "name"),
                    link.getBoolean("dialled", false) ? "out" : "in",
                    text(link, "address"),
                    text(link, "rttMillis"),
                    Inspection.state(link));
        }
        links.print(console.out());
        for (JsonObject dial : Inspection.objects(report, "dials")) {
            if (!dial.getBoolean("connected", false)) {
                console.out()
                        .println("dials " + text(dial, "address") + ", " + text(dial, "failures") + " failures, last: "
                                + text(dial, "lastFailure"));
            }
        }
        for (JsonObject conflict : Inspection.objects(report, "conflicts")) {
            console.out()
                    .println("CONFLICT: more than one peer is named " + text(conflict, "name") + ": "
                            + Inspection.joined(conflict, "claimants", ", ") + "; give each a name of its own");
        }
        return ExitCode.OK;
    }
}
