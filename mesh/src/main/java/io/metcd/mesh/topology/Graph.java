package io.metcd.mesh.topology;

import io.metcd.mesh.PeerId;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/**
 * The mesh as far as both ends of each link confirm it: peers in order of their ids, each with its neighbours and the
 * costs to them. The cost of a link is the worse of its two claims, so that both directions agree on it.
 */
public final class Graph {
    private final PeerId[] ids;
    private final long[] shortIds;
    private final boolean[] relays;
    private final int[][] neighbours;
    private final int[][] costs;

    /** A link that is not to be used although both ends claim it. */
    public interface Exclusion {
        boolean excludes(long a, long b);
    }

    private Graph(int size) {
        ids = new PeerId[size];
        shortIds = new long[size];
        relays = new boolean[size];
        neighbours = new int[size][];
        costs = new int[size][];
    }

    /** Builds the graph from records in ascending order of their ids. */
    public static Graph of(Collection<PeerRecord> records, Exclusion exclusion) {
        PeerRecord[] nodes = records.toArray(PeerRecord[]::new);
        Graph graph = new Graph(nodes.length);
        for (int i = 0; i < nodes.length; i++) {
            graph.ids[i] = nodes[i].id();
            graph.shortIds[i] = nodes[i].id().shortId();
            graph.relays[i] = nodes[i].relays();
        }
        for (int i = 0; i < nodes.length; i++) {
            graph.connect(i, nodes, exclusion);
        }
        return graph;
    }

    public int size() {
        return ids.length;
    }

    public PeerId id(int node) {
        return ids[node];
    }

    /** Whether frames of others may pass through the peer. */
    public boolean relays(int node) {
        return relays[node];
    }

    /** The node of a peer; negative when there is none. */
    public int find(PeerId peer) {
        return Arrays.binarySearch(ids, peer);
    }

    /** The peer whose id begins so. */
    public Optional<PeerId> find(long shortId) {
        int node = search(shortId);
        return node < 0 ? Optional.empty() : Optional.of(ids[node]);
    }

    /** The confirmed neighbours of a node, ascending. */
    public int degree(int node) {
        return neighbours[node].length;
    }

    public int neighbour(int node, int index) {
        return neighbours[node][index];
    }

    public int cost(int node, int index) {
        return costs[node][index];
    }

    /** All peers in order. */
    public List<PeerId> ids() {
        return List.of(ids);
    }

    private void connect(int node, PeerRecord[] nodes, Exclusion exclusion) {
        LinkClaims claims = nodes[node].links();
        int[] found = new int[claims.size()];
        int[] foundCosts = new int[claims.size()];
        int count = 0;
        for (int i = 0; i < claims.size(); i++) {
            int other = search(claims.neighbour(i));
            if (other < 0 || other == node) {
                continue;
            }
            int back = nodes[other].links().find(shortIds[node]);
            if (back >= 0 && !exclusion.excludes(shortIds[node], shortIds[other])) {
                found[count] = other;
                foundCosts[count++] =
                        Math.max(claims.cost(i), nodes[other].links().cost(back));
            }
        }
        neighbours[node] = Arrays.copyOf(found, count);
        costs[node] = Arrays.copyOf(foundCosts, count);
    }

    private int search(long wanted) {
        int low = 0;
        int high = shortIds.length - 1;
        while (low <= high) {
            int middle = (low + high) >>> 1;
            int order = Long.compareUnsigned(shortIds[middle], wanted);
            if (order == 0) {
                return middle;
            }
            if (order < 0) {
                low = middle + 1;
            } else {
                high = middle - 1;
            }
        }
        return -1;
    }
}
