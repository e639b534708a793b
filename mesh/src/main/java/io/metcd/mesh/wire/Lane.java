package io.metcd.mesh.wire;

import io.metcd.base.Bytes;
import io.metcd.mesh.Priority;

/**
 * How a frame wants to travel, where a link has more than one way: in the stream of which class, and whether it is worth
 * more fresh than whole.
 */
public enum Lane {
    /** Proof of life: fresh, and yet loss alone must not end a link; so both ways, of which the later copy is ignored. */
    HEARTBEAT(Priority.CONTROL),
    CONTROL(Priority.CONTROL),
    /** A whole datagram of consensus, which repeats by itself what was lost: better lost than late. */
    FRESH(Priority.CONSENSUS),
    CONSENSUS(Priority.CONSENSUS),
    DATA(Priority.DATA),
    BULK(Priority.BULK);

    private final Priority priority;

    Lane(Priority priority) {
        this.priority = priority;
    }

    /** The class whose stream it takes. */
    public Priority priority() {
        return priority;
    }

    /**
     * Whether the link's pace counts it. Control does not wait; and what may be lost cannot be counted, nor does it add up:
     * whoever sends it awaits an answer before there is much.
     */
    public boolean paced() {
        return this == CONSENSUS || this == DATA || this == BULK;
    }

    /** Whether it may arrive out of order, or not at all. */
    public boolean mayBeLost() {
        return this == FRESH || this == HEARTBEAT;
    }

    /** The lane of a frame of this peer's own making, or one that has been read before it is passed on. */
    public static Lane of(Bytes frame) {
        if (frame.size() < 2) {
            return CONTROL;
        }
        int code = (frame.at(0) & 0xf0) >>> 4;
        if (code == FrameType.HEARTBEAT.code()) {
            return HEARTBEAT;
        }
        boolean datagram = code == FrameType.DATAGRAM.code();
        if (!datagram && code != FrameType.ROUTE_ERROR.code()) {
            return CONTROL;
        }
        boolean whole = datagram && (frame.at(0) & Frame.FRAGMENT) == 0;
        return of(Priority.at(frame.at(1)), !whole);
    }

    /** The lane of a datagram, or of a route error, which counts as a part. */
    static Lane of(Priority priority, boolean part) {
        return switch (priority) {
            case CONTROL -> CONTROL;
            case CONSENSUS -> part ? CONSENSUS : FRESH;
            case DATA -> DATA;
            case BULK -> BULK;
        };
    }
}
