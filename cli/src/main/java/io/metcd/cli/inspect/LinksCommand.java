package io.metcd.cli.inspect;

import static io.metcd.cli.inspect.Inspection.text;

import io.metcd.cli.Console;
import io.metcd.cli.ExitCode;
import io.metcd.cli.client.ClientFlags;
import io.vertx.core.json.JsonObject;
import java.io.PrintStream;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code metcd links}: what the links of one peer carry, and what did not get through. */
@Command(
        name = "links",
        description = "The links of the member asked: what they carry, what waits, what did not get through.")
public final class LinksCommand implements Callable<Integer> {
    private final Console console;

    @Mixin
    private ClientFlags flags = new ClientFlags();

    public LinksCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() {
        Inspection inspection = new Inspection(console, flags);
        JsonObject report = inspection.ask("peers");
        if (inspection.printedAsJson(report)) {
            return ExitCode.OK;
        }
        PrintStream out = console.out();
        Table links = new Table(
                "LINK TO",
                "DIRECTION",
                "ADDRESS",
                "STATE",
                "RTT MS",
                "TAIL MS",
                "SENT",
                "RECEIVED",
                "WAITING",
                "DROPPED");
        for (JsonObject link : Inspection.objects(report, "links")) {
            links.row(
                    text(link, "name"),
                    link.getBoolean("dialled", false) ? "out" : "in",
                    text(link, "address"),
                    Inspection.state(link),
                    text(link, "rttMillis"),
                    text(link, "rttTailMillis"),
                    text(link, "sentBytes"),
                    text(link, "receivedBytes"),
                    notZero(link, "queuedBytes"),
                    notZero(link, "dropped"));
        }
        links.print(out);
        for (JsonObject dial : Inspection.objects(report, "dials")) {
            if (!dial.getBoolean("connected", false)) {
                out.println("no link to " + text(dial, "address") + ": " + text(dial, "lastFailure"));
            }
        }
        for (JsonObject refused : Inspection.objects(report, "refused")) {
            out.println("refused " + text(refused, "host") + ", " + text(refused, "times") + " times: "
                    + text(refused, "reason"));
        }
        String counted = notZero(report, "counters");
        if (!counted.isEmpty()) {
            out.println("since the start: " + counted);
        }
        return ExitCode.OK;
    }

    /** Those fields of an inner object that are not 0, as NAME=VALUE. */
    private static String notZero(JsonObject object, String field) {
        return object.getJsonObject(field, new JsonObject()).stream()
                .filter(entry -> entry.getValue() instanceof Number number && number.longValue() != 0)
                .map((Map.Entry<String, Object> entry) -> entry.getKey() + "=" + entry.getValue())
                .collect(Collectors.joining(" "));
    }
}
