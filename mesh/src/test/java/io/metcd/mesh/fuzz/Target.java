package io.metcd.mesh.fuzz;

import io.metcd.base.ByteReader.Malformed;
import io.metcd.base.Bytes;
import java.util.List;
import java.util.function.Supplier;

/** What reads bytes that anybody may have sent. */
interface Target {
    String name();

    /** Inputs that make sense. */
    List<Bytes> genuine();

    /**
     * Prepares to read an input; the reading reads it to its end and says what became of it, or throws
     * {@link Malformed}: anything else is a fault.
     */
    Supplier<String> reading(Bytes input);
}
