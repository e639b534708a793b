package io.metcd.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.metcd.base.Bytes;
import io.metcd.base.RandomSource;
import io.metcd.store.auth.AuthState;
import io.metcd.store.auth.Caller;
import io.metcd.store.auth.Permission;
import io.metcd.store.auth.Role;
import io.metcd.store.auth.User;
import io.metcd.store.command.Command;
import io.metcd.store.command.Compare;
import io.metcd.store.command.Op;
import io.metcd.store.kv.KeyRange;
import io.metcd.store.kv.RangeQuery;
import io.metcd.store.kv.Refusal;
import io.metcd.store.lease.LeaseKeys;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/**
 * The decision about 120,000 random requests beside one that is found otherwise: every key of a small world is looked
 * at on its own.
 */
class AccessAgainstBruteForceTest {
    private static final int REQUESTS = 120_000;
    private static final int REQUESTS_OF_A_WORLD = 40;

    /** What ranges are made of: all strings of up to two of these. */
    private static final int[] LETTERS = {0, 'a', 'b', 0xff};

    private static final List<Bytes> KEYS = keys();

    /** The keys that are looked at: each bound that a range can have, and one right behind each. */
    private static final List<Bytes> WITNESSES = witnesses();

    private int allowed;

    @Test
    void whatTheAccessDecidesIsWhatEveryKeySaysByItself() { // contract: auth.check.1, auth.check.2, auth.check.3
        RandomSource random = RandomSource.seeded(2026);
        for (int done = 0; done < REQUESTS; done += REQUESTS_OF_A_WORLD) {
            World world = World.random(random);
            for (int i = 0; i < REQUESTS_OF_A_WORLD; i++) {
                Command command = request(random);
                Optional<Refusal> decided = world.access().command(command);
                assertThat(decided).as("%s of %s", command, world).isEqualTo(world.expected(command));
                allowed += decided.isEmpty() ? 1 : 0;
            }
        }
        // Neither of the answers is so rare that it was not really tried.
        assertThat(allowed).isBetween(REQUESTS / 10, REQUESTS * 9 / 10);
    }

    private record World(AuthState auth, Caller caller, List<Permission> permissions, Map<Long, List<Bytes>> leases) {
        static World random(RandomSource random) {
            List<Permission> all = new ArrayList<>();
            AuthState auth = AuthState.OFF;
            List<String> names = new ArrayList<>();
            for (int r = 0; r < 3; r++) {
                Role role = new Role("r" + r, List.of());
                for (int i = random.nextInt(6); i > 0; i--) {
                    Permission permission = new Permission(random.nextInt(3), range(random));
                    if (permission.isValid()) {
                        role = role.with(permission);
                    }
                }
                auth = auth.with(role);
                if (random.chance(0.7)) {
                    names.add(role.name());
                    all.addAll(role.permissions());
                }
            }
            if (random.chance(0.02)) {
                names.add("root");
            }
            User user = new User("u", new User.Credential("", true, 1), names);
            long revision = random.between(3, 5);
            auth = auth.with(user).with(new AuthState.Switch(random.chance(0.95), 4, 0));
            String name = random.chance(0.95) ? "u" : random.chance(0.5) ? "" : "gone";
            Map<Long, List<Bytes>> leases = new TreeMap<>();
            leases.put(1L, List.of());
            leases.put(2L, List.of(key(random)));
            leases.put(3L, List.of(key(random), key(random), key(random)));
            Caller caller = new Caller(name, random.chance(0.9) ? 4 : revision);
            return new World(auth, caller, all, leases);
        }

        Access access() {
            return new Access(auth, caller, new LeaseKeys() {
                @Override
                public Optional<Bytes> keyFrom(long lease, Bytes least) {
                    return leases.getOrDefault(lease, List.of()).stream()
                            .filter(key -> key.compareTo(least) >= 0)
                            .min(Comparator.naturalOrder());
                }

                @Override
                public OptionalLong leaseFrom(long least) {
                    return LongStream.of(2, 3).filter(lease -> lease >= least).findFirst();
                }
            });
        }

        Optional<Refusal> expected(Command command) {
            if (!auth.enabled()) {
                return Optional.empty();
            }
            if (command instanceof Command.LeaseGrant || command instanceof Command.LeaseRevoke) {
                if (caller.user().isEmpty()) {
                    return Optional.of(Refusal.USER_EMPTY);
                }
            }
            Wanted wanted = new Wanted(leases);
            wanted.add(command);
            if (!wanted.anything) {
                return Optional.empty();
            }
            if (caller.user().isEmpty()) {
                return Optional.of(Refusal.USER_EMPTY);
            }
            if (caller.authRevision() < 4) {
                return Optional.of(Refusal.AUTH_OLD_REVISION);
            }
            User user = auth.user(caller.user()).orElse(null);
            if (user != null && user.roles().contains("root")) {
                return Optional.empty();
            }
            BitSet reads = new BitSet();
            BitSet writes = new BitSet();
            for (Permission permission : user == null ? List.<Permission>of() : permissions) {
                BitSet keys = members(permission.range());
                if (permission.type() != Permission.WRITE) {
                    reads.or(keys);
                }
                if (permission.type() != Permission.READ) {
                    writes.or(keys);
                }
            }
            wanted.reads.andNot(reads);
            wanted.writes.andNot(writes);
            boolean fine = user != null && wanted.reads.isEmpty() && wanted.writes.isEmpty();
            return fine ? Optional.empty() : Optional.of(Refusal.PERMISSION_DENIED);
        }
    }

    /** The keys that a request reads and writes, whichever way its conditions go. */
    private static final class Wanted {
        final BitSet reads = new BitSet();
        final BitSet writes = new BitSet();
        final Map<Long, List<Bytes>> leases;
        boolean anything;

        Wanted(Map<Long, List<Bytes>> leases) {
            this.leases = leases;
        }

        void add(Object request) {
            if (request instanceof Op.Put put) {
                want(writes, KeyRange.single(put.key()));
                leases.getOrDefault(put.lease(), List.of()).forEach(key -> want(writes, KeyRange.single(key)));
                if (put.previous()) {
                    want(reads, KeyRange.single(put.key()));
                }
            } else if (request instanceof Op.DeleteRange delete) {
                want(writes, delete.range());
                if (delete.previous()) {
                    want(reads, delete.range());
                }
            } else if (request instanceof Op.Range range) {
                want(reads, range.query().range());
            } else if (request instanceof Op.Txn txn) {
                txn.compares().forEach(compare -> want(reads, compare.range()));
                txn.success().forEach(this::add);
                txn.failure().forEach(this::add);
            } else if (request instanceof Command.LeaseRevoke revoke) {
                leases.getOrDefault(revoke.id(), List.of()).forEach(key -> want(writes, KeyRange.single(key)));
            }
        }

        /** etcd takes a range that holds nothing for its key alone. */
        private void want(BitSet keys, KeyRange range) {
            anything = true;
            keys.or(members(range.isEmpty() ? KeyRange.single(range.key()) : range));
        }
    }

    private static BitSet members(KeyRange range) {
        BitSet members = new BitSet();
        for (int i = 0; i < WITNESSES.size(); i++) {
            if (range.contains(WITNESSES.get(i))) {
                members.set(i);
            }
        }
        return members;
    }

    private static Command request(RandomSource random) {
        return switch (random.nextInt(8)) {
            case 0 -> new Command.LeaseGrant(9, 60);
            case 1 -> new Command.LeaseRevoke(random.between(1, 5));
            case 2, 3 -> put(random);
            case 4 -> new Op.DeleteRange(range(random), random.chance(0.3));
            default -> txn(random, 3);
        };
    }

    private static Op.Put put(RandomSource random) {
        Op.Put put = Op.Put.of(key(random), Bytes.EMPTY);
        put = random.chance(0.3) ? put.withLease(random.between(1, 5)) : put;
        return random.chance(0.3) ? put.withPrevious() : put;
    }

    private static Op.Txn txn(RandomSource random, int depth) {
        List<Compare> compares = new ArrayList<>();
        if (random.chance(0.4)) {
            compares.add(new Compare(range(random), Compare.Target.MOD, Compare.Result.LESS, 1, Bytes.EMPTY));
        }
        return new Op.Txn(compares, ops(random, depth), ops(random, depth));
    }

    private static List<Op> ops(RandomSource random, int depth) {
        List<Op> ops = new ArrayList<>();
        for (int i = random.nextInt(3); i > 0; i--) {
            ops.add(
                    switch (random.nextInt(depth > 0 ? 4 : 3)) {
                        case 0 -> put(random);
                        case 1 -> new Op.DeleteRange(range(random), random.chance(0.3));
                        case 2 -> new Op.Range(RangeQuery.of(range(random)));
                        default -> txn(random, depth - 1);
                    });
        }
        return ops;
    }

    private static KeyRange range(RandomSource random) {
        return switch (random.nextInt(6)) {
            case 0, 1 -> KeyRange.single(key(random));
            case 2 -> random.chance(0.5) ? KeyRange.from(key(random)) : KeyRange.prefix(key(random));
            default -> new KeyRange(key(random), key(random));
        };
    }

    private static Bytes key(RandomSource random) {
        return KEYS.get(random.nextInt(KEYS.size()));
    }

    private static List<Bytes> witnesses() {
        TreeSet<Bytes> witnesses = new TreeSet<>();
        for (Bytes key : KEYS) {
            Bytes end = KeyRange.prefix(key).end();
            for (Bytes bound : List.of(key, end)) {
                witnesses.add(bound);
                witnesses.add(bound.concat(Bytes.of(0)));
            }
        }
        return List.copyOf(witnesses);
    }

    private static List<Bytes> keys() {
        List<Bytes> keys = new ArrayList<>();
        for (int first : LETTERS) {
            keys.add(Bytes.of(first));
            for (int second : LETTERS) {
                keys.add(Bytes.of(first, second));
            }
        }
        keys.sort(null);
        return List.copyOf(keys);
    }
}
