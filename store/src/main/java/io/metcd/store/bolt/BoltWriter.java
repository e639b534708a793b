package io.metcd.store.bolt;

import io.metcd.base.Bytes;
import io.metcd.base.Invariants;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * Writes buckets as a file, from its first byte to its last:
 *
 * <ol>
 *   <li>{@link #layOut} until it says false. The first pages of the file say where its root will be and how large it is,
 *       so every record is measured before any is written; what that leaves behind is some 40 bytes for each leaf.
 *   <li>{@link #next} until it is empty.
 * </ol>
 *
 * <p>At a time it holds the page that is being made: 4096 bytes, or as much as one record is large.
 */
public final class BoltWriter {
    private static final int META_PAGES = 2;
    private static final long FREELIST_PAGE = 2;

    private final List<Bucket> buckets;
    private final List<Tree> trees = new ArrayList<>();
    private int measured;
    private long rootPage;
    private long pages;

    /** What {@link #next} gives next: a page of the head, or one of a tree, or the root. */
    private int head;

    private int writing;
    private boolean over;

    public BoltWriter(List<Bucket> buckets) {
        this.buckets = buckets.stream()
                .sorted(Comparator.comparing(bucket -> Bytes.utf8(bucket.name())))
                .toList();
        this.buckets.forEach(bucket -> trees.add(new Tree(bucket.records())));
    }

    /** Measures so many records; true if there is more to do. */
    public boolean layOut(int records) {
        int left = records;
        while (measured < trees.size()) {
            int looked = trees.get(measured).measure(left);
            if (looked == left) {
                return true;
            }
            left -= looked;
            measured++;
        }
        if (pages == 0) {
            long next = FREELIST_PAGE + 1;
            for (Tree tree : trees) {
                next = tree.place(next);
            }
            rootPage = next;
            pages = next + root().size() / Format.PAGE_BYTES;
        }
        return false;
    }

    /** How long the file will be, once it is laid out. */
    public long size() {
        Invariants.check(pages > 0, "a file that is not laid out");
        return pages * Format.PAGE_BYTES;
    }

    /** The next whole pages of the file; empty at its end. */
    public Optional<Bytes> next() {
        Invariants.check(pages > 0, "a file that is not laid out");
        if (head <= META_PAGES) {
            return Optional.of(head < META_PAGES ? meta(head++) : freelist(head++));
        }
        while (writing < trees.size()) {
            Optional<Bytes> run = trees.get(writing).next();
            if (run.isPresent()) {
                return run;
            }
            writing++;
        }
        if (over) {
            return Optional.empty();
        }
        over = true;
        return Optional.of(root());
    }

    /** Both say the same, but for the transaction: an empty one has made the second. */
    private Bytes meta(int page) {
        ByteBuffer run = Format.run(1);
        Format.putHeader(run, page, Format.META, 0);
        ByteBuffer meta = run.position(Format.HEADER_BYTES).slice().order(run.order());
        meta.putInt(Format.MAGIC)
                .putInt(Format.VERSION)
                .putInt(Format.PAGE_BYTES)
                .putInt(0);
        meta.putLong(rootPage).putLong(0);
        meta.putLong(FREELIST_PAGE).putLong(pages).putLong(page);
        meta.putLong(Format.checksum(meta, 0, Format.CHECKED_META_BYTES));
        return Format.bytes(run);
    }

    private Bytes freelist(int page) {
        ByteBuffer run = Format.run(1);
        Format.putHeader(run, page, Format.FREELIST, 0);
        return Format.bytes(run);
    }

    private Bytes root() {
        List<Bucket.Entry> entries = new ArrayList<>();
        long bytes = Format.HEADER_BYTES;
        for (int i = 0; i < trees.size(); i++) {
            Bytes name = Bytes.utf8(buckets.get(i).name());
            ByteBuffer value = ByteBuffer.allocate(Format.BUCKET_BYTES).order(ByteOrder.LITTLE_ENDIAN);
            value.putLong(trees.get(i).root()).putLong(0);
            entries.add(new Bucket.Entry(name, Bytes.wrap(value.array())));
            bytes += Format.ELEMENT_BYTES + name.size() + Format.BUCKET_BYTES;
        }
        return Tree.leaf(rootPage, entries, Format.pagesFor(bytes), Format.IS_BUCKET);
    }
}
