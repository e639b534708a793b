package io.metcd.store;

import static io.metcd.store.TestClient.bytes;
import static io.metcd.store.TestClient.range;
import static org.assertj.core.api.Assertions.assertThat;

import io.metcd.base.Bytes;
import io.metcd.store.command.Checks;
import io.metcd.store.command.Command;
import io.metcd.store.kv.KeyRange;
import io.metcd.store.kv.KeyValue;
import io.metcd.store.kv.RangeQuery;
import io.metcd.store.kv.RangeQuery.Content;
import io.metcd.store.kv.RangeQuery.Order;
import io.metcd.store.kv.RangeQuery.RevisionBounds;
import io.metcd.store.kv.RangeQuery.Target;
import io.metcd.store.kv.RangeResult;
import io.metcd.store.kv.Refusal;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class RangeTest {
    private static final RangeQuery ALL = RangeQuery.of(KeyRange.ALL);

    private final TestClient client = new TestClient();

    private void putAll(String... keys) {
        for (String key : keys) {
            client.put(key, "v" + key);
        }
    }

    @Test
    void spansAreHalfOpen() { // contract: kv.range.3, span.4
        putAll("a", "b", "c", "d", "e");

        assertThat(client.keys(RangeQuery.of(range("b", "d")))).containsExactly("b", "c");
        assertThat(client.range(RangeQuery.of(range("c", "c"))).count()).isZero();
        assertThat(client.range(RangeQuery.of(range("d", "b"))).count()).isZero();
    }

    @Test
    void aZeroByteEndIsNoEnd() { // contract: span.1, span.2
        putAll("a", "foo", "foo/1", "z");

        assertThat(client.keys(ALL)).containsExactly("a", "foo", "foo/1", "z");
        assertThat(client.keys(RangeQuery.of(KeyRange.from(bytes("foo"))))).containsExactly("foo", "foo/1", "z");
    }

    @Test
    void aPrefixEndsWhereItsLastByteCounted() { // contract: span.3
        assertThat(KeyRange.prefix(bytes("ab"))).isEqualTo(range("ab", "ac"));
        assertThat(KeyRange.prefix(Bytes.of(1, 0xff))).isEqualTo(new KeyRange(Bytes.of(1, 0xff), Bytes.of(2)));
        assertThat(KeyRange.prefix(Bytes.of(0xff, 0xff))).isEqualTo(KeyRange.from(Bytes.of(0xff, 0xff)));
        assertThat(KeyRange.prefix(Bytes.EMPTY)).isEqualTo(KeyRange.ALL);
    }

    @Test
    void anOlderRevisionShowsTheStateAsItWas() { // contract: kv.range.5
        putAll("a", "b");
        client.delete(KeyRange.single(bytes("a")));
        client.put("b", "new");

        assertThat(client.keys(ALL.withRevision(1))).isEmpty();
        assertThat(client.keys(ALL.withRevision(2))).containsExactly("a");
        assertThat(client.keys(ALL.withRevision(3))).containsExactly("a", "b");
        assertThat(client.keys(ALL.withRevision(4))).containsExactly("b");
        assertThat(client.range(RangeQuery.key(bytes("b")).withRevision(4)).kvs())
                .containsExactly(new KeyValue(bytes("b"), bytes("vb"), 3, 3, 0, 1, 0));
    }

    @Test
    void aRevisionOfZeroOrBelowMeansNow() { // contract: kv.range.4
        putAll("a");

        assertThat(client.keys(ALL.withRevision(-1))).containsExactly("a");
        assertThat(client.keys(ALL.withRevision(0))).containsExactly("a");
    }

    @Test
    void aFutureRevisionIsRefused() { // contract: kv.range.7
        putAll("a");

        assertThat(client.root().range(ALL.withRevision(3))).isEqualTo(refused(Refusal.FUTURE_REVISION));
    }

    @Test
    void belowTheCompactedRevisionIsRefusedAndAtItWorks() { // contract: kv.range.8, kv.compact.3
        putAll("a", "b", "c");
        client.run(new Command.Compact(4));

        assertThat(client.root().range(ALL.withRevision(3))).isEqualTo(refused(Refusal.COMPACTED));
        assertThat(client.keys(ALL.withRevision(4))).containsExactly("a", "b", "c");
    }

    @Test
    void theLimitCutsAndSaysSo() { // contract: kv.range.10, kv.range.11
        putAll("a", "b", "c");

        assertThat(client.range(ALL.withLimit(1)).kvs()).hasSize(1);
        assertThat(client.range(ALL.withLimit(1)).count()).isEqualTo(3);
        assertThat(client.range(ALL.withLimit(1)).more()).isTrue();
        assertThat(client.range(ALL.withLimit(3)).more()).isFalse();
        assertThat(client.range(ALL.withLimit(4)).more()).isFalse();
        assertThat(client.range(ALL.withLimit(0)).kvs()).hasSize(3);
        assertThat(client.range(ALL.withLimit(-2)).kvs()).hasSize(3);
    }

    @Test
    void pagingAtOneRevisionVisitsEachKeyOnceWhileOthersWrite() { // contract: kv.range.12
        putAll("a", "b", "c", "d", "e");
        long revision = client.root().revision();
        List<String> seen = new ArrayList<>();
        Bytes from = Bytes.of(0);
        boolean more = true;
        while (more) {
            RangeResult.Ok page = client.range(
                    RangeQuery.of(KeyRange.from(from)).withRevision(revision).withLimit(2));
            page.kvs().forEach(kv -> seen.add(kv.key().toUtf8()));
            from = page.kvs().get(page.kvs().size() - 1).key().concat(Bytes.of(0));
            more = page.more();
            client.put("bb", "late");
            client.delete(KeyRange.single(bytes("d")));
        }

        assertThat(seen).containsExactly("a", "b", "c", "d", "e");
    }

    @Test
    void sortsByKeyDownwardsAndByCreation() { // contract: kv.range.15
        putAll("b", "c", "a");

        assertThat(client.keys(ALL.withSort(Order.DESCEND, Target.KEY).withLimit(1)))
                .containsExactly("c");
        assertThat(client.keys(ALL.withSort(Order.ASCEND, Target.CREATE).withLimit(1)))
                .containsExactly("b");
        assertThat(client.keys(ALL.withSort(Order.DESCEND, Target.MOD))).containsExactly("a", "c", "b");
        assertThat(client.keys(ALL.withSort(Order.DESCEND, Target.KEY).withRevision(3)))
                .containsExactly("c", "b");
    }

    @Test
    void aTargetWithoutAnOrderAscendsOverAll() { // contract: kv.range.16, diff.1
        putAll("b", "c", "a");

        assertThat(client.keys(ALL.withSort(Order.NONE, Target.CREATE))).containsExactly("b", "c", "a");
        assertThat(client.keys(ALL.withSort(Order.NONE, Target.CREATE).withLimit(1)))
                .containsExactly("b");
    }

    @Test
    void tiesStayInTheOrderOfKeys() { // contract: kv.range.15
        putAll("c", "a", "b", "b");

        assertThat(client.keys(ALL.withSort(Order.ASCEND, Target.VERSION))).containsExactly("a", "c", "b");
        assertThat(client.keys(ALL.withSort(Order.DESCEND, Target.VERSION))).containsExactly("b", "a", "c");
    }

    @Test
    void anUnknownSortIsRefused() { // contract: kv.range.17
        assertThat(Checks.range(ALL.withSort(Order.UNKNOWN, Target.KEY))).contains(Refusal.INVALID_SORT_OPTION);
        assertThat(Checks.range(ALL.withSort(Order.NONE, Target.UNKNOWN))).contains(Refusal.INVALID_SORT_OPTION);
        assertThat(Checks.range(ALL.withSort(Order.DESCEND, Target.VALUE))).isEmpty();
        assertThat(Checks.range(RangeQuery.key(Bytes.EMPTY))).contains(Refusal.KEY_MISSING);
    }

    @Test
    void boundsAreInclusiveAndDoNotCount() { // contract: kv.range.18
        putAll("a", "b", "c", "d");
        client.put("a", "again");

        RangeQuery byMod = ALL.withBounds(new RevisionBounds(3, 4, 0, 0));
        RangeQuery byCreate = ALL.withBounds(new RevisionBounds(0, 0, 2, 3));

        assertThat(client.keys(byMod)).containsExactly("b", "c");
        assertThat(client.range(byMod).count()).isEqualTo(4);
        assertThat(client.keys(byCreate)).containsExactly("a", "b");
    }

    @Test
    void theLimitCountsWhatTheBoundsAdmit() { // contract: kv.range.19
        putAll("a", "b", "c", "d");
        RangeQuery query = ALL.withBounds(new RevisionBounds(3, 0, 0, 0));

        assertThat(client.keys(query.withLimit(2))).containsExactly("b", "c");
        assertThat(client.range(query.withLimit(2)).more()).isTrue();
        assertThat(client.range(query.withLimit(3)).more()).isFalse();
    }

    @Test
    void countingGivesNoPairs() { // contract: kv.range.9, kv.range.13
        putAll("a", "b", "c");

        assertThat(client.range(ALL.withContent(Content.COUNT_ONLY).withLimit(1)))
                .isEqualTo(new RangeResult.Ok(List.of(), 3, false));
        assertThat(client.range(ALL.withContent(Content.COUNT_ONLY).withRevision(3))
                        .count())
                .isEqualTo(2);
    }

    @Test
    void keysOnlyBlanksValuesAfterSortingByThem() { // contract: kv.range.14
        client.put("a", "3");
        client.put("b", "1");

        RangeResult.Ok result = client.range(ALL.withContent(Content.KEYS_ONLY).withSort(Order.ASCEND, Target.VALUE));

        assertThat(result.kvs())
                .containsExactly(
                        new KeyValue(bytes("b"), Bytes.EMPTY, 3, 3, 0, 1, 0),
                        new KeyValue(bytes("a"), Bytes.EMPTY, 2, 2, 0, 1, 0));
    }

    @Test
    void aRootTakenEarlierStaysAsItWas() { // contract: mvcc.agree.1
        putAll("a", "b");
        Root before = client.root();

        client.delete(KeyRange.ALL);
        client.run(new Command.Compact(4));
        client.store.scrub(100);

        assertThat(before.range(ALL)).isEqualTo(before.range(ALL.withRevision(3)));
        assertThat(((RangeResult.Ok) before.range(ALL.withRevision(2))).count()).isEqualTo(1);
    }

    private static RangeResult refused(Refusal refusal) {
        return new RangeResult.Refused(refusal);
    }

    @Test
    void theLargestLimitIsNone() { // contract: kv.range.10
        TestClient store = new TestClient();
        store.put("a", "1");
        RangeQuery all = RangeQuery.of(KeyRange.prefix(TestClient.bytes("a"))).withLimit(Long.MAX_VALUE);

        assertThat(((RangeResult.Ok) store.root().range(all)).kvs()).hasSize(1);
    }
}
