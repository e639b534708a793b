package io.metcd.simulator;

import io.metcd.simulator.loss.Scenario;
import io.metcd.simulator.loss.Scenario.Figures;
import java.io.PrintStream;

/**
 * Our consensus over lossy and reordering packets beside published figures of other implementations: same network
 * model, virtual time, one seed. Exits non-zero when a figure is more than a tenth below etcd-io/raft's.
 */
public final class RaftLoss {
    private static final double TOLERANCE = 0.9;
    private static final String LINE = "%-32s %-22s %-22s %-18s %-18s%n";

    private RaftLoss() {}

    public static void main(String[] arguments) {
        long seed = arguments.length == 2 && arguments[0].equals("--seed") ? Long.parseLong(arguments[1]) : 1;
        System.exit(run(seed, System.out));
    }

    static int run(long seed, PrintStream out) {
        out.println("3 members, 1 ms each way, 200 operations in flight; operations a virtual second · p99 latency;"
                + " seed " + seed);
        out.printf(LINE, "scenario", "metcd", "etcd-io/raft 3.4", "MicroRaft", "MicroRaft over ARQ");
        StringBuilder ratios = new StringBuilder("RATIOS");
        boolean holds = true;
        for (Scenario scenario : Scenario.values()) {
            Figures ours = scenario.run(seed);
            double ratio = scenario.ratio(ours);
            holds &= Double.isNaN(ratio) || ratio >= TOLERANCE;
            out.printf(LINE, scenario.title(), ours, scenario.published(), scenario.other(), scenario.otherReliable());
            if (!Double.isNaN(ratio)) {
                ratios.append(String.format(" raft_%s=%.3f", scenario.key(), ratio));
            }
        }
        out.println(holds ? "every figure is within a tenth of etcd-io/raft's, or better" : "BELOW etcd-io/raft's");
        out.println(ratios);
        return holds ? 0 : 1;
    }
}
