package io.metcd.benchmarks.mesh;

/** One question that is answered by measuring. */
interface Part {
    /** By which it is chosen. */
    String name();

    /** Prints what it finds and leaves its ratios in the figures. */
    void play(Effort effort, Figures figures);
}
