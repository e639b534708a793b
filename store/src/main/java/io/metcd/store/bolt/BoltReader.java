package io.metcd.store.bolt;

import io.metcd.base.Bytes;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;

/**
 * Reads a file of any page size, and believes nothing: every number of every page that it reads is held against the
 * size of the file, every page is read once, every key is above the one before it. So a damaged file costs no more than
 * an intact one of its size, and ends in {@link BoltDamage}.
 */
public final class BoltReader {
    private static final int PAGE_BYTES_LEAST = 1024;
    private static final int PAGE_BYTES_MOST = 1 << 16;

    /** A tree of even one-page keys that is so deep would be larger than any file. */
    private static final int DEPTH_MAX = 40;

    /** The file: its bytes wherever they are asked for. */
    public interface Image {
        /** Of what belongs to the format; what stands behind is none of it. */
        long size();

        /** Exactly so many bytes, all of them within the size. */
        Bytes read(long offset, int size) throws IOException;
    }

    /** Takes records as they come. */
    @FunctionalInterface
    public interface Visitor {
        void record(Bytes key, Bytes value) throws IOException;
    }

    /** What counts of a file's beginning. */
    private record Meta(int pageBytes, long root, long pages, long transaction) {}

    /** A page with those that belong to it. */
    private record Run(long page, ByteBuffer bytes, int kind, int count) {}

    private final Image image;
    private final Meta meta;
    private final BitSet seen;
    private final List<Named> buckets = new ArrayList<>();

    private record Named(Bytes name, Bytes value) {}

    /** Reads the names of the buckets. */
    public BoltReader(Image image) throws IOException {
        this.image = image;
        this.meta = findMeta(image);
        this.seen = new BitSet((int) meta.pages());
        walk(meta.root(), (flags, name, value) -> {
            if ((flags & Format.IS_BUCKET) == 0 || value.size() < Format.BUCKET_BYTES) {
                throw new BoltDamage("the record " + name + " stands where only buckets may");
            }
            buckets.add(new Named(name, value));
        });
    }

    public List<Bytes> buckets() {
        return buckets.stream().map(Named::name).toList();
    }

    /** Tells each record of a bucket, in the order of keys; false if there is no such bucket. Once for each bucket. */
    public boolean read(Bytes name, Visitor visitor) throws IOException {
        Optional<Named> found =
                buckets.stream().filter(bucket -> bucket.name().equals(name)).findFirst();
        if (found.isEmpty()) {
            return false;
        }
        Element plain = (flags, key, value) -> {
            if ((flags & Format.IS_BUCKET) != 0) {
                throw new BoltDamage("bucket " + name + " has a bucket " + key + " inside, which etcd never makes");
            }
            visitor.record(key, value);
        };
        Bytes value = found.get().value();
        long root = Format.view(value).getLong(0);
        if (root == 0) {
            // The one page of a small bucket stands behind its numbers.
            Bytes inner = value.slice(Format.BUCKET_BYTES, value.size());
            long end = leaf(run(0, inner), Bytes.EMPTY, Optional.empty(), plain);
            if (end != inner.size()) {
                throw new BoltDamage(
                        "bucket " + name + " has " + inner.size() + " bytes, of which " + end + " are used");
            }
        } else {
            walk(root, plain);
        }
        return true;
    }

    /** One element of a leaf. */
    @FunctionalInterface
    private interface Element {
        void visit(int flags, Bytes key, Bytes value) throws IOException;
    }

    private void walk(long root, Element visitor) throws IOException {
        walk(root, new Bounds(Bytes.EMPTY, Optional.empty(), 0), visitor);
    }

    /** The keys that a page may hold: from the first, below the end; and how deep it stands. */
    private record Bounds(Bytes from, Optional<Bytes> end, int depth) {}

    private void walk(long page, Bounds bounds, Element visitor) throws IOException {
        if (bounds.depth() > DEPTH_MAX) {
            throw BoltDamage.ofPage(page, "stands deeper than " + DEPTH_MAX + " levels");
        }
        Run run = read(page);
        if (run.kind() == Format.LEAF) {
            if (run.count() == 0 && bounds.depth() > 0) {
                throw BoltDamage.ofPage(page, "is empty, though another one points at it");
            }
            leaf(run, bounds.from(), bounds.end(), visitor);
            return;
        }
        if (run.kind() != Format.BRANCH || run.count() == 0) {
            throw BoltDamage.ofPage(page, "is of kind " + run.kind() + " with " + run.count() + " elements");
        }
        Bytes before = bounds.from();
        long packed = firstByte(run);
        for (int i = 0; i < run.count(); i++) {
            int element = element(run, i);
            Bytes key = branchKey(run, element);
            requirePacked(run, element + unsigned(run.bytes(), element), packed);
            packed += key.size();
            requireOrder(run, i, key, new Bounds(before, bounds.end(), 0));
            Optional<Bytes> end = i + 1 < run.count() ? Optional.of(branchKey(run, element(run, i + 1))) : bounds.end();
            walk(run.bytes().getLong(element + 8), new Bounds(key, end, bounds.depth() + 1), visitor);
            before = key;
        }
    }

    /** Returns where its bytes end. */
    private long leaf(Run run, Bytes from, Optional<Bytes> end, Element visitor) throws IOException {
        if (run.kind() != Format.LEAF) {
            throw BoltDamage.ofPage(run.page(), "is of kind " + run.kind() + ", not a leaf");
        }
        Bytes before = from;
        long packed = firstByte(run);
        for (int i = 0; i < run.count(); i++) {
            int element = element(run, i);
            ByteBuffer bytes = run.bytes();
            long start = element + unsigned(bytes, element + 4);
            long middle = start + unsigned(bytes, element + 8);
            Bytes key = slice(run, start, middle);
            Bytes value = slice(run, middle, middle + unsigned(bytes, element + 12));
            requirePacked(run, start, packed);
            packed = middle + value.size();
            requireOrder(run, i, key, new Bounds(before, end, 0));
            visitor.visit(bytes.getInt(element), key, value);
            before = key;
        }
        return packed;
    }

    /** Behind the elements; the bytes of each follow those of the one before, so none is left out and none shared. */
    private static long firstByte(Run run) {
        return Format.HEADER_BYTES + (long) run.count() * Format.ELEMENT_BYTES;
    }

    private static void requirePacked(Run run, long start, long packed) throws BoltDamage {
        if (start != packed) {
            throw BoltDamage.ofPage(run.page(), "has bytes at " + start + " that belong at " + packed);
        }
    }

    /** A key is above the one before; the first of a page may be the one that the page above names. */
    private static void requireOrder(Run run, int place, Bytes key, Bounds bounds) throws BoltDamage {
        int order = key.compareTo(bounds.from());
        boolean above = place == 0 ? order >= 0 : order > 0;
        if (key.isEmpty() || !above) {
            throw BoltDamage.ofPage(run.page(), "has its keys out of order at " + key);
        }
        if (bounds.end().isPresent() && key.compareTo(bounds.end().get()) >= 0) {
            throw BoltDamage.ofPage(run.page(), "has the key " + key + ", which belongs to the next page");
        }
    }

    private static Bytes branchKey(Run run, int element) throws BoltDamage {
        long start = element + unsigned(run.bytes(), element);
        return slice(run, start, start + unsigned(run.bytes(), element + 4));
    }

    private static int element(Run run, int index) throws BoltDamage {
        long element = Format.HEADER_BYTES + (long) index * Format.ELEMENT_BYTES;
        if (element + Format.ELEMENT_BYTES > run.bytes().capacity()) {
            throw BoltDamage.ofPage(run.page(), "has no room for its " + run.count() + " elements");
        }
        return (int) element;
    }

    private static Bytes slice(Run run, long from, long to) throws BoltDamage {
        if (from < Format.HEADER_BYTES || to < from || to > run.bytes().capacity()) {
            throw BoltDamage.ofPage(run.page(), "has bytes from " + from + " to " + to + ", beyond its end");
        }
        ByteBuffer bytes = run.bytes();
        return Bytes.wrap(bytes.array(), bytes.arrayOffset() + (int) from, (int) (to - from));
    }

    private static long unsigned(ByteBuffer bytes, int at) {
        return bytes.getInt(at) & 0xffff_ffffL;
    }

    /** A page that has not been read before, with those that belong to it. */
    private Run read(long page) throws IOException {
        require(page, 1);
        Bytes header = image.read(page * meta.pageBytes(), Format.HEADER_BYTES);
        long more = unsigned(Format.view(header), 12);
        require(page, 1 + more);
        long size = (1 + more) * meta.pageBytes();
        if (size > Integer.MAX_VALUE - 8) {
            throw BoltDamage.ofPage(page, "is followed by " + more + " that belong to it");
        }
        for (long each = page; each <= page + more; each++) {
            if (seen.get((int) each)) {
                throw BoltDamage.ofPage(each, "is part of two others");
            }
            seen.set((int) each);
        }
        Run run = run(page, image.read(page * meta.pageBytes(), (int) size));
        if (run.bytes().getLong(0) != page) {
            throw BoltDamage.ofPage(
                    page, "says that it is " + Long.toUnsignedString(run.bytes().getLong(0)));
        }
        return run;
    }

    private static Run run(long page, Bytes bytes) throws BoltDamage {
        if (bytes.size() < Format.HEADER_BYTES) {
            throw BoltDamage.ofPage(page, "is cut off");
        }
        ByteBuffer view = Format.view(bytes);
        return new Run(page, view, view.getShort(8) & 0xffff, view.getShort(10) & 0xffff);
    }

    private void require(long page, long count) throws BoltDamage {
        if (page < 2 || page >= meta.pages() || count > meta.pages() - page) {
            throw BoltDamage.ofPage(page, "is not one of the " + meta.pages() + " of the file");
        }
    }

    /** Two pages say where everything is; the one of the later transaction counts, if it is whole. */
    private static Meta findMeta(Image image) throws IOException {
        Optional<Meta> first = meta(image, 0);
        Optional<Meta> second = Optional.empty();
        for (int size = PAGE_BYTES_LEAST; size <= PAGE_BYTES_MOST && second.isEmpty(); size *= 2) {
            int wanted = size;
            second = meta(image, size).filter(meta -> meta.pageBytes() == wanted);
        }
        if (first.isEmpty() && second.isEmpty()) {
            throw new BoltDamage("neither page 0 nor page 1 is the head of a bbolt file");
        }
        Meta later = second.isPresent()
                        && (first.isEmpty()
                                || second.get().transaction() > first.get().transaction())
                ? second.get()
                : first.orElseThrow();
        if (later.pages() > image.size() / later.pageBytes()) {
            throw new BoltDamage("the file is cut off: it has " + later.pages() + " pages of " + later.pageBytes()
                    + " bytes, and is " + image.size() + " bytes long");
        }
        return later;
    }

    private static Optional<Meta> meta(Image image, long offset) throws IOException {
        int size = Format.HEADER_BYTES + Format.META_BYTES;
        if (image.size() < offset + size) {
            return Optional.empty();
        }
        Bytes page = image.read(offset, size);
        ByteBuffer meta = Format.view(page.slice(Format.HEADER_BYTES, size));
        int pageBytes = meta.getInt(8);
        boolean sound = meta.getInt(0) == Format.MAGIC
                && meta.getInt(4) == Format.VERSION
                && meta.getLong(Format.CHECKED_META_BYTES) == Format.checksum(meta, 0, Format.CHECKED_META_BYTES)
                && pageBytes >= PAGE_BYTES_LEAST
                && pageBytes <= PAGE_BYTES_MOST
                && Integer.bitCount(pageBytes) == 1;
        long pages = meta.getLong(40);
        return sound && pages > 2 && pages < Integer.MAX_VALUE
                ? Optional.of(new Meta(pageBytes, meta.getLong(16), pages, meta.getLong(48)))
                : Optional.empty();
    }
}
