package io.metcd.node.autopilot;

/**
 * A member as the leader sees it now.
 *
 * @param name for an operator
 * @param zone where it runs, empty if it does not say; members of one zone may be lost together
 * @param founds comes again by its name to found the cluster, were it to be started anew with nothing
 * @param present the leader has a way to it and has heard of it lately
 * @param caughtUp it holds nearly all that is committed
 */
public record Seat(long id, String name, String zone, Part part, boolean founds, boolean present, boolean caughtUp) {
    /** The part of a member in consensus, as far as it matters here. */
    public enum Part {
        VOTER,
        /** May be made a voter. */
        STANDBY
    }

    boolean votes() {
        return part == Part.VOTER;
    }
}
