package io.metcd.node.autopilot;

import java.util.List;

/**
 * What a leader sees at one moment.
 *
 * @param self the leader, one of the voters
 * @param changing whether a change of membership is under way: then nothing is decided
 * @param seats voters and standbys, in a fixed order
 */
public record Scene(long nowNanos, long self, boolean changing, List<Seat> seats) {
    public Scene {
        seats = List.copyOf(seats);
    }
}
