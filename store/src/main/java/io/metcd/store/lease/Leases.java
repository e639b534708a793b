package io.metcd.store.lease;

import io.metcd.base.Bytes;
import io.metcd.store.index.Cursor;
import io.metcd.store.index.OrderedMap;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** All leases at one moment, and the keys attached to them. Immutable. */
public final class Leases implements LeaseKeys {
    public static final Leases EMPTY =
            new Leases(OrderedMap.empty(Comparator.<Long>naturalOrder()), OrderedMap.empty(Attachment::compare));

    final OrderedMap<Long, LeaseState> byId;
    final OrderedMap<Attachment, Attachment> attachments;

    Leases(OrderedMap<Long, LeaseState> byId, OrderedMap<Attachment, Attachment> attachments) {
        this.byId = byId;
        this.attachments = attachments;
    }

    public Optional<LeaseState> get(long id) {
        LeaseState lease = byId.get(id, LeaseState.NONE);
        return lease.id() == 0 ? Optional.empty() : Optional.of(lease);
    }

    /** All leases, by id. */
    public List<LeaseState> list() {
        List<LeaseState> leases = new ArrayList<>(byId.size());
        for (Cursor<Long, LeaseState> cursor = byId.first(); cursor.isValid(); cursor.next()) {
            leases.add(cursor.value());
        }
        return leases;
    }

    public OrderedMap<Long, LeaseState> byId() {
        return byId;
    }

    @Override
    public Optional<Bytes> keyFrom(long id, Bytes least) {
        Cursor<Attachment, Attachment> cursor = attachments.from(new Attachment(id, least));
        boolean found = cursor.isValid() && cursor.key().lease() == id;
        return found ? Optional.of(cursor.key().key()) : Optional.empty();
    }

    @Override
    public OptionalLong leaseFrom(long least) {
        Cursor<Attachment, Attachment> cursor = attachments.from(new Attachment(least, Bytes.EMPTY));
        return cursor.isValid() ? OptionalLong.of(cursor.key().lease()) : OptionalLong.empty();
    }

    /** The keys attached to a lease, in order; none of a lease that does not exist. */
    public List<Bytes> keys(long id) {
        List<Bytes> keys = new ArrayList<>();
        Cursor<Attachment, Attachment> cursor = attachments.from(new Attachment(id, Bytes.EMPTY));
        while (cursor.isValid() && cursor.key().lease() == id) {
            keys.add(cursor.key().key());
            cursor.next();
        }
        return keys;
    }

    public LeasesEditor edit() {
        return new LeasesEditor(this);
    }
}
