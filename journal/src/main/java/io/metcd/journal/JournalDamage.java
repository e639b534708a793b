package io.metcd.journal;

import java.io.IOException;

/**
 * The journal is not what this member has written, or not this member's: going on with it could take back what was
 * acknowledged. The text names the file, the place and the cure.
 */
public final class JournalDamage extends IOException {
    private static final long serialVersionUID = 1L;

    /** The cure where the bytes are lost. */
    public static final String FROM_PEERS = "do not repair it by hand; recover this member from its peers:"
            + " `etcdctl member remove` it, `etcdctl member add` it again, and start it with an empty directory";

    JournalDamage(String text) {
        super(text);
    }

    /** What was written in this place is not there. */
    static JournalDamage at(String file, long offset, String what) {
        return new JournalDamage(
                "the file " + file + " is damaged at byte " + offset + " (" + what + "): " + FROM_PEERS);
    }
}
