package io.metcd.simulator;

import io.metcd.simulator.cluster.ClusterRun;
import io.metcd.simulator.consensus.RaftRun;
import io.metcd.simulator.crowd.CrowdRun;
import io.metcd.simulator.world.Narrator;
import java.util.Locale;
import java.util.Optional;

/** What kind of cluster a run simulates. */
public enum RunProfile {
    /** Whole members under all faults; mostly everyone can dial everyone. */
    DEFAULT {
        @Override
        RunResult run(long seed, long virtualNanos, Narrator narrator) {
            return ClusterRun.run(seed, virtualNanos, narrator);
        }
    },
    /** Consensus alone, over packets: the hardest network, nothing else. */
    CONSENSUS {
        @Override
        RunResult run(long seed, long virtualNanos, Narrator narrator) {
            return RaftRun.run(seed, virtualNanos, narrator);
        }
    },
    /** Consensus alone, three or four members and few events: with {@code --trace states} for a specification. */
    SMALL {
        @Override
        RunResult run(long seed, long virtualNanos, Narrator narrator) {
            return RaftRun.runSmall(seed, virtualNanos, narrator);
        }
    },
    /** As {@link #DEFAULT}, of members that keep their journals, on disks of which one or the other rots. */
    ROT {
        @Override
        RunResult run(long seed, long virtualNanos, Narrator narrator) {
            return ClusterRun.runRotting(seed, virtualNanos, narrator);
        }
    },
    /** Whole members in lines, stars and rings, with relays between. */
    MESH {
        @Override
        RunResult run(long seed, long virtualNanos, Narrator narrator) {
            return ClusterRun.runSparse(seed, virtualNanos, narrator);
        }
    },
    /** 500 peers without replicas: start, rest, news, deaths, a split; its figures, some with limits. Alone: one seed. */
    CROWD {
        @Override
        RunResult run(long seed, long virtualNanos, Narrator narrator) {
            return CrowdRun.run(seed, CrowdRun.PEERS, narrator);
        }
    },
    /** The load that speed is measured at: 5 members, 4 clients, 50 operations a virtual second, no faults. */
    REFERENCE {
        @Override
        RunResult run(long seed, long virtualNanos, Narrator narrator) {
            return ClusterRun.runReference(seed, virtualNanos, narrator);
        }
    };

    abstract RunResult run(long seed, long virtualNanos, Narrator narrator);

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
