package io.metcd.node;

import io.metcd.base.ByteReader;
import io.metcd.base.Bytes;
import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import java.util.Optional;

/** Reads an {@link Archive}, chunk by chunk; only its end says that all of it was right. */
public final class ArchiveReader {
    /** Far above any chunk that is written. */
    private static final int CHUNK_BYTES_MAX = 16 << 20;

    private final InputStream in;
    private final MessageDigest digest = Archive.sha256();
    private final Archive archive;
    private long position;
    private Bytes hash = Bytes.EMPTY;

    /**
     * Reads the head.
     *
     * @throws Archive.Damage whose text follows "the file FILE: "
     */
    public ArchiveReader(InputStream in) throws IOException {
        this.in = in;
        Archive.Prefix prefix = Archive.decodePrefix(upTo(Archive.PREFIX_BYTES));
        this.archive = Archive.decodeBody(prefix, upTo(prefix.size()));
    }

    public Archive archive() {
        return archive;
    }

    /** The next chunk; empty at the end, if all before it was as it was written. */
    public Optional<Bytes> next() throws IOException {
        int size = new ByteReader(exactly(Integer.BYTES)).u32();
        if (size < 0 || size > CHUNK_BYTES_MAX) {
            throw damage("a chunk has a size of " + size);
        }
        if (size > 0) {
            return Optional.of(exactly(size));
        }
        Bytes expected = Bytes.wrap(digest.digest());
        Bytes found = exactly(Archive.HASH_BYTES);
        if (!found.equals(expected)) {
            throw damage("its hash is wrong");
        }
        if (in.read() >= 0) {
            throw damage("something follows its end");
        }
        hash = found;
        return Optional.empty();
    }

    /** Reads the rest without keeping it; the SHA-256 of the whole. */
    public Bytes verify() throws IOException {
        while (next().isPresent()) {
            // Reading checks.
        }
        return hash;
    }

    /** Bytes read so far. */
    public long position() {
        return position;
    }

    private Bytes exactly(int size) throws IOException {
        Bytes bytes = upTo(size);
        if (bytes.size() < size) {
            throw damage("it is cut off there");
        }
        return bytes;
    }

    private Bytes upTo(int size) throws IOException {
        Bytes bytes = Bytes.wrap(in.readNBytes(size));
        digest.update(bytes.sharedArray(), bytes.sharedOffset(), bytes.size());
        position += bytes.size();
        return bytes;
    }

    private Archive.Damage damage(String what) {
        return new Archive.Damage("it is damaged before byte " + position + " (" + what + "): take another one");
    }
}
