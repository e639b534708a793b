package io.metcd.mesh.topology;

import io.metcd.base.Invariants;
import io.metcd.mesh.PeerId;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;

/**
 * The cheapest paths from one peer to all others (Dijkstra 1959), and for each peer a second one that shares as few
 * links with the first as the graph allows.
 *
 * <p>A relay costs extra, so that two links must be clearly faster than one to be preferred; peers that do not relay
 * end a path. Of two equally cheap ways, the one through the lower ids is taken: every peer with the same records
 * computes the same paths.
 */
public final class Routes {
    /** In the unit of link costs: about as many milliseconds. */
    static final int RELAY_COST = 5;

    private static final int REUSE_FACTOR = 8;
    private static final int UNREACHED = Integer.MAX_VALUE;
    private static final int NONE = -1;

    private final Graph graph;
    private final int source;
    private final int hopBudget;
    private final int[] distance;
    private final int[] previous;

    /** Paths from {@code self}, which must be in the graph; paths of more than {@code hopBudget} links do not count. */
    public Routes(Graph graph, PeerId self, int hopBudget) {
        this.graph = graph;
        this.hopBudget = hopBudget;
        this.source = graph.find(self);
        Invariants.check(source >= 0, "peer %s is not in its own graph", self);
        this.distance = new int[graph.size()];
        this.previous = new int[graph.size()];
        search(distance, previous, new boolean[graph.size()]);
    }

    public Graph graph() {
        return graph;
    }

    /** The peers after this one, the destination last; empty when there is no path, and for this peer itself. */
    public List<PeerId> path(PeerId destination) {
        int node = graph.find(destination);
        return node < 0 ? List.of() : walk(node, previous, distance);
    }

    /** The sum of the link costs of the path, 0 without a path: about its round trip in milliseconds. */
    public int linkCost(PeerId destination) {
        List<PeerId> path = path(destination);
        return path.isEmpty() ? 0 : distance[graph.find(destination)] - RELAY_COST * (path.size() - 1);
    }

    /** A second path, other than the first; empty when there is none. */
    public List<PeerId> alternate(PeerId destination) {
        int node = graph.find(destination);
        if (node < 0 || distance[node] == UNREACHED || node == source) {
            return List.of();
        }
        boolean[] used = new boolean[graph.size()];
        for (int at = node; at != NONE; at = previous[at]) {
            used[at] = true;
        }
        int[] otherDistance = new int[graph.size()];
        int[] otherPrevious = new int[graph.size()];
        search(otherDistance, otherPrevious, used);
        List<PeerId> second = walk(node, otherPrevious, otherDistance);
        return second.equals(walk(node, previous, distance)) ? List.of() : second;
    }

    private List<PeerId> walk(int node, int[] tree, int[] reached) {
        if (reached[node] == UNREACHED || node == source) {
            return List.of();
        }
        List<PeerId> path = new ArrayList<>();
        for (int at = node; at != source; at = tree[at]) {
            path.add(graph.id(at));
        }
        Collections.reverse(path);
        return path.size() > hopBudget ? List.of() : List.copyOf(path);
    }

    /** Links between two nodes that are both marked as used, one after the other on the first path, cost more. */
    private void search(int[] reached, int[] tree, boolean[] used) {
        Arrays.fill(reached, UNREACHED);
        Arrays.fill(tree, NONE);
        NodeHeap heap = new NodeHeap(graph.size());
        reached[source] = 0;
        heap.offer(0, source);
        while (!heap.isEmpty()) {
            long head = heap.poll();
            int node = NodeHeap.node(head);
            if (NodeHeap.distance(head) == reached[node] && (node == source || graph.relays(node))) {
                relax(node, reached, tree, used, heap);
            }
        }
    }

    private void relax(int node, int[] reached, int[] tree, boolean[] used, NodeHeap heap) {
        int relayCost = node == source ? 0 : RELAY_COST;
        for (int i = 0; i < graph.degree(node); i++) {
            int next = graph.neighbour(node, i);
            boolean reused = used[node] && used[next] && (previous[next] == node || previous[node] == next);
            int through = reached[node] + relayCost + graph.cost(node, i) * (reused ? REUSE_FACTOR : 1);
            if (through < reached[next]) {
                reached[next] = through;
                tree[next] = node;
                heap.offer(through, next);
            } else if (through == reached[next] && node < tree[next]) {
                tree[next] = node;
            }
        }
    }
}
