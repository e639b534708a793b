package io.metcd.node.autopilot;

/** Whether an autopilot acts. */
public enum Mode {
    /** Members change by an operator's word alone. */
    OFF,
    ON,
    /** As OFF, until an operator says otherwise. */
    PAUSED,
    /** Says what it would do, and does not. */
    DRY_RUN;

    /** As an operator reads and writes it. */
    public String word() {
        return switch (this) {
            case OFF -> "off";
            case ON -> "on";
            case PAUSED -> "paused";
            case DRY_RUN -> "dry-run";
        };
    }
}
