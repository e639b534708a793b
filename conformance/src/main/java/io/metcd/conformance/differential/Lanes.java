package io.metcd.conformance.differential;

import java.util.ArrayList;
import java.util.List;

/** Pairs of servers that play at the same time, and one apart on which failing sequences are played again and shrunk. */
final class Lanes implements AutoCloseable {
    private final String etcd;
    private final List<Pair> pairs = new ArrayList<>();
    private final List<Pair> spare = new ArrayList<>();
    private boolean planted;
    private int turn;

    private Lanes(String etcd) {
        this.etcd = etcd;
    }

    /** Starts that many pairs. */
    static Lanes start(String etcd, int count) {
        Lanes lanes = new Lanes(etcd);
        try {
            for (int i = 0; i < count; i++) {
                lanes.pairs.add(Pair.start(etcd));
            }
            return lanes;
        } catch (RuntimeException e) {
            lanes.close();
            throw e;
        }
    }

    int count() {
        return pairs.size();
    }

    /** Has the next pair play these, behind what it was given before. */
    Pair.Played play(List<List<String>> sequences) {
        turn = (turn + 1) % pairs.size();
        return pairs.get(turn).play(sequences);
    }

    /** Has a pair play these that does nothing else. */
    Pair.Played apart(List<List<String>> sequences) {
        if (spare.isEmpty()) {
            Pair pair = Pair.start(etcd);
            spare.add(pair);
            if (planted) {
                pair.plant();
            }
        }
        return spare.get(0).play(sequences);
    }

    /** From here on a bit is wrong in some of metcd's answers. */
    void plant() {
        planted = true;
        pairs.forEach(Pair::plant);
    }

    /** How many requests were sent to each of the two; to be asked when nothing is being played. */
    long requests() {
        return pairs.stream().mapToLong(Pair::requests).sum();
    }

    @Override
    public void close() {
        pairs.forEach(Pair::close);
        spare.forEach(Pair::close);
    }
}
