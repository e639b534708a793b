package io.metcd.store.bolt;

import io.metcd.base.Bytes;
import io.metcd.base.Invariants;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * One bucket on its way into pages: {@link #measure} until all is measured, {@link #place} once, then {@link #next} for
 * each of its pages. The leaves come first, then each level of branches; the last page is the root.
 */
final class Tree {
    private final Bucket.Records records;

    /** From the leaves up. Invariant: once placed, the last has one page. */
    private final List<Level> levels = new ArrayList<>();

    private long firstPage;
    private long pages;

    /** While writing: the level of the next page, its place there, and the first of the pages that it points at. */
    private int level;

    private int place;
    private int child;

    /** While measuring: the leaf's first key and its bytes. */
    private Optional<Bytes> first = Optional.empty();

    private long leafBytes = Format.HEADER_BYTES;

    Tree(Bucket.Records records) {
        this.records = records;
        records.rewind();
        levels.add(new Level());
    }

    /** Looks at so many records and returns at how many it did: fewer, once all are measured. */
    int measure(int most) {
        int looked = 0;
        while (looked < most && records.isValid()) {
            Bytes key = records.key();
            Invariants.check(!key.isEmpty() && key.size() <= Bucket.KEY_BYTES_MAX, "a key of %s bytes", key.size());
            long bytes = Format.ELEMENT_BYTES + (long) key.size() + records.valueBytes();
            if (first.isPresent() && leafBytes + bytes > Format.PAGE_BYTES) {
                endLeaf();
            }
            if (first.isEmpty()) {
                first = Optional.of(key);
            }
            leafBytes += bytes;
            records.next();
            looked++;
        }
        return looked;
    }

    /** Gives each page its number, the first of which is known now; returns the number behind the last. */
    long place(long start) {
        if (first.isPresent() || levels.get(0).size() == 0) {
            endLeaf();
        }
        firstPage = start;
        long next = start + pages;
        Level below = levels.get(0);
        while (below.size() > 1) {
            Level above = new Level();
            for (int from = 0; from < below.size(); ) {
                int to = below.groupEnd(from);
                above.add(below.key(from), next - start);
                next += below.groupPages(from, to);
                from = to;
            }
            levels.add(above);
            below = above;
        }
        records.rewind();
        return next;
    }

    long root() {
        return firstPage + levels.get(levels.size() - 1).page(0);
    }

    /** The next page, with those that belong to it; empty behind the root. */
    Optional<Bytes> next() {
        if (level == levels.size()) {
            return Optional.empty();
        }
        long page = firstPage + levels.get(level).page(place);
        Bytes run = level == 0 ? leaf(page) : branch(levels.get(level - 1), page);
        place++;
        if (place == levels.get(level).size()) {
            level++;
            place = 0;
            child = 0;
        }
        return Optional.of(run);
    }

    /** Pages are numbered from the tree's first until it is placed. */
    private void endLeaf() {
        levels.get(0).add(first.orElse(Bytes.EMPTY), pages);
        pages += Format.pagesFor(leafBytes);
        first = Optional.empty();
        leafBytes = Format.HEADER_BYTES;
    }

    private Bytes leaf(long page) {
        List<Bucket.Entry> entries = new ArrayList<>();
        long bytes = Format.HEADER_BYTES;
        while (records.isValid()) {
            long more = Format.ELEMENT_BYTES + (long) records.key().size() + records.valueBytes();
            if (!entries.isEmpty() && bytes + more > Format.PAGE_BYTES) {
                break;
            }
            entries.add(new Bucket.Entry(records.key(), records.value()));
            bytes += more;
            records.next();
        }
        return leaf(page, entries, Format.pagesFor(bytes), 0);
    }

    static Bytes leaf(long page, List<Bucket.Entry> entries, int pages, int flags) {
        ByteBuffer run = Format.run(pages);
        Format.putHeader(run, page, Format.LEAF, entries.size());
        int element = Format.HEADER_BYTES;
        int bytes = Format.HEADER_BYTES + Format.ELEMENT_BYTES * entries.size();
        for (Bucket.Entry entry : entries) {
            run.putInt(element, flags);
            run.putInt(element + 4, bytes - element);
            run.putInt(element + 8, entry.key().size());
            run.putInt(element + 12, entry.value().size());
            Format.put(run, bytes, entry.key());
            bytes += entry.key().size();
            Format.put(run, bytes, entry.value());
            bytes += entry.value().size();
            element += Format.ELEMENT_BYTES;
        }
        return Format.bytes(run);
    }

    private Bytes branch(Level below, long page) {
        int from = child;
        child = below.groupEnd(from);
        return below.groupRun(from, child, page, firstPage);
    }
}
