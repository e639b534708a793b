package io.metcd.conformance.differential;

import java.io.PrintStream;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Plays sequences to both, and shrinks and keeps those that nothing explains. */
final class Hunt {
    private static final int BATCH = 50;
    private static final int AHEAD = 3;
    private static final int FAILURES_MAX = 10;
    private static final int REPORTED_EVERY = 5_000;

    /** On a busy machine something is late now and then; more than one sequence in so many is a finding of its own. */
    private static final int UNREPEATED_ONE_IN = 1000;

    private final Lanes lanes;
    private final Corpus corpus;
    private final boolean planted;
    private final PrintStream out;
    private final Comparison comparison = new Comparison();
    private final Set<String> shapes = new HashSet<>();
    private final long begun = System.nanoTime();
    private int sequences;
    private int failures;
    private int unrepeated;

    Hunt(Lanes lanes, Corpus corpus, boolean planted, PrintStream out) {
        this.lanes = lanes;
        this.corpus = corpus;
        this.planted = planted;
        this.out = out;
    }

    /** Makes a sequence. */
    @FunctionalInterface
    interface Source {
        List<String> from(Dice dice);
    }

    void replayCorpus() {
        judge(lanes.play(corpus.sequences()));
        out.println(sequences + " kept sequences replayed, " + failures + " fail");
    }

    /** Goes on until enough were played, or more differ than anybody reads. */
    void random(long seed, int count, Source source) {
        Deque<Pair.Played> ahead = new ArrayDeque<>();
        for (int i = 0; i < count && failures < (planted ? 1 : FAILURES_MAX); i += BATCH) {
            List<List<String>> batch = new ArrayList<>();
            for (int j = i; j < Math.min(count, i + BATCH); j++) {
                batch.add(source.from(new Dice(seed * 1_000_003 + j)));
            }
            ahead.add(lanes.play(batch));
            if (ahead.size() >= AHEAD * lanes.count()) {
                judge(ahead.remove());
            }
            if (i > 0 && i % REPORTED_EVERY == 0) {
                out.println(i + " sequences, " + rate() + " a second");
            }
        }
        while (!ahead.isEmpty()) {
            judge(ahead.remove());
        }
    }

    /** Prints what came of it; true if it is as it should be. */
    boolean report() {
        int explained = 0;
        for (Map.Entry<String, Integer> entry : comparison.explained().entrySet()) {
            out.println("  " + entry.getKey() + ": " + entry.getValue());
            explained += entry.getValue();
        }
        if (planted) {
            out.println("differential: the planted fault was " + (failures > 0 ? "" : "NOT ") + "found within "
                    + sequences + " sequences");
            return failures > 0;
        }
        out.println("  hashes of whole histories compared: " + comparison.hashes());
        out.println("differential: " + sequences + " sequences, " + lanes.requests() + " requests, " + rate()
                + " sequences a second, " + failures + " unexplained differences, " + unrepeated
                + " seen once and not again, " + explained + " explained by docs/differences.md");
        return failures == 0 && unrepeated <= 1 + sequences / UNREPEATED_ONE_IN;
    }

    private void judge(Pair.Played played) {
        List<List<String>> metcd = played.ofMetcd();
        List<List<String>> etcd = played.ofEtcd();
        for (int i = 0; i < played.sequences().size(); i++) {
            List<String> sequence = played.sequences().get(i);
            sequences++;
            comparison.compare(sequence, metcd.get(i), etcd.get(i)).ifPresent(finding -> found(sequence, finding));
        }
    }

    private void found(List<String> sequence, Comparison.Finding finding) {
        if (failures >= FAILURES_MAX || !shapes.add(finding.shape())) {
            return;
        }
        Optional<Shrinking.Shrunk> shrunk = Shrinking.shrink(sequence, this::again);
        if (shrunk.isEmpty()) {
            unrepeated++;
            out.println("seen once and not again:\n  " + String.join("\n  ", sequence) + "\n" + finding);
            return;
        }
        Shrinking.Shrunk least = shrunk.get();
        if (!shapes.add(least.finding().shape()) && !least.finding().shape().equals(finding.shape())) {
            return;
        }
        failures++;
        if (!planted) {
            corpus.keep(least.sequence(), least.finding());
        }
        out.println("DIFFERENT, shrunk from " + sequence.size() + " to "
                + least.sequence().size() + " requests:\n  " + String.join("\n  ", least.sequence()) + "\n"
                + least.finding());
    }

    private Optional<Comparison.Finding> again(List<String> sequence) {
        Pair.Played played = lanes.apart(List.of(sequence));
        return new Comparison()
                .compare(sequence, played.ofMetcd().get(0), played.ofEtcd().get(0));
    }

    private long rate() {
        return sequences * 1_000_000_000L / Math.max(1, System.nanoTime() - begun);
    }
}
