package io.metcd.store.index;

import java.util.Arrays;
import java.util.Comparator;

/**
 * A node of the tree. A leaf holds keys and their values; an inner node holds children, the number of entries below
 * each, and for each child but the first a key that is above all keys left of it and not above any key in it.
 *
 * <p>Invariant: {@code 0 < size <= WIDTH}, but for the leaf of an empty map. A node may be written by the editor whose
 * token it carries, until that editor throws the token away; from then on it never changes again.
 */
final class Node {
    /** Wider means a flatter tree but more to copy for a change; 32 was the best of 16, 32 and 64 for puts. */
    static final int WIDTH = 32;

    private static final int[] NO_COUNTS = {};

    final Object owner;
    final boolean leaf;
    final Object[] keys;
    /** Values in a leaf, children in an inner node. */
    final Object[] slots;
    /** Of an inner node: the entries below each child. */
    final int[] counts;

    int size;

    private Node(Object owner, boolean leaf) {
        this.owner = owner;
        this.leaf = leaf;
        this.keys = new Object[WIDTH];
        this.slots = new Object[WIDTH];
        this.counts = leaf ? NO_COUNTS : new int[WIDTH];
    }

    static Node newLeaf(Object owner) {
        return new Node(owner, true);
    }

    static Node newInner(Object owner) {
        return new Node(owner, false);
    }

    Node child(int index) {
        return (Node) slots[index];
    }

    /** The entries in this subtree. */
    int entries() {
        if (leaf) {
            return size;
        }
        int sum = 0;
        for (int i = 0; i < size; i++) {
            sum += counts[i];
        }
        return sum;
    }

    /** In a leaf: the place of the key, or {@code -(place to insert it) - 1}. */
    int find(Object key, Comparator<Object> order) {
        int low = 0;
        int high = size - 1;
        while (low <= high) {
            int middle = (low + high) >>> 1;
            int compared = order.compare(keys[middle], key);
            if (compared < 0) {
                low = middle + 1;
            } else if (compared > 0) {
                high = middle - 1;
            } else {
                return middle;
            }
        }
        return -low - 1;
    }

    /** In an inner node: the child below which the key is, if it is anywhere. */
    int childFor(Object key, Comparator<Object> order) {
        int low = 1;
        int high = size - 1;
        while (low <= high) {
            int middle = (low + high) >>> 1;
            if (order.compare(keys[middle], key) <= 0) {
                low = middle + 1;
            } else {
                high = middle - 1;
            }
        }
        return low - 1;
    }

    /** This node if the owner may write it, else a copy that it may. */
    Node ownedBy(Object newOwner) {
        if (owner == newOwner) {
            return this;
        }
        Node copy = new Node(newOwner, leaf);
        copy.append(this, 0, size);
        return copy;
    }

    /** Opens a gap at the place and fills it; there must be room. */
    void insert(int place, Object key, Object slot, int count) {
        int moved = size - place;
        System.arraycopy(keys, place, keys, place + 1, moved);
        System.arraycopy(slots, place, slots, place + 1, moved);
        keys[place] = key;
        slots[place] = slot;
        if (!leaf) {
            System.arraycopy(counts, place, counts, place + 1, moved);
            counts[place] = count;
        }
        size++;
    }

    void delete(int place) {
        int moved = size - place - 1;
        System.arraycopy(keys, place + 1, keys, place, moved);
        System.arraycopy(slots, place + 1, slots, place, moved);
        if (!leaf) {
            System.arraycopy(counts, place + 1, counts, place, moved);
        }
        clearFrom(size - 1);
    }

    /** Takes over a part of another node's entries, behind this one's. */
    void append(Node source, int from, int to) {
        System.arraycopy(source.keys, from, keys, size, to - from);
        System.arraycopy(source.slots, from, slots, size, to - from);
        if (!leaf) {
            System.arraycopy(source.counts, from, counts, size, to - from);
        }
        size += to - from;
    }

    /** Forgets what is at the place and behind it, so that nothing dead is kept alive. */
    void clearFrom(int place) {
        Arrays.fill(keys, place, size, null);
        Arrays.fill(slots, place, size, null);
        size = place;
    }
}
