package io.metcd.journal;

import java.io.IOException;

/**
 * The journal is not what this member has written: going on with it could take back what was acknowledged. The text
 * names the file and the place.
 */
public final class JournalDamage extends IOException {
    private static final long serialVersionUID = 1L;

    JournalDamage(String text) {
        super(text);
    }
}
