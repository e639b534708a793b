package io.metcd.benchmarks.mesh;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;

/** How much one link carries, and what that costs in processor time, sender and receiver together. */
final class FloodPart implements Part {
    private final String name;
    private final int bytes;
    private final int window;

    private FloodPart(String name, int bytes, int window) {
        this.name = name;
        this.bytes = bytes;
        this.window = window;
    }

    /** Many small ones: their number counts. */
    static FloodPart datagrams() {
        return new FloodPart("datagrams", 100, 4_096);
    }

    /** Few large ones, as a snapshot's pieces are: their bytes count. */
    static FloodPart bulk() {
        return new FloodPart("bulk", 256 << 10, 4);
    }

    @Override
    public String name() {
        return name;
    }

    /** One system and its flood. */
    private record Stage(String system, Rival.Pair pair, Flood flood) {}

    @Override
    public void play(Effort effort, Figures figures) {
        List<Stage> stages = new ArrayList<>();
        try {
            for (Rival rival : Rival.all()) {
                Rival.Pair pair = rival.pair();
                Stage stage = new Stage(rival.name(), pair, new Flood(pair));
                stages.add(stage);
                stage.flood.carry(bytes, window, effort.warmNanos());
            }
            for (int round = 0; round < effort.rounds(); round++) {
                for (int i = 0; i < stages.size(); i++) {
                    measure(stages.get((i + round) % stages.size()), effort, figures);
                }
            }
        } finally {
            stages.forEach(stage -> stage.pair.close());
        }
        double rate = figures.median(key("metcd"));
        for (Stage rival : stages.subList(1, stages.size())) {
            figures.ratio(name + "_vs_" + rival.system, rate / figures.median(key(rival.system)));
        }
        if (name.equals("bulk")) {
            figures.atLeast(300, rate * bytes / 1e6, "MB/s in bulk on one link");
        } else {
            figures.atLeast(300_000, rate, "small datagrams a second on one link");
        }
    }

    private void measure(Stage stage, Effort effort, Figures figures) {
        long lost = stage.flood.lost();
        double processor = processorSeconds();
        Flood.Carried carried = stage.flood.carry(bytes, window, effort.roundNanos());
        double micros = (processorSeconds() - processor) * 1e6 / carried.payloads();
        figures.sample(key(stage.system), carried.perSecond());
        figures.say(
                "%-10s %-10s %9.0f/s  %7.1f MB/s  %8.2f us of a processor each%s",
                name,
                stage.system,
                carried.perSecond(),
                carried.perSecond() * bytes / 1e6,
                micros,
                stage.flood.lost() == lost ? "" : "  " + (stage.flood.lost() - lost) + " lost");
    }

    private String key(String system) {
        return name + " " + system;
    }

    private static double processorSeconds() {
        return ((OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean()).getProcessCpuTime() / 1e9;
    }
}
