package io.metcd.benchmarks;

import io.metcd.base.Bytes;
import io.metcd.base.RandomSource;
import io.metcd.mesh.PeerFacts;
import io.metcd.mesh.PeerId;
import io.metcd.mesh.Profile;
import io.metcd.mesh.topology.Graph;
import io.metcd.mesh.topology.LinkClaims;
import io.metcd.mesh.topology.PeerRecord;
import io.metcd.mesh.topology.Routes;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** All routes of one peer from the records of all, as after each change of the mesh: 500 peers of about 8 links. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 3, time = 1)
@Fork(1)
public class RouteComputation {
    private static final int LINKS_DIALLED = 4;
    private static final int COST_MAX = 40;

    @Param({"500"})
    public int peers;

    private final TreeMap<PeerId, PeerRecord> records = new TreeMap<>();
    private PeerId self = new PeerId(Bytes.wrap(new byte[16]));

    @Setup
    public void meet() {
        RandomSource random = RandomSource.seeded(1);
        List<PeerId> ids = new ArrayList<>();
        List<TreeMap<PeerId, Integer>> claims = new ArrayList<>();
        for (int i = 0; i < peers; i++) {
            ids.add(new PeerId(random.bytes(16)));
            claims.add(new TreeMap<>());
        }
        for (int i = 0; i < peers; i++) {
            for (int link = 0; link < LINKS_DIALLED; link++) {
                int other = (i + 1 + random.nextInt(peers - 1)) % peers;
                int cost = 1 + random.nextInt(COST_MAX);
                claims.get(i).put(ids.get(other), cost);
                claims.get(other).put(ids.get(i), cost);
            }
        }
        for (int i = 0; i < peers; i++) {
            LinkClaims links = LinkClaims.of(claims.get(i));
            PeerRecord record = new PeerRecord(
                    ids.get(i),
                    Bytes.EMPTY,
                    1,
                    1,
                    PeerRecord.Standing.RELAY,
                    PeerFacts.named("peer-" + i),
                    List.of(),
                    links);
            records.put(ids.get(i), record);
        }
        self = ids.get(0);
    }

    @Benchmark
    public Routes afterAChange() {
        Graph graph = Graph.of(records.values(), (a, b) -> false);
        return new Routes(graph, self, Profile.LAN.sizes().hopBudget());
    }
}
