package io.metcd.store.lease;

import io.metcd.base.Bytes;
import io.metcd.base.Invariants;
import io.metcd.store.index.MapEditor;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** The writer of {@link Leases}. Invariant: a key is attached to at most one lease, and only to one that exists. */
public final class LeasesEditor implements LeaseKeys {
    private final MapEditor<Long, LeaseState> byId;
    private final MapEditor<Attachment, Attachment> attachments;

    LeasesEditor(Leases leases) {
        this.byId = leases.byId.edit();
        this.attachments = leases.attachments.edit();
    }

    public boolean contains(long id) {
        return byId.get(id, LeaseState.NONE).id() != 0;
    }

    public void grant(LeaseState lease) {
        Invariants.check(lease.id() != 0, "a lease without an id");
        Invariants.check(!contains(lease.id()), "lease %s exists", lease.id());
        byId.put(lease.id(), lease);
    }

    /** Ends a lease to which nothing is attached any more. */
    public void revoke(long id) {
        Invariants.check(keyFrom(id, Bytes.EMPTY).isEmpty(), "lease %s still has keys", id);
        Invariants.check(byId.remove(id), "lease %s does not exist", id);
    }

    /** Writes down what is left of a lease; 0 stands for all of it. Nothing happens to one that does not exist. */
    public void checkpoint(long id, long remainderSeconds) {
        LeaseState lease = byId.get(id, LeaseState.NONE);
        if (lease.id() != 0) {
            byId.put(id, new LeaseState(id, lease.grantedTtlSeconds(), remainderSeconds));
        }
    }

    /** Moves a key from one lease to another; 0 stands for none. */
    public void move(Bytes key, long from, long to) {
        if (from == to) {
            return;
        }
        if (from != 0) {
            Invariants.check(attachments.remove(new Attachment(from, key)), "%s was not on lease %s", key, from);
        }
        if (to != 0) {
            Invariants.check(contains(to), "lease %s does not exist", to);
            Attachment attachment = new Attachment(to, key);
            attachments.put(attachment, attachment);
        }
    }

    @Override
    public Optional<Bytes> keyFrom(long id, Bytes least) {
        return peek().keyFrom(id, least);
    }

    @Override
    public OptionalLong leaseFrom(long least) {
        return peek().leaseFrom(least);
    }

    /** As {@link Leases#keys}. */
    public List<Bytes> keys(long id) {
        return peek().keys(id);
    }

    private Leases peek() {
        return new Leases(byId.peek(), attachments.peek());
    }

    /** The leases now, immutable from here on. */
    public Leases freeze() {
        return new Leases(byId.freeze(), attachments.freeze());
    }
}
