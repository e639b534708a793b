package io.metcd.store.snapshot;

import io.metcd.base.ByteWriter;
import io.metcd.base.Bytes;
import io.metcd.store.Limits;
import io.metcd.store.Root;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Cuts a root into chunks. The chunks hold pieces of one stream: records with their length before them, first a header,
 * last the SHA-256 of all records before it.
 *
 * <p>Of a chunk that has been made only the place of its first byte is kept, so any can be made again, and a writer
 * costs a few bytes for each chunk. Not thread-safe.
 */
public final class SnapshotWriter {
    static final int FORM = 2;

    private final Root root;
    private final int pieceBytes;

    /** Where each chunk begins that is known so far; the last of them has not been made. */
    private final List<Start> starts = new ArrayList<>();

    private final MessageDigest digest = sha256();
    private Bytes digestValue = Bytes.EMPTY;
    private boolean complete;

    /** Where a chunk begins: the record, and how many bytes of it earlier chunks hold. */
    private record Start(Stage stage, Records.Place place, int skip) {}

    private enum Stage {
        HEADER,
        RECORDS,
        END
    }

    public SnapshotWriter(Root root, Limits limits) {
        this.root = root;
        this.pieceBytes = limits.snapshotChunkBytes() - Chunk.FRAME_BYTES;
        starts.add(new Start(Stage.HEADER, new Records.Place(0, 0, 0), 0));
    }

    /** The chunk with the given number, from 0; empty behind the last. Asking in order is cheap. */
    public Optional<Bytes> chunk(int number) {
        while (!complete && number > starts.size() - 1) {
            make(starts.size() - 1);
        }
        return number < starts.size() ? Optional.of(make(number)) : Optional.empty();
    }

    /** How many chunks have been made, from the first on: any of these is made again as quickly as the next. */
    public int made() {
        return complete ? starts.size() : starts.size() - 1;
    }

    /** Makes a chunk; the first time, its records go into the digest, and the start of the next is noted. */
    private Bytes make(int number) {
        boolean first = !complete && number == starts.size() - 1;
        Start start = starts.get(number);
        Stage stage = start.stage;
        int skip = start.skip;
        Records records = new Records(root, start.place);
        ByteWriter piece = new ByteWriter(pieceBytes);
        boolean last = false;
        while (!last && piece.size() < pieceBytes) {
            Bytes record = framed(record(stage, records));
            Bytes part = record.slice(skip, Math.min(record.size(), skip + pieceBytes - piece.size()));
            piece.raw(part);
            if (first && stage != Stage.END) {
                digest.update(part.sharedArray(), part.sharedOffset(), part.size());
            }
            skip += part.size();
            if (skip == record.size()) {
                skip = 0;
                last = stage == Stage.END;
                if (stage == Stage.RECORDS) {
                    records.next();
                }
                stage = stage == Stage.END || !records.isValid() ? Stage.END : Stage.RECORDS;
            }
        }
        if (first) {
            complete = last;
            if (!last) {
                starts.add(new Start(stage, records.place(), skip));
            }
        }
        return new Chunk(number, last, piece.toBytes()).encode();
    }

    private Bytes record(Stage stage, Records records) {
        return switch (stage) {
            case HEADER -> header();
            case RECORDS -> records.record();
            case END -> end();
        };
    }

    private Bytes header() {
        ByteWriter out = new ByteWriter();
        out.u8(Records.HEADER).varint(FORM);
        out.varint(root.appliedIndex()).varint(root.appliedTerm()).u64(root.stateHash());
        // There is a compacted revision of 0, and one of -1 for none.
        out.varint(root.revision()).varint(root.compactRevision() + 1);
        return out.toBytes();
    }

    private Bytes end() {
        if (digestValue.isEmpty()) {
            digestValue = Bytes.wrap(digest.digest());
        }
        return new ByteWriter().u8(Records.END).raw(digestValue).toBytes();
    }

    private static Bytes framed(Bytes record) {
        return new ByteWriter(record.size() + 5).bytes(record).toBytes();
    }

    static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every Java platform has SHA-256", e);
        }
    }
}
