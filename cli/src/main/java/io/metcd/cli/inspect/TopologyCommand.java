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
import picocli.CommandLine.Option;

/** {@code metcd topology}: every link of the mesh that both its ends confirm. */
@Command(name = "topology", description = "All links of the mesh, as the member asked knows them.")
public final class TopologyCommand implements Callable<Integer> {
    private final Console console;

    @Mixin
    private ClientFlags flags = new ClientFlags();

    @Option(names = "--dot", description = "as a graph that Graphviz draws: metcd topology --dot | dot -Tsvg")
    private boolean dot;

    @Option(names = "--json", description = "as JSON: peers and edges")
    private boolean json;

    public TopologyCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() {
        if (dot && json) {
            throw Mistake.usage("--dot and --json: give one of them");
        }
        Inspection inspection = new Inspection(console, flags);
        JsonObject report = inspection.ask("peers");
        if (dot) {
            console.out().print(Dot.of(report));
        } else if (json || flags.isJson()) {
            JsonObject graph = new JsonObject()
                    .put("peers", report.getJsonArray("peers"))
                    .put("edges", report.getJsonArray("edges"));
            console.out().println(graph.encode());
        } else {
            Table edges = new Table("PEER", "PEER", "COST");
            for (JsonObject edge : Inspection.objects(report, "edges")) {
                edges.row(text(edge, "a"), text(edge, "b"), text(edge, "cost"));
            }
            edges.print(console.out());
            for (JsonObject peer : Inspection.objects(report, "peers")) {
                if (!peer.getBoolean("reachable", false)) {
                    console.out()
                            .println("no way to " + text(peer, "name") + ": see './metcd why " + text(peer, "name")
                                    + "'");
                }
            }
        }
        return ExitCode.OK;
    }
}
