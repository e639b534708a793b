package io.metcd.journal.segment;

import io.metcd.base.Bytes;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What a file of records holds, behind its head. Each record was on disk before the next one was begun, so that only
 * the last one can be unfinished: where the head of a later record stands behind a bad one, what stood in the bad
 * place had been acknowledged, and that is damage.
 *
 * @param records the valid ones from the beginning on
 * @param end the place behind them
 * @param validBytes up to where they reach
 * @param tornBytes behind that, of a last record that was never finished
 * @param damaged whether the head of a later record stands behind a bad one
 */
public record Scan(List<Found> records, Chain end, int validBytes, int tornBytes, boolean damaged) {
    /** A voucher begins at a multiple of this. */
    public static final int SECTOR_BYTES = 512;

    /** A payload, and where its record begins in the file. */
    public record Found(long number, int offset, Bytes payload) {}

    public Scan {
        records = List.copyOf(records);
    }

    /** Whether this is but a voucher, as {@link #resume} finds it. */
    public boolean isVoucher() {
        return records.size() == 1 && records.get(0).payload().isEmpty();
    }

    /** Reads a file from an offset on, where the chain stands. */
    public static Scan of(Bytes file, int from, Chain chain) {
        return of(file, from, chain, Optional.empty());
    }

    /** As {@link #of(Bytes, int, Chain)}, but no farther than a place. */
    public static Scan of(Bytes file, int from, Chain chain, Optional<Chain> until) {
        List<Found> records = new ArrayList<>();
        Chain place = chain;
        int offset = from;
        while (true) {
            if (until.isPresent() && until.get().meets(place)) {
                return new Scan(records, place, offset, 0, false);
            }
            Optional<RecordCodec.Head> head = RecordCodec.head(file, offset, place.salt());
            Optional<Bytes> payload = Optional.empty();
            if (head.isPresent() && head.get().chain().equals(place)) {
                payload = RecordCodec.payload(file, offset, head.get());
            }
            if (payload.isEmpty()) {
                break;
            }
            records.add(new Found(place.number(), offset, payload.get()));
            place = place.behind(head.get().checksum());
            offset = (int) head.get().end(offset);
        }
        int torn = lastByte(file, offset, place) - offset;
        return new Scan(records, place, offset, torn, torn > 0 && isFollowed(file, offset, place));
    }

    /**
     * The next record that is right in itself, at an offset or behind it: how a tool goes on behind damage.
     */
    public static Optional<Scan> resume(Bytes file, int from, long salt) {
        int first = (from + RecordCodec.ALIGNMENT - 1) / RecordCodec.ALIGNMENT * RecordCodec.ALIGNMENT;
        for (int offset = first; offset <= file.size() - RecordCodec.HEADER_BYTES; offset += RecordCodec.ALIGNMENT) {
            Optional<RecordCodec.Head> head = RecordCodec.head(file, offset, salt);
            if (head.isPresent()
                    && RecordCodec.payload(file, offset, head.get()).isPresent()) {
                return Optional.of(of(file, offset, head.get().chain()));
            }
        }
        return Optional.empty();
    }

    /** Whether the head of a record stands behind, that was begun when the one at the place was on the disk. */
    private static boolean isFollowed(Bytes file, int bad, Chain place) {
        int from = bad + RecordCodec.ALIGNMENT;
        for (int offset = from; offset <= file.size() - RecordCodec.HEADER_BYTES; offset += RecordCodec.ALIGNMENT) {
            Optional<RecordCodec.Head> head = RecordCodec.head(file, offset, place.salt());
            if (head.isPresent() && head.get().chain().number() > place.number()) {
                return true;
            }
        }
        return false;
    }

    /**
     * Behind the last byte that is neither zero, with which a file is allocated, nor of a voucher for what was read.
     */
    private static int lastByte(Bytes file, int from, Chain place) {
        int end = file.size();
        while (true) {
            while (end > from && file.at(end - 1) == 0) {
                end--;
            }
            int at = (end - 1) / SECTOR_BYTES * SECTOR_BYTES;
            if (end == from || at < from || !vouches(file, at, place)) {
                return end;
            }
            end = at;
        }
    }

    /** An empty record that was written when the one before the place was on the disk, or earlier. */
    private static boolean vouches(Bytes file, int offset, Chain place) {
        return RecordCodec.head(file, offset, place.salt())
                .filter(head -> head.size() == 0 && head.chain().number() <= place.number())
                .isPresent();
    }
}
