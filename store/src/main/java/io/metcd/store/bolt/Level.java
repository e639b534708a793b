package io.metcd.store.bolt;

import io.metcd.base.Bytes;
import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * The pages of one level of a tree: the first key and the place of each. Kept in arrays, because a large tree has many;
 * a page of the level above points at some of them in a row.
 */
final class Level {
    private static final int LEAST = 16;

    private byte[] keys = new byte[LEAST * 18];
    private int[] keyEnds = new int[LEAST];
    private long[] pages = new long[LEAST];
    private int size;

    int size() {
        return size;
    }

    long page(int index) {
        return pages[index];
    }

    Bytes key(int index) {
        int start = keyStart(index);
        return Bytes.wrap(keys, start, keyEnds[index] - start);
    }

    void add(Bytes key, long page) {
        if (size == pages.length) {
            pages = Arrays.copyOf(pages, size * 2);
            keyEnds = Arrays.copyOf(keyEnds, size * 2);
        }
        int start = keyStart(size);
        int end = Math.addExact(start, key.size());
        if (end > keys.length) {
            keys = Arrays.copyOf(keys, Math.max(end, (int) Math.min(keys.length * 2L, Integer.MAX_VALUE - 8)));
        }
        key.copyTo(keys, start);
        keyEnds[size] = end;
        pages[size] = page;
        size++;
    }

    /**
     * Groups the pages from one on as a page above holds them: what fits, but at least two, so that every level is
     * shorter than the one below. Returns the first that is not in the group.
     */
    int groupEnd(int from) {
        long bytes = Format.HEADER_BYTES;
        int to = from;
        while (to < size) {
            bytes += Format.ELEMENT_BYTES + keyEnds[to] - keyStart(to);
            if (bytes > Format.PAGE_BYTES && to - from >= 2) {
                return to;
            }
            to++;
        }
        return to;
    }

    /** How many pages in a row the page above takes. */
    int groupPages(int from, int to) {
        return Format.pagesFor(
                Format.HEADER_BYTES + (long) Format.ELEMENT_BYTES * (to - from) + keyEnds[to - 1] - keyStart(from));
    }

    /** The page above; the pages of this level are numbered from a base. */
    Bytes groupRun(int from, int to, long page, long base) {
        ByteBuffer run = Format.run(groupPages(from, to));
        Format.putHeader(run, page, Format.BRANCH, to - from);
        int element = Format.HEADER_BYTES;
        int bytes = Format.HEADER_BYTES + Format.ELEMENT_BYTES * (to - from);
        for (int i = from; i < to; i++) {
            Bytes key = key(i);
            run.putInt(element, bytes - element);
            run.putInt(element + 4, key.size());
            run.putLong(element + 8, base + pages[i]);
            Format.put(run, bytes, key);
            bytes += key.size();
            element += Format.ELEMENT_BYTES;
        }
        return Format.bytes(run);
    }

    private int keyStart(int index) {
        return index == 0 ? 0 : keyEnds[index - 1];
    }
}
