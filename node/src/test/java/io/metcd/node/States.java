package io.metcd.node;

import io.metcd.base.Bytes;
import io.metcd.raft.membership.Configuration;
import io.metcd.store.Root;
import io.metcd.store.Store;
import io.metcd.store.command.Envelope;
import io.metcd.store.command.Op;

/** States of a store whose entries each put 64 KiB under a key of their own: four of them fill a piece. */
final class States {
    static final int PER_PIECE = 4;
    private static final int VALUE_BYTES = 64 << 10;
    static final Configuration CONFIGURATION = Configuration.of(1, 2, 3, 4);

    private final Store store = new Store(StateMachine.LIMITS);

    /** After so many entries of term 1. */
    static Root after(int entries) {
        return new States().go(entries);
    }

    /** Goes on to this entry. */
    Root go(int index) {
        while (store.root().appliedIndex() < index) {
            long next = store.root().appliedIndex() + 1;
            Bytes value = Bytes.wrap(new byte[VALUE_BYTES]);
            store.apply(
                    next,
                    1,
                    Envelope.of(Op.Put.of(Bytes.utf8("k" + next), value)).encode());
        }
        return store.root();
    }
}
