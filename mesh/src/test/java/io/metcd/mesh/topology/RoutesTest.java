package io.metcd.mesh.topology;

import static org.assertj.core.api.Assertions.assertThat;

import io.metcd.base.Bytes;
import io.metcd.base.RandomSource;
import io.metcd.mesh.PeerFacts;
import io.metcd.mesh.PeerId;
import io.metcd.testkit.Property;
import io.metcd.testkit.Transcript;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

class RoutesTest {
    @TestFactory
    Stream<DynamicTest> stories() {
        return Transcript.folder("routes", RoutesStage::new);
    }

    @Test
    void pathsAreAsCheapAsByExhaustiveRelaxation() {
        Property.check(100, random -> {
            Mesh mesh = Mesh.random(random, 12, 20);
            Graph graph = Graph.of(mesh.records(), (a, b) -> false);
            PeerId source = graph.id(0);

            Routes routes = new Routes(graph, source, 16);

            int[] cheapest = mesh.relax(0);
            for (int to = 1; to < graph.size(); to++) {
                List<PeerId> path = routes.path(graph.id(to));
                int cost = path.isEmpty()
                        ? Integer.MAX_VALUE
                        : routes.linkCost(graph.id(to)) + Routes.RELAY_COST * (path.size() - 1);
                assertThat(cost).isEqualTo(cheapest[to]);
            }
        });
    }

    @Test
    void secondPathAvoidsFirstOneWhereverItCan() {
        Property.check(100, random -> {
            Mesh mesh = Mesh.random(random, 10, 25);
            Graph graph = Graph.of(mesh.records(), (a, b) -> false);
            Routes routes = new Routes(graph, graph.id(0), 16);
            for (int to = 1; to < graph.size(); to++) {
                List<PeerId> first = routes.path(graph.id(to));
                if (first.isEmpty()) {
                    continue;
                }
                List<PeerId> second = routes.alternate(graph.id(to));

                Graph rest = Graph.of(mesh.records(), withoutRelaysOf(first, graph.id(0)));
                List<PeerId> disjoint = new Routes(rest, graph.id(0), 16).path(graph.id(to));
                if (!disjoint.isEmpty()) {
                    assertThat(second).isEqualTo(disjoint);
                }
                assertThat(second).isNotEqualTo(first).doesNotHaveDuplicates();
            }
        });
    }

    private static Graph.Exclusion withoutRelaysOf(List<PeerId> path, PeerId source) {
        List<Long> relays =
                path.subList(0, path.size() - 1).stream().map(PeerId::shortId).toList();
        long end = path.get(path.size() - 1).shortId();
        long begin = source.shortId();
        return (a, b) -> relays.contains(a)
                || relays.contains(b)
                || (relays.isEmpty() && ((a == begin && b == end) || (a == end && b == begin)));
    }

    /** Costs as a matrix, 0 for no link. */
    private static final class Mesh {
        private final int[][] costs;

        Mesh(int[][] costs) {
            this.costs = costs;
        }

        static Mesh random(RandomSource random, int peers, int links) {
            int[][] costs = new int[peers][peers];
            for (int i = 0; i < links; i++) {
                int a = random.nextInt(peers);
                int b = random.nextInt(peers);
                if (a != b) {
                    costs[a][b] = 1 + random.nextInt(40);
                    costs[b][a] = costs[a][b];
                }
            }
            return new Mesh(costs);
        }

        List<PeerRecord> records() {
            List<PeerRecord> records = new ArrayList<>();
            for (int i = 0; i < costs.length; i++) {
                SortedMap<PeerId, Integer> links = new TreeMap<>();
                for (int j = 0; j < costs.length; j++) {
                    if (costs[i][j] > 0) {
                        links.put(id(j), costs[i][j]);
                    }
                }
                records.add(new PeerRecord(
                        id(i),
                        Bytes.EMPTY,
                        1,
                        1,
                        PeerRecord.Standing.RELAY,
                        PeerFacts.named("p" + i),
                        List.of(),
                        LinkClaims.of(links)));
            }
            return records;
        }

        /** Bellman and Ford, without any cleverness. */
        int[] relax(int source) {
            int[] cheapest = new int[costs.length];
            Arrays.fill(cheapest, Integer.MAX_VALUE);
            cheapest[source] = 0;
            for (int round = 0; round < costs.length; round++) {
                for (int a = 0; a < costs.length; a++) {
                    for (int b = 0; b < costs.length; b++) {
                        if (costs[a][b] > 0 && cheapest[a] < Integer.MAX_VALUE) {
                            int through = cheapest[a] + costs[a][b] + (a == source ? 0 : Routes.RELAY_COST);
                            cheapest[b] = Math.min(cheapest[b], through);
                        }
                    }
                }
            }
            return cheapest;
        }

        private static PeerId id(int n) {
            byte[] bytes = new byte[PeerId.SIZE];
            bytes[0] = (byte) (n + 1);
            return new PeerId(Bytes.wrap(bytes));
        }
    }
}
