package io.metcd.server.page;

import io.metcd.mesh.TopologyView.Counters;
import io.metcd.mesh.spread.Figures;
import java.util.List;

/**
 * What a peer's mesh has counted since its start, under the names of its page and of its metrics.
 *
 * @param field in JSON
 * @param reason why something was lost or refused, as a label of {@code metcd_mesh_lost_total}; empty for what passed
 */
record MeshCounts(String field, String reason, long value) {
    /** All of them; one that is added to the view is added here. */
    static List<MeshCounts> of(Counters counters) {
        Figures items = counters.items();
        return List.of(
                passed("datagramsSent", counters.datagramsSent()),
                passed("datagramsReceived", counters.datagramsReceived()),
                passed("framesRelayed", counters.framesRelayed()),
                passed("framesRepaired", counters.framesRepaired()),
                passed("routeErrors", counters.routeErrors()),
                passed("framesDuplicate", counters.framesDuplicate()),
                passed("ownStalls", counters.ownStalls()),
                passed("itemsReceived", items.received()),
                passed("itemsDuplicate", items.duplicates()),
                passed("itemsDelivered", items.delivered()),
                passed("itemsAskedFor", items.asked()),
                new MeshCounts("framesUnroutable", "no_route", counters.framesUnroutable()),
                new MeshCounts("malformedFrames", "malformed", counters.malformedFrames()),
                new MeshCounts("framesForged", "forged", counters.framesForged()),
                new MeshCounts("framesUnknown", "unknown_type", counters.framesUnknown()),
                new MeshCounts("messagesUnheard", "nobody_listens", counters.messagesUnheard()),
                new MeshCounts("datagramsLost", "link_died", counters.datagramsLost()),
                new MeshCounts("reassemblyDropped", "incomplete", counters.reassemblyDropped()),
                new MeshCounts("recordsRefused", "record_refused", counters.recordsRefused()),
                new MeshCounts("routeErrorsRefused", "route_error_refused", counters.routeErrorsRefused()),
                new MeshCounts("itemsForged", "item_forged", items.forged()),
                new MeshCounts("itemsRefused", "item_refused", items.refused()),
                new MeshCounts("itemWordsMalformed", "item_malformed", items.malformed()));
    }

    private static MeshCounts passed(String field, long value) {
        return new MeshCounts(field, "", value);
    }
}
