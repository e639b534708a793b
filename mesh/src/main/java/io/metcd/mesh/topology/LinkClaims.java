package io.metcd.mesh.topology;

import io.metcd.base.Invariants;
import io.metcd.mesh.PeerId;
import java.util.Arrays;
import java.util.SortedMap;

/**
 * The links that one peer claims to have: neighbours by short id, in ascending unsigned order, each with a cost.
 *
 * <p>A claim alone proves nothing: a link counts when both of its ends claim it.
 */
public final class LinkClaims {
    /** No link at all. */
    public static final LinkClaims NONE = new LinkClaims(new long[0], new int[0]);

    /** The largest cost of one link. */
    public static final int COST_MAX = 255;

    private final long[] neighbours;
    private final int[] costs;

    private LinkClaims(long[] neighbours, int[] costs) {
        this.neighbours = neighbours;
        this.costs = costs;
    }

    /** Takes both arrays over. */
    public static LinkClaims of(long[] neighbours, int[] costs) {
        Invariants.check(neighbours.length == costs.length, "%s neighbours, %s costs", neighbours.length, costs.length);
        for (int i = 0; i < neighbours.length; i++) {
            Invariants.check(costs[i] >= 1 && costs[i] <= COST_MAX, "cost %s of claim %s", costs[i], i);
            Invariants.check(
                    i == 0 || Long.compareUnsigned(neighbours[i - 1], neighbours[i]) < 0,
                    "claims out of order at %s of %s",
                    i,
                    neighbours.length);
        }
        return neighbours.length == 0 ? NONE : new LinkClaims(neighbours, costs);
    }

    /** The same from a map. */
    public static LinkClaims of(SortedMap<PeerId, Integer> costByPeer) {
        long[] neighbours = new long[costByPeer.size()];
        int[] costs = new int[costByPeer.size()];
        int next = 0;
        for (var claim : costByPeer.entrySet()) {
            neighbours[next] = claim.getKey().shortId();
            costs[next++] = claim.getValue();
        }
        return of(neighbours, costs);
    }

    /** At most so many, the cheapest; of equally cheap ones those to the lower ids. */
    public LinkClaims cheapest(int most) {
        if (neighbours.length <= most) {
            return this;
        }
        int[] withCost = new int[COST_MAX + 2];
        for (int cost : costs) {
            withCost[cost + 1]++;
        }
        int dearest = 1;
        int cheaper = 0;
        while (cheaper + withCost[dearest + 1] < most) {
            cheaper += withCost[dearest + 1];
            dearest++;
        }
        int ofDearest = most - cheaper;
        long[] kept = new long[most];
        int[] keptCosts = new int[most];
        int next = 0;
        for (int i = 0; i < neighbours.length; i++) {
            if (costs[i] < dearest || (costs[i] == dearest && ofDearest-- > 0)) {
                kept[next] = neighbours[i];
                keptCosts[next++] = costs[i];
            }
        }
        return of(kept, keptCosts);
    }

    public int size() {
        return neighbours.length;
    }

    public long neighbour(int index) {
        return neighbours[index];
    }

    public int cost(int index) {
        return costs[index];
    }

    /** The index of a neighbour; negative when it is not claimed. */
    public int find(long shortId) {
        int low = 0;
        int high = neighbours.length - 1;
        while (low <= high) {
            int middle = (low + high) >>> 1;
            int order = Long.compareUnsigned(neighbours[middle], shortId);
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

    @Override
    public boolean equals(Object object) {
        return object instanceof LinkClaims other
                && Arrays.equals(neighbours, other.neighbours)
                && Arrays.equals(costs, other.costs);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(neighbours) * 31 + Arrays.hashCode(costs);
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder("[");
        for (int i = 0; i < neighbours.length; i++) {
            text.append(i == 0 ? "" : " ")
                    .append(Long.toHexString(neighbours[i]))
                    .append('=')
                    .append(costs[i]);
        }
        return text.append(']').toString();
    }
}
