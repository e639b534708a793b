package io.metcd.simulator;

import io.metcd.simulator.consensus.RaftRun;
import java.util.Locale;
import java.util.Optional;

/** What kind of cluster a run simulates. */
public enum RunProfile {
    /** Consensus alone, over packets: the hardest network, nothing else. */
    CONSENSUS {
        @Override
        RunResult run(long seed, long virtualNanos) {
            return RaftRun.run(seed, virtualNanos);
        }
    };

    abstract RunResult run(long seed, long virtualNanos);

    /** As it is written on the command line. */
    String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    static Optional<RunProfile> of(String word) {
        for (RunProfile profile : values()) {
            if (profile.word().equals(word)) {
                return Optional.of(profile);
            }
        }
        return Optional.empty();
    }
}
