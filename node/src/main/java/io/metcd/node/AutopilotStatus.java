package io.metcd.node;

import io.metcd.node.autopilot.Mode;
import java.util.List;

/**
 * What the autopilot of a member does, and why.
 *
 * @param reasons in words for an operator, one sentence each, members in quotes; the leader's own, on other members who
 *     to ask
 */
public record AutopilotStatus(Mode mode, List<String> reasons) {
    /** Of a member without a cluster. */
    static final AutopilotStatus NONE = new AutopilotStatus(Mode.OFF, List.of());

    public AutopilotStatus {
        reasons = List.copyOf(reasons);
    }
}
