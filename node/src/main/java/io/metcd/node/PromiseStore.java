package io.metcd.node;

import java.io.IOException;
import java.util.Optional;

/** Where a founder keeps its promise, so that it gives no other one after a restart. */
public interface PromiseStore {
    /** Of a founder that forgets everything when its process ends. */
    PromiseStore NONE = new PromiseStore() {
        @Override
        public Optional<Kept> load() {
            return Optional.empty();
        }

        @Override
        public void save(Kept kept) {}
    };

    /**
     * As {@link FoundingPromise} has them.
     *
     * @param started whether this founder has started consensus with the set: it never founds again
     */
    record Kept(long life, long round, Optional<FoundingSet> set, boolean started) {}

    /** As saved last; empty for a founder that has never been started. */
    Optional<Kept> load() throws IOException;

    /** Durable when it returns. */
    void save(Kept kept) throws IOException;
}
