package io.metcd.store.lease;

import io.metcd.base.Bytes;
import java.util.Optional;
import java.util.OptionalLong;

/** Which keys hang on which lease, in order, for those who need not see all of them. */
public interface LeaseKeys {
    /** The first key of a lease that is not before the given one; none of a lease that does not exist. */
    Optional<Bytes> keyFrom(long id, Bytes least);

    /** The first lease that has keys and an id not below the given one. */
    OptionalLong leaseFrom(long least);
}
