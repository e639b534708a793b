package io.metcd.journal.segment;

import io.metcd.base.Bytes;
import java.io.IOException;
import java.util.Optional;

/** The records of a file that is too large to be read at once, one after another. */
public final class RecordStream {
    /** Reads up to so many bytes; fewer only at the end. */
    public interface Source {
        Bytes read(long position, int size) throws IOException;
    }

    private final Source source;
    private final long size;
    private final int windowBytes;
    private Chain chain;
    private long offset;
    private Bytes window = Bytes.EMPTY;
    private long windowAt;

    /** From an offset on, where the chain stands. */
    public RecordStream(Source source, long size, long offset, Chain chain, int windowBytes) {
        this.source = source;
        this.size = size;
        this.offset = offset;
        this.chain = chain;
        this.windowBytes = windowBytes;
    }

    /** Behind the last record. */
    public long offset() {
        return offset;
    }

    public Chain chain() {
        return chain;
    }

    /** The payload of the next record; empty if there is none that is right. It shares the window with others. */
    public Optional<Bytes> next() throws IOException {
        if (size - offset < RecordCodec.HEADER_BYTES) {
            return Optional.empty();
        }
        load(RecordCodec.HEADER_BYTES);
        int at = (int) (offset - windowAt);
        Optional<Integer> payloadSize = RecordCodec.size(window, at, chain);
        if (payloadSize.isEmpty() || offset + RecordCodec.size(payloadSize.get()) > size) {
            return Optional.empty();
        }
        long whole = RecordCodec.size(payloadSize.get());
        load((int) whole);
        at = (int) (offset - windowAt);
        Optional<RecordCodec.Head> head = RecordCodec.head(window, at, chain.salt());
        Optional<Bytes> payload = Optional.empty();
        if (head.isPresent()) {
            payload = RecordCodec.payload(window, at, head.get());
        }
        if (payload.isPresent()) {
            chain = chain.behind(head.get().checksum());
            offset += whole;
        }
        return payload;
    }

    /** Makes the window hold so many bytes from the offset on, or all that there are. */
    private void load(int bytes) throws IOException {
        boolean there = offset >= windowAt && offset + bytes <= windowAt + window.size();
        if (!there) {
            windowAt = offset;
            window = source.read(offset, (int) Math.min(Math.max(bytes, windowBytes), size - offset));
        }
    }
}
