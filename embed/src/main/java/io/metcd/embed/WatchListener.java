package io.metcd.embed;

/** Hears of changes, one call at a time, on a thread of the member's; it may block, and then hears later. */
public interface WatchListener {
    void changed(WatchEvent event);

    /**
     * The watch has ended by itself, and nothing comes any more: what it still had to tell was compacted, or the member
     * has stopped.
     */
    default void ended(MetcdException why) {}
}
