package io.metcd.conformance.lab;

import java.util.function.Consumer;

/**
 * A scenario as processes play it.
 *
 * @param name as docs/scenarios.md has it
 * @param number its place in the table
 * @param story what happens to a stage that has formed a cluster, whose clients write; throws an IllegalStateException
 *     where something does not hold
 */
record Row(String name, String number, Shape shape, Ground ground, Consumer<Stage> story) {
    /** On wires of its own. */
    static Row of(String name, String number, Shape shape, Consumer<Stage> story) {
        return new Row(name, number, shape, Ground.wires(), story);
    }
}
