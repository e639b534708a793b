package io.metcd.conformance.etcdfile;

import io.metcd.conformance.client.StateClient;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Changes of a state, the same for the same seed, however often they are made. */
final class Walk {
    private static final int KEYS = 60;
    private static final int LARGE_BYTES = 100_000;
    private static final long LEASE_SECONDS = 3600;

    private final Random random;
    private final List<Long> leases = new ArrayList<>();
    private long nextLease = 7000;
    private long revision;
    private long compacted;

    /** Begins on a state at a revision, compacted at another. */
    Walk(long seed, long revision, long compacted) {
        this.random = new Random(seed);
        this.revision = revision;
        this.compacted = compacted;
    }

    List<Long> leases() {
        return leases;
    }

    /** One change on each of the states, which must be alike. */
    void step(List<StateClient> states) throws IOException {
        int kind = random.nextInt(100);
        String key = key();
        if (kind < 60) {
            long lease = leases.isEmpty() || random.nextInt(4) > 0 ? 0 : leases.get(random.nextInt(leases.size()));
            byte[] value = new byte[kind == 0 ? LARGE_BYTES : random.nextInt(200)];
            random.nextBytes(value);
            each(states, state -> state.put(key, value, lease));
        } else if (kind < 75) {
            String end = key + (random.nextBoolean() ? "\0" : "~");
            each(states, state -> state.delete(key, end));
        } else if (kind < 87) {
            List<String> puts = List.of("txn/" + key, "txn/more/" + key);
            each(states, state -> state.txn(puts, key));
        } else if (kind < 92) {
            nextLease++;
            leases.add(nextLease % 3 == 0 ? -nextLease : nextLease);
            long lease = leases.get(leases.size() - 1);
            each(states, state -> state.grant(lease, LEASE_SECONDS));
        } else if (kind < 95 && leases.size() > 4) {
            long lease = leases.remove(random.nextInt(leases.size()));
            each(states, state -> state.revoke(lease));
        } else if (kind >= 97 && revision - compacted > 20) {
            compacted += 1 + random.nextInt((int) (revision - compacted));
            long target = compacted;
            each(states, state -> state.compact(target));
        }
        revision = states.get(0).hash(0).revision();
    }

    /** A revision whose hash can be asked for. */
    long readable() {
        return compacted + random.nextInt((int) (revision - compacted) + 1);
    }

    private String key() {
        return "key/" + random.nextInt(KEYS);
    }

    private interface Change {
        void make(StateClient state) throws IOException;
    }

    private static void each(List<StateClient> states, Change change) throws IOException {
        for (StateClient state : states) {
            change.make(state);
        }
    }
}
