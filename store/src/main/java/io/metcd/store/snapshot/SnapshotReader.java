package io.metcd.store.snapshot;

import io.metcd.base.ByteReader;
import io.metcd.base.ByteReader.Malformed;
import io.metcd.base.Bytes;
import io.metcd.base.Invariants;
import io.metcd.store.Limits;
import io.metcd.store.Root;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Optional;

/**
 * Builds a root from the chunks of a {@link SnapshotWriter}, given in order. Holds, beside what it has built, the piece
 * of a record that a chunk has cut.
 */
public final class SnapshotReader {
    /** Far above any record that a writer makes: one pair, or less. */
    private static final int RECORD_BYTES_MAX = 1 << 30;

    private static final int LENGTH_BYTES_MAX = 5;

    private final RootBuilder builder;
    private final MessageDigest digest = SnapshotWriter.sha256();
    private int nextChunk;

    /** The record that the last chunk has cut: this many bytes of the array. */
    private byte[] rest = new byte[0];

    private int restSize;
    private Optional<Root> root = Optional.empty();

    public SnapshotReader(Limits limits) {
        this.builder = new RootBuilder(limits);
    }

    /** The number of the chunk wanted next. */
    public int nextChunk() {
        return nextChunk;
    }

    /**
     * Takes the next chunk; true if it was the last. Throws {@link Malformed} if it is damaged, out of place or
     * senseless; then this reader is of no more use.
     */
    public boolean accept(Bytes chunk) {
        Chunk decoded = Chunk.decode(chunk);
        require(decoded.number() == nextChunk, "chunk " + decoded.number() + ", expected " + nextChunk);
        require(root.isEmpty(), "chunk " + decoded.number() + " behind the end");
        nextChunk++;
        append(decoded.piece());
        readRecords();
        require(decoded.last() == root.isPresent(), "a chunk that is last in a stream that is not, or the reverse");
        return root.isPresent();
    }

    /** Whether these are the bytes of a whole chunk with this number. */
    public static boolean isChunk(int number, Bytes chunk) {
        try {
            return Chunk.decode(chunk).number() == number;
        } catch (Malformed damaged) {
            return false;
        }
    }

    /** The root, once {@link #accept} has said true. */
    public Root root() {
        Invariants.check(root.isPresent(), "a snapshot of which chunk %s is missing", nextChunk);
        return root.orElseThrow();
    }

    private void append(Bytes piece) {
        int size = restSize + piece.size();
        if (rest.length < size) {
            rest = Arrays.copyOf(rest, Math.max(size, restSize == 0 ? size : 2 * rest.length));
        }
        piece.copyTo(rest, restSize);
        restSize = size;
    }

    private void readRecords() {
        Bytes bytes = Bytes.wrap(rest, 0, restSize);
        int position = 0;
        while (root.isEmpty() && position < bytes.size()) {
            ByteReader in = new ByteReader(bytes.slice(position, bytes.size()));
            if (in.remaining() < LENGTH_BYTES_MAX && !hasLength(bytes, position)) {
                break;
            }
            int length = in.count(RECORD_BYTES_MAX);
            if (length > in.remaining()) {
                break;
            }
            int end = bytes.size() - in.remaining() + length;
            readRecord(bytes, position, in.raw(length));
            position = end;
        }
        require(root.isEmpty() || position == restSize, "bytes behind its end");
        System.arraycopy(rest, position, rest, 0, restSize - position);
        restSize -= position;
    }

    /** A length ends with the first byte that has no continuation bit. */
    private static boolean hasLength(Bytes bytes, int from) {
        for (int i = from; i < bytes.size(); i++) {
            if (bytes.at(i) >= 0) {
                return true;
            }
        }
        return false;
    }

    private void readRecord(Bytes bytes, int start, Bytes record) {
        ByteReader in = new ByteReader(record);
        int tag = in.u8();
        if (tag == Records.END) {
            require(in.rest().equals(Bytes.wrap(digest.digest())), "a wrong digest");
            root = Optional.of(builder.build());
            return;
        }
        int end = record.sharedOffset() + record.size();
        digest.update(bytes.sharedArray(), start, end - start);
        builder.add(tag, in);
        in.end();
    }

    static void require(boolean sound, String fault) {
        if (!sound) {
            throw new Malformed("snapshot with " + fault);
        }
    }
}
