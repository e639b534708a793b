package io.metcd.benchmarks;

import io.metcd.base.Bytes;
import io.metcd.base.RandomSource;
import io.metcd.store.Applied;
import io.metcd.store.Limits;
import io.metcd.store.Store;
import io.metcd.store.auth.Caller;
import io.metcd.store.command.Envelope;
import io.metcd.store.command.Envelope.Origin;
import io.metcd.store.command.Op;
import io.metcd.store.kv.RangeQuery;
import io.metcd.store.kv.RangeResult;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** Applying a Put of 256 bytes as it stands in the log, and reading one key, over stores of different sizes. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 3, time = 1)
@Fork(value = 1, jvmArgsAppend = "-Xmx4g")
public class StoreOperations {
    private static final int VALUE_SIZE = 256;
    private static final long MEMBER = 7;

    @Param({"1000", "100000"})
    public int keys;

    private final RandomSource random = RandomSource.seeded(1);
    private final List<Bytes> names = new ArrayList<>();
    private Store store = new Store(Limits.defaults());
    private Bytes value = Bytes.EMPTY;
    private long index;

    @Setup
    public void name() {
        value = random.bytes(VALUE_SIZE);
        for (int i = 0; i < keys; i++) {
            names.add(Bytes.utf8(String.format("/registry/pods/%08d", i)));
        }
    }

    /** A fresh store an iteration, or history would fill the memory. */
    @Setup(Level.Iteration)
    public void fill() {
        store = new Store(Limits.defaults());
        index = 0;
        names.forEach(this::put);
    }

    @Benchmark
    public Applied put() {
        return put(names.get(random.nextInt(keys)));
    }

    @Benchmark
    public RangeResult rangeOneKey() {
        return store.root().range(RangeQuery.key(names.get(random.nextInt(keys))));
    }

    private Applied put(Bytes key) {
        index++;
        Envelope envelope = new Envelope(new Origin(MEMBER, 1, index), Caller.TRUSTED, Op.Put.of(key, value));
        return store.apply(index, 1, envelope.encode());
    }
}
