package io.metcd.benchmarks.mesh;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** How soon the other peer of two notices that a process was killed, and that one is only silent. */
final class DetectionPart implements Part {
    /** JGroups takes 40 s for a silent one. */
    private static final long LIMIT_NANOS = TimeUnit.SECONDS.toNanos(75);

    private static final int FIRST_NUMBER = 200;

    private int number = FIRST_NUMBER;

    @Override
    public String name() {
        return "detection";
    }

    /** A peer that goes, and the one that has to notice. */
    private record Couple(Rival rival, PeerProcess gone, Rival.Peer left) {}

    @Override
    public void play(Effort effort, Figures figures) {
        for (int round = 0; round < effort.rounds(); round++) {
            measure("killed", PeerProcess::kill, figures);
        }
        measure("silent", PeerProcess::silence, figures);
        for (String way : List.of("killed", "silent")) {
            for (Rival rival : Rival.others()) {
                figures.ratio(
                        (way.equals("killed") ? "kill_detection_vs_" : "detection_vs_") + rival.name(),
                        figures.median(key(way, rival)) / figures.median(key(way, new MetcdRival())));
            }
        }
    }

    /** All systems at once: they wait nearly all the time. */
    private void measure(String way, Consumer<PeerProcess> end, Figures figures) {
        List<Couple> couples = new ArrayList<>();
        try {
            for (Rival rival : Rival.all()) {
                couples.add(couple(rival));
            }
            long start = System.nanoTime();
            couples.forEach(couple -> end.accept(couple.gone));
            Set<Couple> noticed = new HashSet<>();
            Waiting.within(LIMIT_NANOS, () -> {
                for (Couple couple : couples) {
                    if (couple.left.sees() == 1 && noticed.add(couple)) {
                        double seconds = (System.nanoTime() - start) / 1e9;
                        figures.sample(key(way, couple.rival), seconds);
                        figures.say("detection  %-10s %s: noticed after %7.3f s", couple.rival.name(), way, seconds);
                    }
                }
                return noticed.size() == couples.size();
            });
            couples.stream().filter(couple -> !noticed.contains(couple)).forEach(couple -> {
                double limit = LIMIT_NANOS / 1e9;
                figures.sample(key(way, couple.rival), limit); // the ratio is at least this
                figures.say("detection  %-10s %s: not noticed within %3.0f s", couple.rival.name(), way, limit);
            });
        } finally {
            couples.forEach(couple -> couple.gone.kill());
            couples.forEach(couple -> couple.left.close());
        }
    }

    private Couple couple(Rival rival) {
        PeerProcess gone = PeerProcess.start(rival, number++);
        Rival.Peer left = rival.join(number++, List.of(gone.address()));
        Waiting.until(rival.name() + ": two peers see each other", () -> left.sees() == 2);
        return new Couple(rival, gone, left);
    }

    private static String key(String way, Rival rival) {
        return way + " " + rival.name();
    }
}
