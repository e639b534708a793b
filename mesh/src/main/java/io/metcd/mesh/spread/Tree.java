package io.metcd.mesh.spread;

import io.metcd.mesh.PeerId;
import io.metcd.mesh.topology.Graph;
import io.metcd.mesh.topology.Routes;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Where this peer stands in the tree of shortest paths from each origin. Peers with the same records compute the same
 * trees; where their records differ for a moment, items are missed or come twice.
 */
final class Tree {
    private static final int ORIGINS_KEPT = 256;
    private static final Branch NOWHERE = new Branch(Optional.empty(), List.of());

    private final PeerId self;
    private final int hopBudget;
    private final Map<PeerId, Branch> branches = new LinkedHashMap<>();
    private @Nullable Graph graph;
    private List<PeerId> neighbours = List.of();
    private boolean relays;

    /** Whom this peer gets an origin's items from, and whom it hands them to. */
    record Branch(Optional<PeerId> parent, List<PeerId> children) {}

    Tree(PeerId self, int hopBudget) {
        this.self = self;
        this.hopBudget = hopBudget;
    }

    /** Goes by this graph from now on. */
    void use(Graph newGraph) {
        graph = newGraph;
        branches.clear();
        int node = newGraph.find(self);
        List<PeerId> found = new ArrayList<>();
        for (int i = 0; node >= 0 && i < newGraph.degree(node); i++) {
            found.add(newGraph.id(newGraph.neighbour(node, i)));
        }
        neighbours = found;
        relays = node >= 0 && newGraph.relays(node);
    }

    List<PeerId> neighbours() {
        return neighbours;
    }

    /** Whether what others have said may pass through this peer. */
    boolean carries(Life life) {
        return relays || life.owner().equals(self);
    }

    Branch from(PeerId origin) {
        if (branches.size() >= ORIGINS_KEPT) {
            branches.clear();
        }
        return branches.computeIfAbsent(origin, this::compute);
    }

    private Branch compute(PeerId origin) {
        Graph current = graph;
        if (current == null || current.find(origin) < 0) {
            return NOWHERE;
        }
        Routes routes = new Routes(current, origin, hopBudget);
        List<PeerId> children = new ArrayList<>();
        for (PeerId neighbour : neighbours) {
            if (before(routes.path(neighbour), origin).equals(Optional.of(self))) {
                children.add(neighbour);
            }
        }
        return new Branch(before(routes.path(self), origin), List.copyOf(children));
    }

    /** The last but one of a path. */
    private static Optional<PeerId> before(List<PeerId> path, PeerId origin) {
        return switch (path.size()) {
            case 0 -> Optional.empty();
            case 1 -> Optional.of(origin);
            default -> Optional.of(path.get(path.size() - 2));
        };
    }
}
