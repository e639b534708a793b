package io.metcd.store.keyspace;

import io.metcd.store.kv.KeyValue;
import java.util.Arrays;

/**
 * A list that grows at its end: a tree of full leaves and a tail. Immutable; what a longer list shares with the one
 * before is all but the tail and, now and then, one path. So an often written key pays for its history by the
 * logarithm, of base 32, of its length.
 */
final class History {
    private static final int BITS = 5;
    private static final int WIDTH = 1 << BITS;
    private static final Object[] NO_LEAVES = {};

    static final History EMPTY = new History(0, BITS, NO_LEAVES, new KeyValue[0]);

    private final int size;
    /** What an index is shifted by at the root; the levels below take {@link #BITS} less each, a leaf none. */
    private final int shift;

    private final Object[] root;
    private final KeyValue[] tail;

    private History(int size, int shift, Object[] root, KeyValue[] tail) {
        this.size = size;
        this.shift = shift;
        this.root = root;
        this.tail = tail;
    }

    int size() {
        return size;
    }

    KeyValue get(int index) {
        int inTree = size - tail.length;
        if (index >= inTree) {
            return tail[index - inTree];
        }
        Object[] node = root;
        for (int level = shift; level > 0; level -= BITS) {
            node = (Object[]) node[(index >>> level) % WIDTH];
        }
        return (KeyValue) node[index % WIDTH];
    }

    History with(KeyValue next) {
        if (tail.length < WIDTH) {
            KeyValue[] longer = Arrays.copyOf(tail, tail.length + 1);
            longer[tail.length] = next;
            return new History(size + 1, shift, root, longer);
        }
        int inTree = size - WIDTH;
        KeyValue[] fresh = {next};
        if (inTree == WIDTH << shift) {
            Object[] higher = {root, path(shift, tail)};
            return new History(size + 1, shift + BITS, higher, fresh);
        }
        return new History(size + 1, shift, append(root, shift, inTree, tail), fresh);
    }

    /** Without the first ones: costs as much as what is left. */
    History from(int first) {
        History rest = EMPTY;
        for (int index = first; index < size; index++) {
            rest = rest.with(get(index));
        }
        return rest;
    }

    /** The node with a leaf more, which is the one of the given index. */
    private static Object[] append(Object[] node, int level, int index, KeyValue[] leaf) {
        int place = (index >>> level) % WIDTH;
        Object[] copy = Arrays.copyOf(node, Math.max(node.length, place + 1));
        boolean begun = place < node.length;
        copy[place] = begun ? append((Object[]) node[place], level - BITS, index, leaf) : path(level - BITS, leaf);
        return copy;
    }

    /** A node of this level with a leaf below it, or the leaf. */
    private static Object[] path(int level, KeyValue[] leaf) {
        return level == 0 ? leaf : new Object[] {path(level - BITS, leaf)};
    }
}
