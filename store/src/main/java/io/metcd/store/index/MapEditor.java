package io.metcd.store.index;

import java.util.Comparator;
import org.jspecify.annotations.Nullable;

/**
 * The writer of an {@link OrderedMap}. A node is copied the first time that it is changed after {@link #freeze}, and
 * from then on changed in place: many changes between two freezes share their copies.
 *
 * <p>Not thread-safe; the maps that it freezes are.
 */
public final class MapEditor<K, V> {
    /** A node with fewer entries than this looks for a neighbour to join. */
    private static final int SPARSE = Node.WIDTH / 4;

    private final Comparator<Object> order;
    private Node root;
    private int size;

    /** The right to change nodes in place: those that carry it have been seen by nobody else. */
    private Object token = new Object();

    /** As of the last {@link #freeze}. Every edit gives the tree another root, so the root tells whether it still holds. */
    private OrderedMap<K, V> frozen;

    MapEditor(Comparator<Object> order, Node root, int size) {
        this.order = order;
        this.root = root;
        this.size = size;
        this.frozen = new OrderedMap<>(order, root, size);
    }

    public int size() {
        return size;
    }

    public V get(K key, V absent) {
        return OrderedMap.get(root, order, key, absent);
    }

    /** The map now, for this thread and until the next edit only. */
    public OrderedMap<K, V> peek() {
        return new OrderedMap<>(order, root, size);
    }

    /** The map now, immutable from here on: the same one as last time when nothing was edited since. */
    public OrderedMap<K, V> freeze() {
        if (frozen.root != root) {
            token = new Object();
            frozen = peek();
        }
        return frozen;
    }

    public void put(K key, V value) {
        root = root.ownedBy(token);
        Node right = put(root, key, value);
        if (right != null) {
            Node top = Node.newInner(token);
            top.insert(0, root.keys[0], root, root.entries());
            top.insert(1, lowest(right), right, right.entries());
            root = top;
        }
    }

    /** True if the key was there. */
    public boolean remove(K key) {
        // Looking first keeps a miss from copying a path.
        if (!OrderedMap.contains(root, order, key)) {
            return false;
        }
        root = root.ownedBy(token);
        removePresent(root, key);
        size--;
        while (!root.leaf && root.size == 1) {
            root = root.child(0);
        }
        return true;
    }

    /** Puts below a node that is owned; returns the new right neighbour if it had to be split. */
    private @Nullable Node put(Node node, Object key, Object value) {
        if (node.leaf) {
            int place = node.find(key, order);
            if (place >= 0) {
                node.slots[place] = value;
                return null;
            }
            size++;
            return insert(node, -place - 1, key, value);
        }
        int index = node.childFor(key, order);
        Node child = node.child(index).ownedBy(token);
        node.slots[index] = child;
        int before = size;
        Node right = put(child, key, value);
        if (right == null) {
            node.counts[index] += size - before;
            return null;
        }
        node.counts[index] = child.entries();
        return insert(node, index + 1, lowest(right), right);
    }

    /**
     * Inserts into an owned node, which is split if it is full: in halves, but if the entry goes behind all others it
     * alone moves on, so that ascending keys fill their nodes.
     */
    private @Nullable Node insert(Node node, int place, Object key, Object slot) {
        int count = node.leaf ? 1 : ((Node) slot).entries();
        if (node.size < Node.WIDTH) {
            node.insert(place, key, slot, count);
            return null;
        }
        Node right = node.leaf ? Node.newLeaf(token) : Node.newInner(token);
        int cut = place == node.size ? node.size : node.size / 2;
        right.append(node, cut, node.size);
        node.clearFrom(cut);
        if (place <= cut && cut < Node.WIDTH) {
            node.insert(place, key, slot, count);
        } else {
            right.insert(place - cut, key, slot, count);
        }
        return right;
    }

    /** Removes below a node that is owned, and leaves no empty child behind. */
    private void removePresent(Node node, Object key) {
        if (node.leaf) {
            node.delete(node.find(key, order));
            return;
        }
        int index = node.childFor(key, order);
        Node child = node.child(index).ownedBy(token);
        node.slots[index] = child;
        node.counts[index]--;
        removePresent(child, key);
        if (child.size == 0) {
            node.delete(index);
        } else if (child.size < SPARSE) {
            joinNeighbour(node, index);
        }
    }

    /** Joins a sparse child with a neighbour, if the two fit into one node. */
    private void joinNeighbour(Node node, int index) {
        int left = index > 0 && fits(node, index - 1) ? index - 1 : index;
        if (left + 1 >= node.size || !fits(node, left)) {
            return;
        }
        Node target = node.child(left).ownedBy(token);
        Node source = node.child(left + 1);
        int joint = target.size;
        target.append(source, 0, source.size);
        if (!target.leaf) {
            // A first child has no bound of its own: it gets the one that its node had.
            target.keys[joint] = node.keys[left + 1];
        }
        node.slots[left] = target;
        node.counts[left] += node.counts[left + 1];
        node.delete(left + 1);
    }

    private static boolean fits(Node node, int left) {
        return node.child(left).size + node.child(left + 1).size <= Node.WIDTH;
    }

    /** A bound for a new right neighbour: the least key in it, or what bounded its first child. */
    private static Object lowest(Node node) {
        return node.keys[0];
    }
}
