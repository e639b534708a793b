package io.metcd.cli.inspect;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import org.junit.jupiter.api.Test;

/** What commands make of a member's report of its mesh. */
class MeshSeenTest {
    @Test
    void aLinkThatHasNotProvedItselfIsNotCalledUp() {
        assertThat(Inspection.state(link(false, false))).isEqualTo("not up");
        assertThat(Inspection.state(link(false, true))).isEqualTo("not up");
        assertThat(Inspection.state(link(true, true))).isEqualTo("suspect");
        assertThat(Inspection.state(link(true, false))).isEqualTo("up");
    }

    @Test
    void aNameDoesNotEscapeFromItsQuotesInAGraph() {
        JsonObject report = new JsonObject()
                .put("id", "a1")
                .put(
                        "peers",
                        new JsonArray()
                                .add(peer("a1", "a", true))
                                .add(peer("b1", "\"]; evil [label=\"x\\", true))
                                .add(peer("c1", "c", false)))
                .put(
                        "edges",
                        new JsonArray()
                                .add(new JsonObject()
                                        .put("aId", "a1")
                                        .put("bId", "b1")
                                        .put("cost", 3)));

        assertThat(Dot.of(report)).isEqualTo("""
            graph mesh {
              "a1" [label="a", style=bold];
              "b1" [label="\\"]; evil [label=\\"x\\\\"];
              "c1" [label="c", style=dashed];
              "a1" -- "b1" [label="3"];
            }
            """);
    }

    private static JsonObject link(boolean up, boolean suspect) {
        return new JsonObject().put("up", up).put("suspect", suspect);
    }

    private static JsonObject peer(String id, String name, boolean reachable) {
        return new JsonObject().put("id", id).put("name", name).put("reachable", reachable);
    }
}
