package io.metcd.cli.inspect;

import static io.metcd.cli.inspect.Inspection.text;

import io.vertx.core.json.JsonObject;

/** The mesh in Graphviz's language. */
final class Dot {
    private Dot() {}

    /** Nodes are ids, since two peers may claim one name; unreachable ones are dashed, the one asked is bold. */
    static String of(JsonObject report) {
        StringBuilder out = new StringBuilder("graph mesh {\n");
        for (JsonObject peer : Inspection.objects(report, "peers")) {
            boolean asked = text(peer, "id").equals(text(report, "id"));
            String style = asked ? ", style=bold" : peer.getBoolean("reachable", false) ? "" : ", style=dashed";
            out.append("  ").append(quoted(text(peer, "id")));
            out.append(" [label=")
                    .append(quoted(text(peer, "name")))
                    .append(style)
                    .append("];\n");
        }
        for (JsonObject edge : Inspection.objects(report, "edges")) {
            out.append("  ").append(quoted(text(edge, "aId"))).append(" -- ").append(quoted(text(edge, "bId")));
            out.append(" [label=").append(quoted(text(edge, "cost"))).append("];\n");
        }
        return out.append("}\n").toString();
    }

    /** A name is whatever its peer says, and must not become part of the graph. */
    private static String quoted(String text) {
        return '"' + text.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n") + '"';
    }
}
