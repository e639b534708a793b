package io.metcd.mesh.topology;

import io.metcd.base.Invariants;
import io.metcd.mesh.PeerId;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;

/**
 * The cheapest paths from one peer to all others (Dijkstra 1959), and for each peer a second one that shares as few
 * relays and links with the first as the graph allows.
 *
 * <p>A relay costs extra, so that two links must be clearly faster than one to be preferred; peers that do not relay
 * end a path. Of two equally cheap ways, the one through the lower ids is taken: every peer with the same records
 * computes the same paths.
 */
public final class Routes {
    /** In the unit of link costs: about as many milliseconds. */
    static final int RELAY_COST = 5;

    /** More than any path costs: a second path first avoids what the first one uses, then is cheap. */
    private static final int REUSE_COST = 10_000;

    private static final int UNREACHED = Integer.MAX_VALUE;
    private static final int NONE = -1;

    private final Graph graph;
    private final int source;
    private final int hopBudget;
    private final Search first;

    /** Paths from {@code self}, which must be in the graph; paths of more than {@code hopBudget} links do not count. */
    public Routes(Graph graph, PeerId self, int hopBudget) {
        this.graph = graph;
        this.hopBudget = hopBudget;
        this.source = graph.find(self);
        Invariants.check(source >= 0, "peer %s is not in its own graph", self);
        this.first = new Search(NONE, new boolean[graph.size()]);
        first.run();
    }

    public Graph graph() {
        return graph;
    }

    /** The peers after this one, the destination last; empty when there is no path, and for this peer itself. */
    public List<PeerId> path(PeerId destination) {
        int node = graph.find(destination);
        return node < 0 ? List.of() : walk(node, first);
    }

    /** The sum of the link costs of the path, 0 without a path: about its round trip in milliseconds. */
    public int linkCost(PeerId destination) {
        List<PeerId> path = path(destination);
        return path.isEmpty() ? 0 : first.reached[graph.find(destination)] - RELAY_COST * (path.size() - 1);
    }

    /** A second path, other than the first; empty when there is none. */
    public List<PeerId> alternate(PeerId destination) {
        int node = graph.find(destination);
        if (node < 0 || first.reached[node] == UNREACHED || node == source) {
            return List.of();
        }
        boolean[] onFirstPath = new boolean[graph.size()];
        for (int at = node; at != source; at = first.tree[at]) {
            onFirstPath[at] = true;
        }
        Search second = new Search(node, onFirstPath);
        second.run();
        List<PeerId> path = walk(node, second);
        return path.equals(walk(node, first)) ? List.of() : path;
    }

    private List<PeerId> walk(int node, Search search) {
        if (search.reached[node] == UNREACHED || node == source) {
            return List.of();
        }
        List<PeerId> path = new ArrayList<>();
        for (int at = node; at != source; at = search.tree[at]) {
            path.add(graph.id(at));
        }
        Collections.reverse(path);
        return path.size() > hopBudget ? List.of() : List.copyOf(path);
    }

    /** One run of Dijkstra's algorithm, away from the relays and links of a first path if there is one. */
    private final class Search {
        private final int destination;
        private final boolean[] onFirstPath;
        private final int[] reached = new int[graph.size()];
        private final int[] tree = new int[graph.size()];
        private final NodeHeap heap = new NodeHeap(graph.size());

        Search(int destination, boolean[] onFirstPath) {
            this.destination = destination;
            this.onFirstPath = onFirstPath;
        }

        void run() {
            Arrays.fill(reached, UNREACHED);
            Arrays.fill(tree, NONE);
            reached[source] = 0;
            heap.offer(0, source);
            while (!heap.isEmpty()) {
                long head = heap.poll();
                int node = NodeHeap.node(head);
                if (NodeHeap.distance(head) == reached[node] && (node == source || graph.relays(node))) {
                    relax(node);
                }
            }
        }

        private void relax(int node) {
            int relayCost = node == source ? 0 : RELAY_COST;
            for (int i = 0; i < graph.degree(node); i++) {
                int next = graph.neighbour(node, i);
                int through = reached[node] + relayCost + graph.cost(node, i) + reuseCost(node, next);
                if (through < reached[next]) {
                    reached[next] = through;
                    tree[next] = node;
                    heap.offer(through, next);
                } else if (through == reached[next] && node < tree[next]) {
                    tree[next] = node;
                }
            }
        }

        private int reuseCost(int node, int next) {
            if (!onFirstPath[next]) {
                return 0;
            }
            int relay = next == destination ? 0 : REUSE_COST;
            int link = first.tree[next] == node ? REUSE_COST : 0;
            return relay + link;
        }
    }
}
