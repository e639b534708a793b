package io.metcd.store.lease;

import io.metcd.base.Bytes;
import java.util.List;

/** Which keys hang on which lease. */
public interface LeaseKeys {
    /** The keys attached to a lease, in order; none of a lease that does not exist. */
    List<Bytes> keys(long id);

    /** The keys attached to any lease. */
    List<Bytes> allKeys();
}
