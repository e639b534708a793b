package io.metcd.store;

/** An operator's word on the cluster's autopilot, which every leader obeys. The codes are on disk and on the wire. */
public enum PilotSwitch {
    /** It does what its members were started with. */
    AS_STARTED(0),
    /** It does nothing. */
    PAUSED(1),
    /** It says what it would do, and does not. */
    DRY_RUN(2);

    private final int code;

    PilotSwitch(int code) {
        this.code = code;
    }

    public int code() {
        return code;
    }

    /** Throws {@link IllegalArgumentException} for a code of none. */
    public static PilotSwitch of(int code) {
        for (PilotSwitch each : values()) {
            if (each.code == code) {
                return each;
            }
        }
        throw new IllegalArgumentException("switch " + code);
    }
}
