package io.metcd.mesh.fuzz;

import io.metcd.base.Bytes;
import io.metcd.mesh.spread.Told;
import java.util.List;
import java.util.function.Supplier;

/** What members tell everybody: messages, parts of shared states, and what neighbours say to each other about them. */
final class ToldTarget implements Target {
    /** A number of one byte becomes an object with a place in a list, an entry of some 25 bytes several in maps. */
    private static final int BYTE_ENTRY = 28;

    @Override
    public String name() {
        return "told";
    }

    @Override
    public List<Bytes> genuine() {
        return Told.genuine();
    }

    @Override
    public Load load(Bytes input) {
        return new Load(input.size(), (long) BYTE_ENTRY * input.size());
    }

    @Override
    public Supplier<String> reading(Bytes input) {
        return () -> Told.read(input);
    }

    @Override
    public void laws(Bytes input) {
        Told.laws(input);
    }
}
