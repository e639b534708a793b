package io.metcd.embed;

/** A running watch. Closing it ends it; a call under way ends first, but on its own thread. */
public final class Watcher implements AutoCloseable {
    private final Runnable closing;

    Watcher(Runnable closing) {
        this.closing = closing;
    }

    /** Idempotent. */
    @Override
    public void close() {
        closing.run();
    }
}
