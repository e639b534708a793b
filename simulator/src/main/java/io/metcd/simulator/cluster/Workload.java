package io.metcd.simulator.cluster;

import io.metcd.base.Bytes;
import io.metcd.base.RandomSource;
import io.metcd.simulator.history.Operation.Request;
import io.metcd.store.command.Command;
import io.metcd.store.command.Compare;
import io.metcd.store.command.Op;
import io.metcd.store.kv.KeyRange;
import io.metcd.store.kv.RangeQuery;
import java.util.List;

/** What clients ask for, at random. Every value that is ever written is unique, so that its writer can be found. */
final class Workload {
    private static final Bytes PADDING = Bytes.copyOf(new byte[4096]);

    private final ClusterOptions.Load load;
    private final RandomSource random;
    private final String client;
    private long values;

    Workload(ClusterOptions.Load load, RandomSource random, String client) {
        this.load = load;
        this.random = random;
        this.client = client;
    }

    /** The next request, but for those about leases; {@code seen} is a revision that the client knows of. */
    Request next(long seen) {
        if (random.nextInt(1000) < load.compactions()) {
            return new Request.Write(new Command.Compact(Math.max(1, seen - random.nextInt(50))));
        }
        int dice = random.nextInt(100);
        if (dice < 35) {
            Op.Put put = put(key());
            return new Request.Write(random.chance(0.3) ? put.withPrevious() : put);
        }
        if (dice < 60) {
            return new Request.Read(query(seen));
        }
        if (dice < 70) {
            return new Request.LocalRead(RangeQuery.key(key()));
        }
        if (dice < 78) {
            return new Request.Write(delete());
        }
        if (dice < 92) {
            return new Request.Write(compareAndSwap());
        }
        return new Request.Write(wide());
    }

    /** A put of a unique value. */
    Op.Put put(Bytes key) {
        Bytes value = Bytes.utf8(client + "-" + ++values + ".");
        return Op.Put.of(key, value.concat(PADDING.slice(0, load.valueBytes())));
    }

    Bytes key() {
        return key(random.nextInt(load.keys()));
    }

    private static Bytes key(int number) {
        return Bytes.utf8("k" + number);
    }

    private RangeQuery query(long seen) {
        KeyRange wide = random.chance(0.8) ? KeyRange.single(key()) : KeyRange.prefix(Bytes.utf8("k1"));
        RangeQuery query = RangeQuery.of(wide);
        if (random.chance(0.1)) {
            query = query.withRevision(Math.max(1, seen - random.nextInt(30)));
        }
        return random.chance(0.1) ? query.withLimit(1 + random.nextInt(3)) : query;
    }

    private Op.DeleteRange delete() {
        if (random.chance(0.8)) {
            return new Op.DeleteRange(KeyRange.single(key()), random.chance(0.5));
        }
        return new Op.DeleteRange(KeyRange.prefix(Bytes.utf8("k1")), random.chance(0.5));
    }

    private Op.Txn compareAndSwap() {
        Bytes key = key();
        Compare compare = random.chance(0.5)
                ? Compare.number(key, Compare.Target.VERSION, Compare.Result.EQUAL, random.nextInt(4))
                : Compare.number(key, Compare.Target.MOD, Compare.Result.GREATER, random.nextInt(200));
        return new Op.Txn(
                List.of(compare),
                List.of(put(key).withPrevious()),
                List.of(new Op.Range(RangeQuery.key(key)), new Op.DeleteRange(KeyRange.single(key), true)));
    }

    /** Several keys, some read, and one transaction within the other. */
    private Op.Txn wide() {
        int first = random.nextInt(load.keys());
        Bytes a = key(first);
        Bytes b = Bytes.utf8("b" + first);
        Op.Txn inner = new Op.Txn(
                List.of(Compare.number(b, Compare.Target.CREATE, Compare.Result.EQUAL, 0)),
                List.of(put(b)),
                List.of(new Op.DeleteRange(KeyRange.single(b), true)));
        return new Op.Txn(
                List.of(Compare.number(a, Compare.Target.VERSION, Compare.Result.GREATER, 0)),
                List.of(put(a), inner, new Op.Range(RangeQuery.of(KeyRange.prefix(a)))),
                List.of(put(a).withPrevious(), new Op.Range(RangeQuery.key(a))));
    }
}
