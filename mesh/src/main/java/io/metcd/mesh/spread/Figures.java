package io.metcd.mesh.spread;

/**
 * What a peer's part in telling everybody has come to, since its start.
 *
 * @param received items that neighbours brought
 * @param duplicates of them, those that were held already
 * @param delivered messages handed to this peer's own receivers
 * @param asked questions sent for items that the tree did not bring
 * @param forged items whose signature was wrong
 * @param refused items over a bound or quota, and of peers that are not known
 * @param malformed words that were none
 */
public record Figures(
        long received, long duplicates, long delivered, long asked, long forged, long refused, long malformed) {
    /** Nothing has been told yet. */
    public static final Figures NONE = new Figures(0, 0, 0, 0, 0, 0, 0);
}
