package io.metcd.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.metcd.base.Bytes;
import io.metcd.base.RandomSource;
import io.metcd.store.command.Checks;
import io.metcd.store.command.Command;
import io.metcd.store.command.Envelope;
import io.metcd.store.command.Op;
import io.metcd.store.kv.KeyRange;
import io.metcd.store.kv.RangeQuery;
import io.metcd.testkit.Property;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Random histories give the same answers, events, leases and sizes in the store and in the naive model. */
class StoreAgainstNaiveTest {
    /** A command, and what is asked after it. */
    private record Step(Command command, List<RangeQuery> queries, Op.Txn readOnly, int scrub, boolean freeze) {}

    @Test
    void answersAsTheNaiveModelDoes() {
        Property.check(250, random -> steps(random, 120), StoreAgainstNaiveTest::run);
    }

    @Test
    void answersAsTheNaiveModelDoesOverALongHistory() {
        Property.check(2, random -> steps(random, 1200), StoreAgainstNaiveTest::run);
    }

    private static List<Step> steps(RandomSource random, int count) {
        RandomSteps generator = new RandomSteps(random);
        List<Step> steps = new ArrayList<>();
        while (steps.size() < count) {
            Command command = generator.command();
            if (Checks.command(command, 128).isEmpty()) {
                List<RangeQuery> queries = List.of(generator.query(), generator.query());
                int scrub = random.chance(0.2) ? random.nextInt(4) : 0;
                steps.add(new Step(command, queries, generator.readOnlyTxn(), scrub, random.chance(0.3)));
            }
        }
        return steps;
    }

    private static void run(List<Step> steps) {
        // Scrubbing one revision at a time leaves compactions half done for a while.
        Limits limits = Limits.defaults().withScrubRevisionsPerApply(1);
        Store store = new Store(limits);
        NaiveStore naive = new NaiveStore();
        long index = 0;
        for (Step step : steps) {
            Bytes entry = Envelope.of(step.command).encode();
            Applied applied = store.apply(++index, 1, entry);
            assertThat(applied.result()).isEqualTo(naive.apply(step.command));
            assertThat(applied.events()).isEqualTo(naive.events());
            store.scrub(step.scrub);
            if (step.freeze) {
                compare(store.root(), naive, step);
            }
        }
        Step last = steps.isEmpty() ? null : steps.get(steps.size() - 1);
        if (last != null) {
            compare(store.root(), naive, last);
        }
    }

    private static void compare(Root root, NaiveStore naive, Step step) {
        assertThat(root.revision()).isEqualTo(naive.revision());
        assertThat(root.compactRevision()).isEqualTo(naive.compactRevision());
        for (RangeQuery query : step.queries) {
            assertThat(root.range(query)).as("%s", query).isEqualTo(naive.range(query));
        }
        assertThat(root.readOnly(step.readOnly)).as("%s", step.readOnly).isEqualTo(naive.readOnly(step.readOnly));
        assertThat(root.leases().stream().map(lease -> lease.id()).toList())
                .isEqualTo(List.copyOf(naive.leases().keySet()));
        for (long lease : naive.leases().keySet()) {
            assertThat(root.leaseKeys(lease)).isEqualTo(naive.leaseKeys(lease));
        }
        assertThat(root.dbSize()).isEqualTo(naive.dbSize());
        RangeQuery all = RangeQuery.of(KeyRange.ALL).withRevision(Math.max(1, root.compactRevision()));
        assertThat(root.range(all)).isEqualTo(naive.range(all));
        long revision = Math.max(2, root.compactRevision());
        for (; revision <= root.revision(); revision++) {
            long at = revision;
            naive.changesOf(revision)
                    .forEach(change -> assertThat(
                                    Optional.of(root.keyspace().before(change)).filter(kv -> !kv.isTombstone()))
                            .as("before %s", change)
                            .isEqualTo(naive.before(change, naive.compactRevision())));
            assertThat(root.keyspace().changes().from(at).value().kvs()).isEqualTo(naive.changesOf(at));
        }
    }
}
