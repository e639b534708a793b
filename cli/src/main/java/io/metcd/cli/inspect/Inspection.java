package io.metcd.cli.inspect;

import io.metcd.cli.Console;
import io.metcd.cli.client.ClientFlags;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** What the commands of this package share: asking, and reading what was said. */
final class Inspection {
    /** A shorter beginning of an id is more likely a name that nobody has. */
    private static final int ID_LENGTH_MIN = 4;

    private final Console console;
    private final ClientFlags flags;

    Inspection(Console console, ClientFlags flags) {
        this.console = console;
        this.flags = flags;
    }

    JsonObject ask(String page) {
        return Report.of(flags.access(console), page);
    }

    /** Prints what was said as it is, if that is what the user wants. */
    boolean printedAsJson(JsonObject report) {
        if (flags.isJson()) {
            console.out().println(report.encode());
        }
        return flags.isJson();
    }

    /** The peer that {@code who} names, by its name or the beginning of its id. */
    static Optional<JsonObject> peer(JsonObject report, String who) {
        return objects(report, "peers").stream()
                .filter(peer -> peer.getString("name", "").equals(who)
                        || (who.length() >= ID_LENGTH_MIN
                                && peer.getString("id", "").startsWith(who.toLowerCase(Locale.ROOT))))
                .findFirst();
    }

    /** Of a link: one that has not proved both directions carries nothing yet. */
    static String state(JsonObject link) {
        if (!link.getBoolean("up", false)) {
            return "not up";
        }
        return link.getBoolean("suspect", false) ? "suspect" : "up";
    }

    static List<JsonObject> objects(JsonObject report, String field) {
        JsonArray array = report.getJsonArray(field, new JsonArray());
        return array.stream()
                .filter(JsonObject.class::isInstance)
                .map(JsonObject.class::cast)
                .toList();
    }

    static String joined(JsonObject report, String field, String separator) {
        JsonArray array = report.getJsonArray(field, new JsonArray());
        return String.join(separator, array.stream().map(String::valueOf).toList());
    }

    static String text(JsonObject report, String field) {
        Object value = report.getValue(field);
        return value == null ? "" : value.toString();
    }
}
