package io.metcd.mesh.fuzz;

import com.sun.management.ThreadMXBean;
import io.metcd.base.ByteReader.Malformed;
import io.metcd.base.Bytes;
import java.lang.management.ManagementFactory;
import java.util.function.Supplier;

/**
 * What is asked of every input: that it is read or refused in words, that this allocates no more memory than the input
 * has bytes, four times over, and a fixed cost for each thing in it, and that the target's laws hold.
 */
final class Trial {
    static final Trial PLAIN = new Trial(1);
    /** Of code in which Jazzer has put its probes, some of which take memory, too. */
    static final Trial PROBED = new Trial(2);

    /** The first readings also pay for classes that are loaded, and caches that are filled. */
    private static final int READINGS = 4;

    private static final String REFUSED = "refused: ";
    private static final ThreadMXBean MEMORY = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    private final int slack;

    private Trial(int slack) {
        this.slack = slack;
    }

    /** Says what became of an input; fails in words that say the input. */
    String of(Target target, Bytes input) {
        try {
            String outcome = outcome(target, input);
            if (!outcome.startsWith(REFUSED)) {
                target.laws(input);
            }
            return outcome;
        } catch (RuntimeException | Error fault) {
            throw new AssertionError(
                    target.name() + ": " + fault.getMessage() + "; add to the corpus: " + input.toHex(), fault);
        }
    }

    private String outcome(Target target, Bytes input) {
        long most = slack * target.load(input).most();
        long cost = Long.MAX_VALUE;
        String outcome = "";
        for (int i = 0; i < READINGS && cost > most; i++) {
            Supplier<String> reading = target.reading(input);
            long before = MEMORY.getCurrentThreadAllocatedBytes();
            try {
                outcome = reading.get();
            } catch (Malformed refused) {
                outcome = REFUSED + refused.getMessage();
            }
            cost = MEMORY.getCurrentThreadAllocatedBytes() - before;
        }
        if (cost > most) {
            throw new AssertionError(cost + " bytes of memory for " + input.size() + " of input, at most " + most);
        }
        return outcome;
    }
}
