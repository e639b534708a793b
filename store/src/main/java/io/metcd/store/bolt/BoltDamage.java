package io.metcd.store.bolt;

import java.io.IOException;

/** A file is not what its format says. The text names the page and what is wrong with it. */
public final class BoltDamage extends IOException {
    private static final long serialVersionUID = 1L;

    public BoltDamage(String text) {
        super(text);
    }

    static BoltDamage ofPage(long page, String text) {
        return new BoltDamage("page " + Long.toUnsignedString(page) + " " + text);
    }
}
