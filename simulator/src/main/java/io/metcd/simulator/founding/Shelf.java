package io.metcd.simulator.founding;

import io.metcd.base.RandomSource;
import io.metcd.node.FoundingLock;
import io.metcd.node.PromiseStore;
import java.io.IOException;
import java.util.Optional;

/** What outlives a process: one host's disk, and the founding lock that all share. Both may end the process. */
final class Shelf {
    private Shelf() {}

    /** The process has ended in the middle of something. */
    static final class Ended extends RuntimeException {
        private static final long serialVersionUID = 1L;
    }

    /** Decides what goes wrong. */
    static final class Trouble {
        private final RandomSource random;
        private double chance;

        Trouble(RandomSource random, double chance) {
            this.random = random;
            this.chance = chance;
        }

        void end() {
            chance = 0;
        }

        /** The process ends here, now and then. */
        void mayEnd() {
            if (chance > 0 && random.chance(chance)) {
                throw new Ended();
            }
        }

        void mayFail(String what) throws IOException {
            if (chance > 0 && random.chance(2 * chance)) {
                throw new IOException(what + " does not answer");
            }
        }
    }

    /** A disk: what is saved is there, whether or not the process lives to hear of it. */
    static final class Disk implements PromiseStore {
        private final Trouble trouble;
        private Optional<Kept> kept = Optional.empty();

        Disk(Trouble trouble) {
            this.trouble = trouble;
        }

        @Override
        public Optional<Kept> load() {
            return kept;
        }

        @Override
        public void save(Kept now) {
            trouble.mayEnd();
            kept = Optional.of(now);
            trouble.mayEnd();
        }
    }

    /** A lock that everybody reaches, mostly. */
    static final class Lock implements FoundingLock {
        private final Trouble trouble;
        private Optional<Long> holder = Optional.empty();

        Lock(Trouble trouble) {
            this.trouble = trouble;
        }

        @Override
        public Optional<Long> holder() throws IOException {
            trouble.mayFail("the lock");
            return holder;
        }

        @Override
        public long take(long clusterId) throws IOException {
            trouble.mayFail("the lock");
            trouble.mayEnd();
            if (holder.isEmpty()) {
                holder = Optional.of(clusterId);
            }
            trouble.mayFail("the lock, after it was taken,");
            trouble.mayEnd();
            return holder.get();
        }

        @Override
        public String toString() {
            return "/shared/founding";
        }
    }
}
