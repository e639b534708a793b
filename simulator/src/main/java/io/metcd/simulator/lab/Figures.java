package io.metcd.simulator.lab;

import io.metcd.base.Invariants;
import java.util.StringJoiner;

/** What a row has measured, in the order in which it did; the first figure beyond its limit ends the row. */
final class Figures {
    private final StringJoiner said = new StringJoiner(" ");

    /** A figure without a limit. */
    void say(String name, Object figure) {
        said.add(name + "=" + figure);
    }

    /** A figure that may not be larger. */
    void atMost(String name, long most, long figure) {
        say(name, figure);
        Invariants.check(figure <= most, "%s=%s, at most %s", name, figure, most);
    }

    /** A figure that may not be smaller. */
    void atLeast(String name, long least, long figure) {
        say(name, figure);
        Invariants.check(figure >= least, "%s=%s, at least %s", name, figure, least);
    }

    @Override
    public String toString() {
        return said.toString();
    }
}
