package io.metcd.store.watch;

import io.metcd.base.Bytes;
import io.metcd.base.RandomSource;
import io.metcd.store.kv.KeyRange;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Finds the ranges that hold a key: a treap (Seidel, Aragon: Randomized Search Trees, 1996) ordered by the start of
 * the ranges, in which each node knows the greatest end below it, so that whole subtrees are passed over. Finding
 * costs the logarithm of the ranges that exist, and the ranges found.
 */
final class RangeIndex {
    /** Priorities decide nothing but the shape of the tree, so the seed does not matter. */
    private final RandomSource priorities = RandomSource.seeded(1);

    private @Nullable Node root;

    /** A range, and the watches of exactly this range. An empty end stands for no end, and is the greatest. */
    private static final class Node {
        final Bytes start;
        final Bytes end;
        final long priority;
        final WatcherGroup group = new WatcherGroup();

        @Nullable
        Node left;

        @Nullable
        Node right;

        Bytes greatestEnd;

        Node(Bytes start, Bytes end, long priority) {
            this.start = start;
            this.end = end;
            this.priority = priority;
            this.greatestEnd = end;
        }

        void refresh() {
            greatestEnd = end;
            if (left != null) {
                greatestEnd = later(greatestEnd, left.greatestEnd);
            }
            if (right != null) {
                greatestEnd = later(greatestEnd, right.greatestEnd);
            }
        }
    }

    void add(Watcher watcher) {
        root = add(root, watcher, watcher.range.key(), end(watcher.range));
    }

    void remove(Watcher watcher) {
        root = remove(root, watcher, watcher.range.key(), end(watcher.range));
    }

    /** Adds the watches whose range holds the key. */
    void find(Bytes key, List<Watcher> found) {
        find(root, key, found);
    }

    private static void find(@Nullable Node node, Bytes key, List<Watcher> found) {
        if (node == null || !isBelow(key, node.greatestEnd)) {
            return;
        }
        find(node.left, key, found);
        if (node.start.compareTo(key) <= 0) {
            if (isBelow(key, node.end)) {
                node.group.addTo(found);
            }
            find(node.right, key, found);
        }
    }

    private Node add(@Nullable Node node, Watcher watcher, Bytes start, Bytes end) {
        if (node == null) {
            Node leaf = new Node(start, end, priorities.nextLong());
            leaf.group.add(watcher);
            return leaf;
        }
        int order = order(start, end, node);
        Node top = node;
        if (order == 0) {
            node.group.add(watcher);
        } else if (order < 0) {
            Node child = add(node.left, watcher, start, end);
            node.left = child;
            top = child.priority > node.priority ? rotateRight(node, child) : node;
        } else {
            Node child = add(node.right, watcher, start, end);
            node.right = child;
            top = child.priority > node.priority ? rotateLeft(node, child) : node;
        }
        top.refresh();
        return top;
    }

    private @Nullable Node remove(@Nullable Node node, Watcher watcher, Bytes start, Bytes end) {
        if (node == null) {
            return null;
        }
        int order = order(start, end, node);
        if (order < 0) {
            node.left = remove(node.left, watcher, start, end);
        } else if (order > 0) {
            node.right = remove(node.right, watcher, start, end);
        } else {
            node.group.remove(watcher);
            if (node.group.isEmpty()) {
                return join(node.left, node.right);
            }
        }
        node.refresh();
        return node;
    }

    /** One tree of two, all of the first below all of the second. */
    private static @Nullable Node join(@Nullable Node left, @Nullable Node right) {
        if (left == null) {
            return right;
        }
        if (right == null) {
            return left;
        }
        Node top = left.priority > right.priority ? left : right;
        if (top == left) {
            left.right = join(left.right, right);
        } else {
            right.left = join(left, right.left);
        }
        top.refresh();
        return top;
    }

    private static Node rotateRight(Node node, Node child) {
        node.left = child.right;
        child.right = node;
        node.refresh();
        return child;
    }

    private static Node rotateLeft(Node node, Node child) {
        node.right = child.left;
        child.left = node;
        node.refresh();
        return child;
    }

    private static int order(Bytes start, Bytes end, Node node) {
        int byStart = start.compareTo(node.start);
        return byStart != 0 ? byStart : end.compareTo(node.end);
    }

    private static Bytes end(KeyRange range) {
        return range.isOpenEnded() ? Bytes.EMPTY : range.end();
    }

    private static boolean isBelow(Bytes key, Bytes end) {
        return end.isEmpty() || key.compareTo(end) < 0;
    }

    private static Bytes later(Bytes one, Bytes other) {
        return isBelow(one, other) && !one.isEmpty() ? other : one;
    }
}
