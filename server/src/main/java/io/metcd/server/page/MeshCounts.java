package io.metcd.server.page;

import io.metcd.mesh.TopologyView.Counters;
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
        return List.of(
                passed("datagramsSent", counters.datagramsSent()),
                passed("datagramsReceived", counters.datagramsReceived()),
                passed("framesRelayed", counters.framesRelayed()),
                passed("framesRepaired", counters.framesRepaired()),
                passed("routeErrors", counters.routeErrors()),
                passed("framesDuplicate", counters.framesDuplicate()),
                passed("ownStalls", counters.ownStalls()),
                new MeshCounts("framesUnroutable", "no_route", counters.framesUnroutable()),
                new MeshCounts("malformedFrames", "malformed", counters.malformedFrames()),
                new MeshCounts("framesForged", "forged", counters.framesForged()),
                new MeshCounts("framesUnknown", "unknown_type", counters.framesUnknown()),
                new MeshCounts("messagesUnheard", "nobody_listens", counters.messagesUnheard()),
                new MeshCounts("datagramsLost", "link_died", counters.datagramsLost()),
                new MeshCounts("reassemblyDropped", "incomplete", counters.reassemblyDropped()),
                new MeshCounts("recordsRefused", "record_refused", counters.recordsRefused()),
                new MeshCounts("recordsUnverified", "record_unverified", counters.recordsUnverified()),
                new MeshCounts("routeErrorsRefused", "route_error_refused", counters.routeErrorsRefused()));
    }

    private static MeshCounts passed(String field, long value) {
        return new MeshCounts(field, "", value);
    }
}
