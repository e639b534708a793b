package io.metcd.mesh.fuzz;

import io.metcd.base.ByteReader.Malformed;
import io.metcd.base.Bytes;
import java.util.List;
import java.util.function.Supplier;

/** What reads bytes that anybody may have sent. Nothing that it has read before changes what it makes of an input. */
interface Target {
    static List<Target> all() {
        return List.of(
                HandshakeTarget.betweenKeys(),
                HandshakeTarget.betweenCertificates(),
                new FrameTarget(),
                new ChunksTarget(),
                new RecordTarget(),
                new GossipTarget(),
                new SealedTarget(),
                new ToldTarget(),
                new KeyTarget());
    }

    String name();

    /** Inputs that make sense. */
    List<Bytes> genuine();

    /**
     * Prepares to read an input; the reading reads it to its end and says what became of it, or throws
     * {@link Malformed}: anything else is a fault.
     */
    Supplier<String> reading(Bytes input);

    /** Fails unless what must hold of everything that is read holds of this, which has been read and not refused. */
    void laws(Bytes input);

    /** What is read of an input: all of it, unless it is a script that says what is sent. */
    default Load load(Bytes input) {
        return Load.of(input);
    }

    /**
     * What an input may cost.
     *
     * @param bytes that are read
     * @param entries bytes beside these, for what each thing in them costs however short it is
     */
    record Load(long bytes, long entries) {
        private static final int FACTOR = 4;
        /** Hashes, refusals and the first entry of a map. */
        private static final int FIXED = 8 << 10;

        static Load of(Bytes input) {
            return new Load(input.size(), 0);
        }

        /** In bytes of memory. */
        long most() {
            return FACTOR * bytes + entries + FIXED;
        }
    }
}
