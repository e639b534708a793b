package io.metcd.store;

import io.metcd.base.Bytes;
import io.metcd.base.RandomSource;
import io.metcd.store.command.Command;
import io.metcd.store.command.Compare;
import io.metcd.store.command.Op;
import io.metcd.store.kv.KeyRange;
import io.metcd.store.kv.RangeQuery;
import java.util.ArrayList;
import java.util.List;

/** Random commands and queries over few keys, leases and revisions, so that they meet. */
final class RandomSteps {
    private static final List<Bytes> KEYS = List.of(
            Bytes.utf8("a"),
            Bytes.utf8("a/"),
            Bytes.utf8("a/1"),
            Bytes.utf8("a/2"),
            Bytes.utf8("b"),
            Bytes.utf8("c"),
            Bytes.of(0),
            Bytes.of(0, 0),
            Bytes.of(0x7f),
            Bytes.of(0x80),
            Bytes.of(0xff),
            Bytes.of(0xff, 0xff));
    private static final List<RangeQuery.Order> ORDERS =
            List.of(RangeQuery.Order.NONE, RangeQuery.Order.ASCEND, RangeQuery.Order.DESCEND);
    private static final List<RangeQuery.Target> TARGETS = List.of(
            RangeQuery.Target.KEY,
            RangeQuery.Target.VERSION,
            RangeQuery.Target.CREATE,
            RangeQuery.Target.MOD,
            RangeQuery.Target.VALUE);
    private static final long[] LEASES = {1, 2, 3, -1, Long.MIN_VALUE, Long.MAX_VALUE};

    private final RandomSource random;

    /** About the revision that the store will have reached. */
    private int reached;

    RandomSteps(RandomSource random) {
        this.random = random;
    }

    static List<Command> commands(RandomSource random, int count) {
        RandomSteps steps = new RandomSteps(random);
        List<Command> commands = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            commands.add(steps.command());
        }
        return commands;
    }

    Command command() {
        reached++;
        int choice = random.nextInt(100);
        if (choice < 40) {
            return put();
        }
        if (choice < 55) {
            return delete();
        }
        if (choice < 80) {
            return txn(2);
        }
        if (choice < 84) {
            return new Command.Compact(revision());
        }
        return choice < 94 ? new Command.LeaseGrant(lease(), 5) : new Command.LeaseRevoke(lease());
    }

    Op.Put put() {
        boolean ignoreValue = random.chance(0.15);
        boolean ignoreLease = random.chance(0.15);
        Bytes value = ignoreValue || random.chance(0.1) ? Bytes.EMPTY : random.bytes(1 + random.nextInt(4));
        long lease = ignoreLease || random.chance(0.6) ? 0 : lease();
        return new Op.Put(key(), value, lease, random.chance(0.5), ignoreValue, ignoreLease);
    }

    Op.DeleteRange delete() {
        return new Op.DeleteRange(random.chance(0.5) ? KeyRange.single(key()) : range(), random.chance(0.5));
    }

    Op.Txn txn(int depth) {
        List<Compare> compares = new ArrayList<>();
        for (int i = random.nextInt(3); i > 0; i--) {
            compares.add(compare());
        }
        return new Op.Txn(compares, ops(depth), ops(depth));
    }

    private List<Op> ops(int depth) {
        List<Op> ops = new ArrayList<>();
        for (int i = random.nextInt(4); i > 0; i--) {
            int choice = random.nextInt(100);
            if (choice < 45) {
                ops.add(put());
            } else if (choice < 60) {
                ops.add(delete());
            } else if (choice < 80 || depth == 0) {
                ops.add(new Op.Range(query()));
            } else {
                ops.add(txn(depth - 1));
            }
        }
        return ops;
    }

    Op.Txn readOnlyTxn() {
        List<Op> success = List.of(new Op.Range(query()), new Op.Range(query()));
        return new Op.Txn(List.of(compare()), success, List.of(new Op.Range(query())));
    }

    private Compare compare() {
        Compare.Target target = oneOf(List.of(Compare.Target.values()));
        Compare.Result result = oneOf(List.of(Compare.Result.values()));
        long number = target == Compare.Target.LEASE
                ? (random.chance(0.5) ? 0 : lease())
                : target == Compare.Target.VERSION ? random.nextInt(4) : revision();
        KeyRange range = random.chance(0.7) ? KeyRange.single(key()) : range();
        boolean ofValue = target == Compare.Target.VALUE;
        return new Compare(range, target, result, ofValue ? 0 : number, ofValue ? random.bytes(1) : Bytes.EMPTY);
    }

    RangeQuery query() {
        RangeQuery query = RangeQuery.of(random.chance(0.3) ? KeyRange.single(key()) : range());
        if (random.chance(0.4)) {
            query = query.withRevision(revision());
        }
        if (random.chance(0.4)) {
            query = query.withLimit(random.nextInt(5));
        }
        if (random.chance(0.3)) {
            query = query.withSort(oneOf(ORDERS), oneOf(TARGETS));
        }
        if (random.chance(0.2)) {
            query = query.withBounds(new RangeQuery.RevisionBounds(bound(), bound(), bound(), bound()));
        }
        return query.withContent(oneOf(List.of(RangeQuery.Content.values())));
    }

    private long bound() {
        return random.chance(0.6) ? 0 : Math.max(0, revision());
    }

    /** Mostly one that exists and is not long ago. */
    private long revision() {
        return random.chance(0.5)
                ? random.between(-1, reached + 2)
                : Math.max(0, random.between(reached / 2 - 5, reached / 2 + 5));
    }

    private KeyRange range() {
        int choice = random.nextInt(10);
        if (choice < 2) {
            return KeyRange.ALL;
        }
        return choice < 4 ? KeyRange.from(key()) : choice < 6 ? KeyRange.prefix(key()) : new KeyRange(key(), key());
    }

    Bytes key() {
        return oneOf(KEYS);
    }

    private long lease() {
        return LEASES[random.nextInt(LEASES.length)];
    }

    private <E> E oneOf(List<E> list) {
        return list.get(random.nextInt(list.size()));
    }
}
