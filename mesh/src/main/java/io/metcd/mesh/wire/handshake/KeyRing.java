package io.metcd.mesh.wire.handshake;

import io.metcd.base.Bytes;
import io.metcd.base.Invariants;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * The group keys of one peer. It proves with the first and accepts all, and answers whoever proved one of them with
 * that same one. So a mesh changes its key without a moment in which two members do not understand each other: the new key
 * below the old one everywhere, then above it everywhere, then the old one gone.
 */
public final class KeyRing {
    /** An old key, a new one, and room for one change that was left half done; each costs a stranger's proof a hash. */
    public static final int KEYS_MAX = 4;

    private static final KeyRing NONE = new KeyRing(List.of(GroupKey.none()));
    private static final String COMMENT = "#";

    /** Invariant: 1 to {@link #KEYS_MAX} different keys; that which proves nothing stands alone. */
    private final List<GroupKey> keys;

    private KeyRing(List<GroupKey> keys) {
        Invariants.check(!keys.isEmpty() && keys.size() <= KEYS_MAX, "a ring of %s keys", keys.size());
        this.keys = List.copyOf(keys);
    }

    public static KeyRing of(GroupKey key) {
        return new KeyRing(List.of(key));
    }

    /** The ring of a mesh without a password. */
    public static KeyRing none() {
        return NONE;
    }

    /**
     * Reads keys, one a line, the first of which proves. Empty lines mean nothing, nor do those that begin with a hash.
     *
     * @throws IllegalArgumentException in words that say the fix, as {@link GroupKey#parse}
     */
    public static KeyRing parse(String text, String cluster, GroupKey.Passphrases passphrases) {
        List<String> lines = text.lines()
                .map(String::strip)
                .filter(line -> !line.isEmpty() && !line.startsWith(COMMENT))
                .toList();
        if (lines.size() > KEYS_MAX) {
            throw new IllegalArgumentException("there are " + lines.size() + " passwords, at most " + KEYS_MAX
                    + " are taken: remove those that no member proves itself with any more");
        }
        if (lines.size() < 2) {
            return of(GroupKey.parse(String.join("", lines), cluster, passphrases));
        }
        List<GroupKey> keys = new ArrayList<>();
        for (String line : lines) {
            String where = "password " + (keys.size() + 1) + " of " + lines.size();
            try {
                GroupKey key = GroupKey.parse(line, cluster, passphrases);
                if (keys.contains(key)) {
                    throw new IllegalArgumentException("it stands further above, too: remove one of the two");
                }
                keys.add(key);
            } catch (IllegalArgumentException e) {
                throw new IllegalArgumentException(where + ": " + e.getMessage(), e);
            }
        }
        return new KeyRing(keys);
    }

    public boolean isNone() {
        return equals(NONE);
    }

    public int size() {
        return keys.size();
    }

    /** What {@link #parse} reads back. Secret. */
    public String text() {
        return keys.stream().map(GroupKey::text).collect(Collectors.joining("\n"));
    }

    /** The key that this peer proves itself with. */
    GroupKey first() {
        return keys.get(0);
    }

    /** The key of this ring that a proof over the transcript was made with, if there is one. */
    Optional<GroupKey> provedBy(Bytes proof, Bytes transcript) {
        return keys.stream().filter(key -> key.isProvedBy(proof, transcript)).findFirst();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof KeyRing ring && keys.equals(ring.keys);
    }

    @Override
    public int hashCode() {
        return keys.hashCode();
    }

    /** Never a secret. */
    @Override
    public String toString() {
        return "KeyRing" + keys;
    }
}
