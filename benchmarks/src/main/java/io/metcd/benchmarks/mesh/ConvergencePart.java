package io.metcd.benchmarks.mesh;

import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

/** How soon all see all, when every peer but the first starts at once and knows only the first. */
final class ConvergencePart implements Part {
    private static final long LIMIT_NANOS = TimeUnit.SECONDS.toNanos(60);
    private static final int FIRST_NUMBER = 400;
    /** Of numbers of one group and those of the next. */
    private static final int APART = 100;

    private final boolean crowd;
    private int number = FIRST_NUMBER;

    private ConvergencePart(boolean crowd) {
        this.crowd = crowd;
    }

    static ConvergencePart besideRivals() {
        return new ConvergencePart(false);
    }

    /** Many peers of metcd alone, once. */
    static ConvergencePart ofCrowd() {
        return new ConvergencePart(true);
    }

    @Override
    public String name() {
        return crowd ? "crowd" : "convergence";
    }

    @Override
    public void play(Effort effort, Figures figures) {
        Rival metcd = new MetcdRival();
        if (crowd) {
            form(metcd, effort.crowd(), figures);
            figures.atMost(30, figures.median(key(metcd)), "seconds until " + effort.crowd() + " peers see each other");
            return;
        }
        List<Rival> systems = Rival.all();
        for (int round = 0; round < effort.rounds(); round++) {
            for (int i = 0; i < systems.size(); i++) {
                form(systems.get((i + round) % systems.size()), effort.peers(), figures);
            }
        }
        for (Rival rival : Rival.others()) {
            figures.ratio("convergence_vs_" + rival.name(), figures.median(key(rival)) / figures.median(key(metcd)));
        }
    }

    private void form(Rival rival, int count, Figures figures) {
        int base = number;
        number += APART;
        Queue<Rival.Peer> peers = new ConcurrentLinkedQueue<>();
        List<Thread> starters = new ArrayList<>();
        try {
            Rival.Peer first = rival.join(base, List.of());
            peers.add(first);
            long start = System.nanoTime();
            IntStream.range(1, count)
                    .mapToObj(i -> new Thread(() -> peers.add(rival.join(base + i, List.of(first.address())))))
                    .forEach(starters::add);
            starters.forEach(Thread::start);
            boolean formed = Waiting.within(
                    LIMIT_NANOS, () -> peers.size() == count && peers.stream().allMatch(peer -> peer.sees() == count));
            double seconds = (System.nanoTime() - start) / 1e9;
            if (!formed) {
                throw new IllegalStateException(
                        rival.name() + ": " + count + " peers do not see each other after " + (long) seconds + " s");
            }
            figures.sample(key(rival), seconds);
            figures.say(
                    "%-11s %-10s %d peers see each other %6.2f s after the first was there",
                    name(), rival.name(), count, seconds);
        } finally {
            starters.forEach(ConvergencePart::await);
            peers.parallelStream().forEach(Rival.Peer::close);
        }
    }

    private static void await(Thread starter) {
        try {
            starter.join(TimeUnit.NANOSECONDS.toMillis(LIMIT_NANOS));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private String key(Rival rival) {
        return name() + " " + rival.name();
    }
}
