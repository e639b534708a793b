package io.metcd.server;

import java.io.IOException;

/** One of the ports of a server that cannot be had; the text names its address. */
public final class PortFailure extends IOException {
    private static final long serialVersionUID = 1L;

    private final int index;

    PortFailure(int index, IOException cause) {
        super(cause.getMessage(), cause);
        this.index = index;
    }

    /** Which of them, counted as they were asked for. */
    public int index() {
        return index;
    }
}
