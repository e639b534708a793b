package io.metcd.store.command;

import io.metcd.base.Bytes;
import io.metcd.store.kv.KeyRange;
import io.metcd.store.kv.RangeQuery;
import java.util.List;

/** An operation of a transaction. All but a read can also stand alone, as a {@link Command}. */
public sealed interface Op {
    /**
     * Writes a key.
     *
     * @param lease the lease to attach the key to; 0 detaches it
     * @param previous whether the pair before is wanted in the result
     * @param ignoreValue keep the value that the key has
     * @param ignoreLease keep the lease that the key has
     */
    record Put(Bytes key, Bytes value, long lease, boolean previous, boolean ignoreValue, boolean ignoreLease)
            implements Op, Command {
        public static Put of(Bytes key, Bytes value) {
            return new Put(key, value, 0, false, false, false);
        }

        public Put withLease(long newLease) {
            return new Put(key, value, newLease, previous, ignoreValue, ignoreLease);
        }

        public Put withPrevious() {
            return new Put(key, value, lease, true, ignoreValue, ignoreLease);
        }

        public Put keepingValue() {
            return new Put(key, value, lease, previous, true, ignoreLease);
        }

        public Put keepingLease() {
            return new Put(key, value, lease, previous, ignoreValue, true);
        }

        /** Whether it keeps a part of the pair before, so that there must be one. */
        public boolean needsKey() {
            return ignoreValue || ignoreLease;
        }

        @Override
        public <R> R accept(Cases<R> cases) {
            return cases.put(this);
        }
    }

    /** Deletes every key of a range; {@code previous} asks for the pairs before. */
    record DeleteRange(KeyRange range, boolean previous) implements Op, Command {
        @Override
        public <R> R accept(Cases<R> cases) {
            return cases.deleteRange(this);
        }
    }

    /** One of two lists of operations, chosen by comparisons with the state before the outermost transaction. */
    record Txn(List<Compare> compares, List<Op> success, List<Op> failure) implements Op, Command {
        public Txn {
            compares = List.copyOf(compares);
            success = List.copyOf(success);
            failure = List.copyOf(failure);
        }

        /** True if neither branch can change anything and nothing is nested: such a one is read, never proposed. */
        public boolean isReadOnly() {
            return success.stream().allMatch(Range.class::isInstance)
                    && failure.stream().allMatch(Range.class::isInstance);
        }

        @Override
        public <R> R accept(Cases<R> cases) {
            return cases.txn(this);
        }
    }

    /** Reads, and sees what earlier operations of the transaction have done. */
    record Range(RangeQuery query) implements Op {}

    /** A request that names no operation. {@link Checks} refuses it; it has no encoding. */
    record Unset() implements Op {}
}
