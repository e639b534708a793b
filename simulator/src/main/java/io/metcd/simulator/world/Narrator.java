package io.metcd.simulator.world;

import java.io.PrintStream;
import java.util.function.Supplier;

/** Tells what happens in a run, for one who looks for the cause of a violation. */
public interface Narrator {
    /** Says nothing, and builds no text. */
    Narrator SILENT = (now, text) -> {};

    void say(long now, Supplier<String> text);

    /** Tells everything, with the virtual time in milliseconds. */
    static Narrator to(PrintStream out) {
        return (now, text) -> out.printf("%12.3f %s%n", now / 1e6, text.get());
    }
}
