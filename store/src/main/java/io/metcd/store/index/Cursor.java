package io.metcd.store.index;

import io.metcd.base.Invariants;
import java.util.Comparator;

/**
 * A place in a map, which moves upwards. {@link #key}, {@link #value} and {@link #next} only while {@link #isValid}.
 * Made by {@link OrderedMap}; of an editor's map only until the next edit.
 */
public final class Cursor<K, V> {
    /** Enough for any tree whose nodes above the leaves have at least two children. */
    private static final int DEPTH = 32;

    private final Comparator<Object> order;
    private final Node root;
    private final Node[] path;
    private final int[] places;
    private int depth;
    private Node leaf;
    private int place;

    Cursor(Node root, Comparator<Object> order) {
        this.order = order;
        this.root = root;
        this.leaf = root;
        int levels = 0;
        for (Node node = root; !node.leaf; node = node.child(0)) {
            levels++;
        }
        Invariants.check(levels <= DEPTH, "a tree of %s levels: it is out of balance", levels, DEPTH);
        this.path = new Node[levels];
        this.places = new int[levels];
    }

    public boolean isValid() {
        return place < leaf.size;
    }

    @SuppressWarnings("unchecked") // A map of K holds no other keys.
    public K key() {
        return (K) leaf.keys[place];
    }

    @SuppressWarnings("unchecked") // A map of V holds no other values.
    public V value() {
        return (V) leaf.slots[place];
    }

    public void next() {
        place++;
        if (place == leaf.size) {
            enterNextLeaf();
        }
    }

    /** Moves to the least entry whose key is not below the given one, wherever this cursor stands. */
    public void seek(K key) {
        int found = descendTo(key);
        place = found >= 0 ? found : -found - 1;
        if (place == leaf.size) {
            enterNextLeaf();
        }
    }

    /** Moves to the greatest entry whose key is not above the given one; is not valid if there is none. */
    void seekFloor(K key) {
        int found = descendTo(key);
        place = found >= 0 ? found : -found - 2;
        if (place < 0) {
            enterPreviousLeaf();
        }
    }

    /** Moves to the entry with so many entries below it; behind the last if there are not so many. */
    void seekRank(int rank) {
        Node node = root;
        int rest = rank;
        depth = 0;
        while (!node.leaf) {
            int index = 0;
            while (index < node.size - 1 && rest >= node.counts[index]) {
                rest -= node.counts[index];
                index++;
            }
            node = descend(node, index);
        }
        leaf = node;
        place = Math.min(rest, node.size);
    }

    /** Enters the leaf where the key is, if it is anywhere; returns its place as {@link Node#find} does. */
    private int descendTo(K key) {
        Node node = root;
        depth = 0;
        while (!node.leaf) {
            node = descend(node, node.childFor(key, order));
        }
        leaf = node;
        return node.find(key, order);
    }

    private Node descend(Node node, int index) {
        path[depth] = node;
        places[depth] = index;
        depth++;
        return node.child(index);
    }

    /** Stays behind the last entry if there is no next leaf. */
    private void enterNextLeaf() {
        int level = depth - 1;
        while (level >= 0 && places[level] == path[level].size - 1) {
            level--;
        }
        if (level < 0) {
            return;
        }
        depth = level;
        Node node = descend(path[level], places[level] + 1);
        while (!node.leaf) {
            node = descend(node, 0);
        }
        leaf = node;
        place = 0;
    }

    /** Goes to the last entry of the leaf before; if there is none, behind all of this one. */
    private void enterPreviousLeaf() {
        int level = depth - 1;
        while (level >= 0 && places[level] == 0) {
            level--;
        }
        if (level < 0) {
            place = leaf.size;
            return;
        }
        depth = level;
        Node node = descend(path[level], places[level] - 1);
        while (!node.leaf) {
            node = descend(node, node.size - 1);
        }
        leaf = node;
        place = node.size - 1;
    }
}
