package io.metcd.simulator.world;

import java.io.PrintStream;
import java.util.TreeMap;
import java.util.function.Supplier;

/** Tells what happens in a run, for one who looks for the cause of a violation. */
public interface Narrator {
    /** Says nothing, and builds no text. */
    Narrator SILENT = (now, text) -> {};

    void say(long now, Supplier<String> text);

    /** The state of a member, whether or not it has changed. */
    default void state(long now, long member, Supplier<String> text) {}

    /** Tells each new state of a member, one a line, and nothing else: for a check against a specification. */
    static Narrator states(PrintStream out, long seed) {
        TreeMap<Long, String> known = new TreeMap<>();
        return new Narrator() {
            @Override
            public void say(long now, Supplier<String> text) {}

            @Override
            public void state(long now, long member, Supplier<String> text) {
                String state = text.get();
                if (!state.equals(known.put(member, state))) {
                    out.printf("state seed=%d ms=%.3f member=%d %s%n", seed, now / 1e6, member, state);
                }
            }
        };
    }

    /** Tells everything, with the virtual time in milliseconds. */
    static Narrator to(PrintStream out) {
        return (now, text) -> out.printf("%12.3f %s%n", now / 1e6, text.get());
    }
}
