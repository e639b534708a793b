package io.metcd.store.etcd;

import io.metcd.base.Bytes;
import io.metcd.base.Invariants;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.Optional;

/**
 * A state as etcd sends it to who saves it: its file in pieces of one size, and as the last piece the SHA-256 of all
 * before it. First {@link #prepare} until it says false.
 */
public final class EtcdPieces implements Iterator<Bytes> {
    /** As etcd cuts it. */
    public static final int PIECE_BYTES = 32 << 10;

    public static final int HASH_BYTES = 32;

    private final EtcdFile file;
    private final MessageDigest digest = sha256();

    /** What was made of the file and not given yet: of the last run of pages, from here on. */
    private Bytes rest = Bytes.EMPTY;

    private boolean prepared;
    private long given;
    private boolean over;

    public EtcdPieces(EtcdFile file) {
        this.file = file;
    }

    /** As {@link EtcdFile#prepare}. */
    public boolean prepare(int records) {
        prepared = prepared || !file.prepare(records);
        return !prepared;
    }

    /** How much of the file is still to come; the hash does not count. */
    public long remaining() {
        return file.size() - given;
    }

    @Override
    public boolean hasNext() {
        return !over;
    }

    @Override
    public Bytes next() {
        if (over) {
            throw new NoSuchElementException("behind the end");
        }
        if (remaining() == 0) {
            over = true;
            return Bytes.wrap(digest.digest());
        }
        byte[] piece = new byte[(int) Math.min(PIECE_BYTES, remaining())];
        int filled = 0;
        while (filled < piece.length) {
            if (rest.isEmpty()) {
                Optional<Bytes> pages = file.next();
                Invariants.check(pages.isPresent(), "a file of less than its %s bytes", file.size());
                rest = pages.orElseThrow();
            }
            int part = Math.min(rest.size(), piece.length - filled);
            rest.slice(0, part).copyTo(piece, filled);
            rest = rest.slice(part, rest.size());
            filled += part;
        }
        digest.update(piece);
        given += piece.length;
        return Bytes.wrap(piece);
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every Java platform has SHA-256", e);
        }
    }
}
