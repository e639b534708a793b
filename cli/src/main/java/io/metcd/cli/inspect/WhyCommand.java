package io.metcd.cli.inspect;

import io.metcd.cli.Console;
import io.metcd.cli.ExitCode;
import io.metcd.cli.client.ClientFlags;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code metcd why [PEER]}. */
@Command(
        name = "why",
        description = {
            "How a peer is reached, or why it is not, in words, and what the autopilot has to say about it.",
            "Without a peer: what the member asked waits for, and why its autopilot acts or does not."
        })
public final class WhyCommand implements Callable<Integer> {
    private static final int EVENTS_TOLD = 3;
    private static final double MILLIS_PER_SECOND = 1_000;

    private final Console console;

    @Mixin
    private ClientFlags flags = new ClientFlags();

    @Parameters(paramLabel = "PEER", arity = "0..1", description = "Its name, or the beginning of its id")
    private String who = "";

    public WhyCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() {
        Inspection inspection = new Inspection(console, flags);
        JsonObject status = inspection.ask("status");
        if (who.isEmpty()) {
            String waitsFor = Inspection.text(status, "waitsFor");
            console.out().println(waitsFor.isEmpty() ? "it serves" : waitsFor);
            console.out().println("autopilot: " + Inspection.text(status, "autopilot"));
            tellAutopilot(status, "");
            return waitsFor.isEmpty() ? ExitCode.OK : ExitCode.FAILED;
        }
        JsonObject report = inspection.ask("peers");
        Optional<JsonObject> peer = Inspection.peer(report, who);
        if (peer.isEmpty()) {
            console.out()
                    .println("no peer named " + who + " has been heard of since this member started; "
                            + "check its name, its --join addresses, its password and its --cluster");
            return ExitCode.FAILED;
        }
        console.out().println(Inspection.text(peer.get(), "explain"));
        tellEvents(report, Inspection.text(peer.get(), "id"));
        tellAutopilot(status, "'" + Inspection.text(peer.get(), "name") + "'");
        return peer.get().getBoolean("reachable", false) ? ExitCode.OK : ExitCode.FAILED;
    }

    /** What happened last with this peer. */
    private void tellEvents(JsonObject report, String id) {
        List<JsonObject> events = Inspection.objects(report, "events").stream()
                .filter(event -> Inspection.text(event, "id").equals(id))
                .toList();
        for (JsonObject event : events.subList(Math.max(0, events.size() - EVENTS_TOLD), events.size())) {
            console.out()
                    .println(String.format(
                            Locale.ROOT,
                            "%.1f s ago: %s%s",
                            event.getLong("agoMillis", 0L) / MILLIS_PER_SECOND,
                            Inspection.text(event, "kind")
                                    .toLowerCase(Locale.ROOT)
                                    .replace('_', ' '),
                            Inspection.text(event, "text").isEmpty() ? "" : ", " + Inspection.text(event, "text")));
        }
    }

    /** Its reasons in which the text occurs. */
    private void tellAutopilot(JsonObject status, String about) {
        for (Object reason : status.getJsonArray("autopilotSays", new JsonArray())) {
            if (reason.toString().contains(about)) {
                console.out().println("autopilot: " + reason);
            }
        }
    }
}
