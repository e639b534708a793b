package io.metcd.store.bolt;

import io.metcd.base.Bytes;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Where what stands in a page; all numbers are little-endian.
 *
 * <pre>
 * page            id u64, kind u16, count u16, overflow u32 (pages that follow and belong to it); elements; their bytes
 * leaf element    flags u32, position u32, key size u32, value size u32
 * branch element  position u32, key size u32, page u64
 * bucket          a leaf's value under the flag BUCKET: root page u64 (0: the bucket's one page follows), sequence u64
 * meta            magic u32, version u32, page size u32, flags u32, bucket of buckets, freelist u64,
 *                 number of pages u64, transaction u64, FNV-1a of all that u64
 * </pre>
 *
 * A position counts from the beginning of its element. Pages 0 and 1 are metas; the one of the later transaction counts.
 */
final class Format {
    static final int PAGE_BYTES = 4096;
    static final int HEADER_BYTES = 16;
    static final int ELEMENT_BYTES = 16;
    static final int BUCKET_BYTES = 16;

    static final int BRANCH = 0x01;
    static final int LEAF = 0x02;
    static final int META = 0x04;
    static final int FREELIST = 0x10;

    /** Of a leaf's element. */
    static final int IS_BUCKET = 0x01;

    static final int MAGIC = 0xED0CDAED;
    static final int VERSION = 2;
    static final int META_BYTES = 64;
    static final int CHECKED_META_BYTES = 56;

    /** In place of a freelist's page: there is none, and what is not reached is free. */
    static final long NO_FREELIST = -1;

    private Format() {}

    /** Zeroed, in the format's byte order. */
    static ByteBuffer run(int pages) {
        return ByteBuffer.allocate(pages * PAGE_BYTES).order(ByteOrder.LITTLE_ENDIAN);
    }

    static ByteBuffer view(Bytes bytes) {
        return ByteBuffer.wrap(bytes.sharedArray(), bytes.sharedOffset(), bytes.size())
                .slice()
                .order(ByteOrder.LITTLE_ENDIAN);
    }

    static Bytes bytes(ByteBuffer run) {
        return Bytes.wrap(run.array(), run.arrayOffset(), run.capacity());
    }

    static void put(ByteBuffer run, int at, Bytes bytes) {
        run.put(at, bytes.sharedArray(), bytes.sharedOffset(), bytes.size());
    }

    static int pagesFor(long bytes) {
        return (int) ((bytes + PAGE_BYTES - 1) / PAGE_BYTES);
    }

    static void putHeader(ByteBuffer run, long page, int kind, int count) {
        run.putLong(0, page);
        run.putShort(8, (short) kind);
        run.putShort(10, (short) count);
        run.putInt(12, run.capacity() / PAGE_BYTES - 1);
    }

    /** FNV-1a, 64 bits. */
    static long checksum(ByteBuffer buffer, int from, int size) {
        long hash = 0xcbf29ce484222325L;
        for (int i = from; i < from + size; i++) {
            hash = (hash ^ (buffer.get(i) & 0xff)) * 0x100000001b3L;
        }
        return hash;
    }
}
