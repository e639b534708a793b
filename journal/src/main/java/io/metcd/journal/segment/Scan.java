package io.metcd.journal.segment;

import io.metcd.base.Bytes;
import java.util.ArrayList;
import java.util.List;

/**
 * What a file of records holds. Each record was on disk before the next one was begun, so that only the last one can be
 * unfinished: a bad record with a valid later one behind it is damage, and what stood there had been acknowledged.
 *
 * @param records the valid ones from the beginning on
 * @param validBytes up to where they reach
 * @param tornBytes behind that, of a last record that was never finished
 * @param damaged whether a valid later record stands behind a bad one
 */
public record Scan(List<Found> records, long validBytes, long tornBytes, boolean damaged) {
    /** A payload and where it begins in the file. */
    public record Found(Bytes payload, long offset) {}

    public Scan {
        records = List.copyOf(records);
    }

    /** Reads a whole file. */
    public static Scan of(Bytes file) {
        List<Found> records = new ArrayList<>();
        int offset = 0;
        while (RecordCodec.isRecord(file, offset) && RecordCodec.number(file, offset) == records.size()) {
            Bytes payload = RecordCodec.payload(file, offset);
            records.add(new Found(payload, offset + RecordCodec.HEADER_BYTES));
            offset += RecordCodec.HEADER_BYTES + payload.size();
        }
        return new Scan(records, offset, file.size() - offset, laterRecord(file, offset, records.size()));
    }

    private static boolean laterRecord(Bytes file, int from, long number) {
        byte first = (byte) (RecordCodec.MAGIC >>> 24);
        for (int offset = from; offset < file.size(); offset++) {
            boolean candidate = file.at(offset) == first && RecordCodec.isRecord(file, offset);
            if (candidate && RecordCodec.number(file, offset) > number) {
                return true;
            }
        }
        return false;
    }
}
