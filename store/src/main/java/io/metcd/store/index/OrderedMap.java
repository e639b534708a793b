package io.metcd.store.index;

import java.util.Comparator;

/**
 * An immutable ordered map: a B+ tree that counts its entries, so that ranks cost as much as look-ups.
 *
 * <p>It changes by way of a {@link MapEditor}, which copies the path to what it changes and shares the rest (Driscoll,
 * Sarnak, Sleator, Tarjan: Making Data Structures Persistent, 1989). Rejected: a sorted array of pages (linear to
 * copy), a binary tree (three times the copies for the same depth of search).
 *
 * <p>Absence is said by a value that the caller chooses, so that a look-up allocates nothing.
 */
public final class OrderedMap<K, V> {
    private final Comparator<Object> order;
    final Node root;
    private final int size;

    OrderedMap(Comparator<Object> order, Node root, int size) {
        this.order = order;
        this.root = root;
        this.size = size;
    }

    /** The keys given to this map are all of one type, so its order never meets another. */
    @SuppressWarnings("unchecked")
    public static <K, V> OrderedMap<K, V> empty(Comparator<? super K> order) {
        return new OrderedMap<>((Comparator<Object>) order, Node.newLeaf(new Object()), 0);
    }

    public int size() {
        return size;
    }

    public boolean isEmpty() {
        return size == 0;
    }

    public V get(K key, V absent) {
        return get(root, order, key, absent);
    }

    /** The number of keys below the given one. */
    public int rank(K key) {
        Node node = root;
        int below = 0;
        while (!node.leaf) {
            int index = node.childFor(key, order);
            for (int i = 0; i < index; i++) {
                below += node.counts[i];
            }
            node = node.child(index);
        }
        int place = node.find(key, order);
        return below + (place >= 0 ? place : -place - 1);
    }

    /** A cursor on the least entry. */
    public Cursor<K, V> first() {
        return at(0);
    }

    /** A cursor on the least entry whose key is not below the given one. */
    public Cursor<K, V> from(K key) {
        Cursor<K, V> cursor = new Cursor<>(root, order);
        cursor.seek(key);
        return cursor;
    }

    /** A cursor on the greatest entry whose key is not above the given one; not valid if there is none. */
    public Cursor<K, V> floor(K key) {
        Cursor<K, V> cursor = new Cursor<>(root, order);
        cursor.seekFloor(key);
        return cursor;
    }

    /** A cursor on the entry with so many entries below it. */
    public Cursor<K, V> at(int rank) {
        Cursor<K, V> cursor = new Cursor<>(root, order);
        cursor.seekRank(rank);
        return cursor;
    }

    public MapEditor<K, V> edit() {
        return new MapEditor<>(order, root, size);
    }

    static boolean contains(Node root, Comparator<Object> order, Object key) {
        Node node = root;
        while (!node.leaf) {
            node = node.child(node.childFor(key, order));
        }
        return node.find(key, order) >= 0;
    }

    @SuppressWarnings("unchecked") // A map of V holds nothing else.
    static <V> V get(Node root, Comparator<Object> order, Object key, V absent) {
        Node node = root;
        while (!node.leaf) {
            node = node.child(node.childFor(key, order));
        }
        int place = node.find(key, order);
        return place >= 0 ? (V) node.slots[place] : absent;
    }
}
