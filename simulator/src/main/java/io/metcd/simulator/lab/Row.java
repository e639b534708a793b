package io.metcd.simulator.lab;

import io.metcd.base.Invariants;
import java.util.Optional;

/**
 * One scenario.
 *
 * @param name by which docs/scenarios.md, tests and the command line know it
 * @param number under which the plan of tests lists it
 * @param story what happens, in a line
 */
record Row(String name, String number, String story, Play play) {
    /** What happens, and what must hold. */
    interface Play {
        /** Ends in an {@link Invariants.Violation} when something does not hold. */
        void play(Script script);
    }

    /** What a play is given: everything in it is decided by the seed. */
    record Script(long seed, Figures figures) {
        Stage stage(Layout layout) {
            return new Stage(layout, seed, figures);
        }
    }

    /**
     * What one run came to.
     *
     * @param failure what did not hold; empty if the row held
     */
    record Played(Row row, long seed, String figures, Optional<String> failure) {
        boolean held() {
            return failure.isEmpty();
        }

        /** The command that repeats it. */
        String command() {
            return "./dev mesh-lab " + row.name + " --simulated --seed " + seed;
        }
    }

    /** Plays with this seed; whatever goes wrong is a failure of the row. */
    Played run(long seed) {
        Script script = new Script(seed, new Figures());
        Optional<String> failure = Optional.empty();
        try {
            play.play(script);
        } catch (Invariants.Violation broken) {
            failure = Optional.of(String.valueOf(broken.getMessage()));
        } catch (RuntimeException | AssertionError broken) {
            failure = Optional.of(broken + " at " + broken.getStackTrace()[0]);
        }
        return new Played(this, seed, script.figures.toString(), failure);
    }
}
