package io.metcd.embed;

import java.util.Comparator;

/**
 * Proves to a resource that one holder of a lock, or one leader, came after another: a resource that remembers the
 * greatest token it has seen, and refuses smaller ones, is safe from a holder that does not know yet that it has lost.
 * Tokens of one lock grow with each holder, also when the cluster was founded anew in between.
 *
 * @param epoch of the founding of the cluster
 * @param revision at which the holder got its place
 */
public record FencingToken(long epoch, long revision) implements Comparable<FencingToken> {
    private static final Comparator<FencingToken> ORDER =
            Comparator.comparingLong(FencingToken::epoch).thenComparingLong(FencingToken::revision);

    @Override
    public int compareTo(FencingToken other) {
        return ORDER.compare(this, other);
    }

    /** For resources that keep it as text; sorts as the tokens do. */
    @Override
    public String toString() {
        return String.format("%016x-%016x", epoch, revision);
    }
}
