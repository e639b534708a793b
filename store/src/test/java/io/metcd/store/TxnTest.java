package io.metcd.store;

import static io.metcd.store.TestClient.bytes;
import static io.metcd.store.TestClient.range;
import static org.assertj.core.api.Assertions.assertThat;

import io.metcd.base.Bytes;
import io.metcd.store.command.Command;
import io.metcd.store.command.CommandResult;
import io.metcd.store.command.CommandResult.DeleteResult;
import io.metcd.store.command.CommandResult.OpResult;
import io.metcd.store.command.CommandResult.PutResult;
import io.metcd.store.command.CommandResult.ReadResult;
import io.metcd.store.command.CommandResult.TxnResult;
import io.metcd.store.command.Compare;
import io.metcd.store.command.Compare.Result;
import io.metcd.store.command.Compare.Target;
import io.metcd.store.command.Op;
import io.metcd.store.kv.Event;
import io.metcd.store.kv.KeyRange;
import io.metcd.store.kv.KeyValue;
import io.metcd.store.kv.RangeQuery;
import io.metcd.store.kv.Refusal;
import io.metcd.testkit.Property;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class TxnTest {
    private final TestClient client = new TestClient();

    private static Op put(String key, String value) {
        return Op.Put.of(bytes(key), bytes(value));
    }

    private static Op read(String key) {
        return new Op.Range(RangeQuery.key(bytes(key)));
    }

    private static Op delete(KeyRange range) {
        return new Op.DeleteRange(range, false);
    }

    private boolean holds(Compare compare) {
        return client.txn(List.of(compare), List.of(), List.of()).succeeded();
    }

    private static Compare compare(String key, Target target, Result result, long number) {
        return Compare.number(bytes(key), target, result, number);
    }

    @Test
    void readingAndDeletingNothingDoNotMoveTheRevision() { // contract: kv.txn.3
        client.put("k", "v");

        assertThat(client.txn(read("k"), delete(KeyRange.single(bytes("x")))).revision())
                .isEqualTo(2);
        assertThat(client.txn(put("a", "1"), put("b", "2")).revision()).isEqualTo(3);
        assertThat(client.root().revision()).isEqualTo(3);
    }

    @Test
    void allChangesShareOneRevisionInOrder() { // contract: kv.txn.6, mvcc.revision.4, mvcc.revision.2
        client.txn(put("b", "1"), put("a", "2"), put("c", "3"));

        assertThat(client.events).extracting(Event::revision).containsExactly(2L, 2L, 2L);
        assertThat(client.events).extracting(event -> event.kv().key().toUtf8()).containsExactly("b", "a", "c");
        assertThat(client.events).extracting(event -> event.kv().subRevision()).containsExactly(0, 1, 2);
    }

    @Test
    void eachOperationHasTheRevisionReachedThere() { // contract: kv.txn.4
        client.put("k", "v");

        TxnResult result = client.txn(read("k"), delete(KeyRange.single(bytes("none"))), put("a", "1"), read("a"));

        assertThat(result.responses()).extracting(OpResult::revision).containsExactly(2L, 2L, 3L, 3L);
    }

    @Test
    void aReadSeesWhatEarlierOperationsDid() { // contract: kv.txn.2, kv.txn.5
        client.put("x", "old");

        TxnResult result = client.txn(put("k", "v"), delete(KeyRange.single(bytes("x"))), read("k"), read("x"));

        ReadResult k = (ReadResult) result.responses().get(2);
        ReadResult x = (ReadResult) result.responses().get(3);
        assertThat(k.range().kvs()).containsExactly(new KeyValue(bytes("k"), bytes("v"), 3, 3, 0, 1, 0));
        assertThat(x.range().kvs()).isEmpty();
        assertThat(((DeleteResult) result.responses().get(1)).deleted()).isEqualTo(1);
    }

    @Test
    void anOldRevisionIsReadableAlsoBehindAPut() {
        client.put("k", "old");

        TxnResult result = client.txn(
                put("k", "new"), new Op.Range(RangeQuery.key(bytes("k")).withRevision(2)));

        ReadResult then = (ReadResult) result.responses().get(1);
        assertThat(then.range().kvs()).extracting(kv -> kv.value().toUtf8()).containsExactly("old");
    }

    @Test
    void aMissingKeyComparesAsZerosAndHasNoValue() { // contract: kv.txn.14
        for (Target target : List.of(Target.VERSION, Target.CREATE, Target.MOD, Target.LEASE)) {
            assertThat(holds(compare("none", target, Result.EQUAL, 0))).isTrue();
            assertThat(holds(compare("none", target, Result.GREATER, 0))).isFalse();
        }
        for (Result result : List.of(Result.EQUAL, Result.NOT_EQUAL, Result.LESS, Result.GREATER)) {
            assertThat(holds(Compare.value(bytes("none"), result, bytes("v")))).isFalse();
            assertThat(holds(Compare.value(bytes("none"), result, Bytes.EMPTY))).isFalse();
        }
    }

    @Test
    void comparesNumbersAsNumbersAndValuesAsBytes() { // contract: kv.txn.15
        client.grant(-5);
        client.put("k", "a");
        client.put("k", "m", -5);

        assertThat(holds(compare("k", Target.VERSION, Result.EQUAL, 2))).isTrue();
        assertThat(holds(compare("k", Target.VERSION, Result.NOT_EQUAL, 2))).isFalse();
        assertThat(holds(compare("k", Target.CREATE, Result.LESS, 3))).isTrue();
        assertThat(holds(compare("k", Target.CREATE, Result.LESS, 2))).isFalse();
        assertThat(holds(compare("k", Target.MOD, Result.GREATER, 2))).isTrue();
        assertThat(holds(compare("k", Target.MOD, Result.GREATER, 3))).isFalse();
        assertThat(holds(compare("k", Target.LEASE, Result.LESS, 0))).isTrue();
        assertThat(holds(Compare.value(bytes("k"), Result.GREATER, bytes("a")))).isTrue();
        assertThat(holds(Compare.value(bytes("k"), Result.LESS, Bytes.of(0x80))))
                .isTrue();
        assertThat(holds(Compare.value(bytes("k"), Result.EQUAL, bytes("m")))).isTrue();
        assertThat(holds(compare("k", Target.VERSION, Result.UNKNOWN, 99))).isTrue();
    }

    @Test
    void aCompareOverASpanHoldsForEachKeyInIt() { // contract: kv.txn.16
        client.grant(3);
        client.put("/a/1", "v");
        client.put("/a/2", "v");
        client.put("/b", "v");
        KeyRange prefix = KeyRange.prefix(bytes("/a/"));

        assertThat(holds(over(KeyRange.from(bytes("/a/")), Target.CREATE, Result.LESS, 5)))
                .isTrue();
        assertThat(holds(over(KeyRange.from(bytes("/a/")), Target.CREATE, Result.LESS, 4)))
                .isFalse();
        assertThat(holds(over(prefix, Target.CREATE, Result.LESS, 4))).isTrue();
        assertThat(holds(over(prefix, Target.LEASE, Result.EQUAL, 0))).isTrue();
        assertThat(holds(over(prefix, Target.LEASE, Result.GREATER, 0))).isFalse();
        assertThat(holds(over(range("x", "y"), Target.VERSION, Result.EQUAL, 0)))
                .isTrue();
        assertThat(holds(over(range("y", "x"), Target.VERSION, Result.GREATER, 0)))
                .isFalse();
        assertThat(holds(over(range("x", "y"), Target.VALUE, Result.EQUAL, 0))).isFalse();
    }

    private static Compare over(KeyRange range, Target target, Result result, long number) {
        return new Compare(range, target, result, number, Bytes.EMPTY);
    }

    @Test
    void allComparesMustHoldAndNoneIsTrue() { // contract: kv.txn.1, kv.txn.22
        client.put("k", "v");
        Compare yes = compare("k", Target.VERSION, Result.EQUAL, 1);
        Compare no = compare("k", Target.VERSION, Result.EQUAL, 2);

        assertThat(client.txn(List.of(yes, no), List.of(put("a", "1")), List.of(put("b", "2")))
                        .succeeded())
                .isFalse();
        assertThat(client.keys()).containsExactly("b", "k");
        assertThat(client.txn()).isEqualTo(new TxnResult(3, true, List.of()));
    }

    @Test
    void nestedComparesSeeTheStateBeforeTheOuterWrites() { // contract: kv.txn.17
        Op nested = new Op.Txn(
                List.of(compare("k", Target.VERSION, Result.EQUAL, 0)),
                List.of(put("saw", "nothing")),
                List.of(put("saw", "something")));

        TxnResult result = client.txn(put("k", "v"), nested);

        assertThat(client.get("saw"))
                .hasValueSatisfying(kv -> assertThat(kv.value()).isEqualTo(bytes("nothing")));
        assertThat(result.responses().get(1))
                .isEqualTo(new TxnResult(2, true, List.of(new PutResult(2, Optional.empty()))));
    }

    @Test
    void tenLevelsDeepThePathOfTheComparesIsTakenAndMirrored() { // contract: kv.txn.18
        Property.check(20, random -> {
            TestClient fresh = new TestClient();
            fresh.put("k", "v");
            boolean[] path = new boolean[10];
            for (int level = 0; level < path.length; level++) {
                path[level] = random.chance(0.5);
            }

            TxnResult result = (TxnResult) fresh.run(nested("", path));

            List<String> expected = new ArrayList<>();
            String here = "";
            for (boolean yes : path) {
                here = here + (yes ? "T" : "F");
                expected.add(here);
                assertThat(result.succeeded()).as(here).isEqualTo(yes);
                result = result.responses().size() < 2
                        ? result
                        : (TxnResult) result.responses().get(1);
            }
            expected.add("k");
            assertThat(fresh.keys()).containsExactlyElementsOf(expected);
        });
    }

    /** A tree: each branch puts the path to it and goes on, with compares that hold where the path is to be T. */
    private static Op.Txn nested(String here, boolean[] path) {
        boolean yes = path[here.length()];
        return new Op.Txn(
                List.of(compare("k", Target.VERSION, Result.EQUAL, yes ? 1 : 2)),
                branch(here + "T", path),
                branch(here + "F", path));
    }

    private static List<Op> branch(String here, boolean[] path) {
        return here.length() == path.length ? List.of(put(here, "v")) : List.of(put(here, "v"), nested(here, path));
    }

    @Test
    void aRefusalOnTheChosenPathUndoesAll() { // contract: kv.txn.19
        client.put("k", "v");
        client.put("k", "w");
        client.run(new Command.Compact(3));

        assertRefusedBehindAPut(new Op.Range(RangeQuery.key(bytes("k")).withRevision(9)), Refusal.FUTURE_REVISION);
        assertRefusedBehindAPut(new Op.Range(RangeQuery.key(bytes("k")).withRevision(2)), Refusal.COMPACTED);
        assertRefusedBehindAPut(Op.Put.of(bytes("l"), bytes("v")).withLease(8), Refusal.LEASE_NOT_FOUND);
        assertRefusedBehindAPut(Op.Put.of(bytes("l"), Bytes.EMPTY).keepingValue(), Refusal.KEY_NOT_FOUND);
        assertRefusedBehindAPut(Op.Put.of(bytes("l"), bytes("v")).keepingLease(), Refusal.KEY_NOT_FOUND);
    }

    @Test
    void aRevisionBelowZeroIsBelowWhatIsKept() { // contract: kv.txn.19
        client.put("k", "v");
        Op.Txn newest = reading(-1);

        assertThat(client.run(newest))
                .isInstanceOf(TxnResult.class)
                .isEqualTo(client.root().readOnly(newest));
        assertRefusedEitherWay(reading(-2), Refusal.COMPACTED);

        client.run(new Command.Compact(2));

        assertRefusedEitherWay(newest, Refusal.COMPACTED);
        assertThat(client.keys(RangeQuery.key(bytes("k")).withRevision(-1))).containsExactly("k");
    }

    private static Op.Txn reading(long revision) {
        return new Op.Txn(
                List.of(), List.of(new Op.Range(RangeQuery.key(bytes("k")).withRevision(revision))), List.of());
    }

    private void assertRefusedEitherWay(Op.Txn txn, Refusal refusal) {
        client.assertRefused(txn, refusal);
        assertThat(client.root().readOnly(txn))
                .isEqualTo(new CommandResult.Refused(client.root().revision(), refusal));
    }

    @Test
    void anUnknownLeaseIsNoticedBeforeAMissingKeyButNotInATransaction() { // contract: kv.put.7, kv.put.8
        Op.Put both = Op.Put.of(bytes("missing"), Bytes.EMPTY).withLease(8).keepingValue();

        client.assertRefused(both, Refusal.LEASE_NOT_FOUND);
        client.assertRefused(new Op.Txn(List.of(), List.of(both), List.of()), Refusal.KEY_NOT_FOUND);
    }

    private void assertRefusedBehindAPut(Op op, Refusal refusal) {
        Op.Txn flat = new Op.Txn(List.of(), List.of(put("a", "1"), op), List.of());
        Op.Txn nested =
                new Op.Txn(List.of(), List.of(put("b", "1"), new Op.Txn(List.of(), List.of(op), List.of())), List.of());

        client.assertRefused(flat, refusal);
        client.assertRefused(nested, refusal);
        assertThat(client.keys()).containsExactly("k");
    }

    @Test
    void whatADeletionWithoutEndTookCanBePutAnew() { // contract: kv.txn.9
        client.put("k", "old");

        client.txn(delete(KeyRange.from(bytes("k"))), put("k", "new"));

        assertThat(client.events).extracting(Event::type).endsWith(Event.Type.DELETE, Event.Type.PUT);
        KeyValue kv = client.get("k").orElseThrow();
        assertThat(kv.value()).isEqualTo(bytes("new"));
        assertThat(kv.version()).isEqualTo(1);
        assertThat(kv.createRevision()).isEqualTo(3);
        assertThat(client.root().keyspace().before(kv).isTombstone()).isTrue();
    }

    @Test
    void whatADeletionWithoutEndTookHasNoValueToKeep() { // contract: kv.txn.19
        client.put("k", "v");
        Op delete = delete(KeyRange.from(bytes("k")));
        Op keeping = Op.Put.of(bytes("k"), Bytes.EMPTY).keepingValue();
        Op nested = new Op.Txn(List.of(), List.of(keeping), List.of());

        client.assertRefused(new Op.Txn(List.of(), List.of(delete, keeping), List.of()), Refusal.KEY_NOT_FOUND);
        client.assertRefused(new Op.Txn(List.of(), List.of(delete, nested), List.of()), Refusal.KEY_NOT_FOUND);

        assertThat(client.txn(keeping, delete).succeeded()).isTrue();
        assertThat(client.keys()).isEmpty();
    }

    @Test
    void theBranchNotTakenIsNotChecked() { // contract: kv.txn.20
        Op badLease = Op.Put.of(bytes("l"), bytes("v")).withLease(8);
        Op badRead = new Op.Range(RangeQuery.key(bytes("k")).withRevision(9));

        TxnResult result = client.txn(List.of(), List.of(put("a", "1")), List.of(badLease, badRead));

        assertThat(result.succeeded()).isTrue();
    }

    @Test
    void aReadOnlyOneIsAnsweredFromARoot() { // contract: kv.txn.21
        client.put("k", "v");
        Op.Txn txn = new Op.Txn(
                List.of(compare("k", Target.VERSION, Result.EQUAL, 1)), List.of(read("k")), List.of(read("x")));

        assertThat(txn.isReadOnly()).isTrue();
        assertThat(client.root().readOnly(txn)).isEqualTo(client.run(txn));
        assertThat(new Op.Txn(List.of(), List.of(txn), List.of()).isReadOnly()).isFalse();
        assertThat(new Op.Txn(List.of(), List.of(), List.of(put("a", "1"))).isReadOnly())
                .isFalse();
    }

    @Test
    void aPutInOneNestedBranchAndADeletionInALaterSiblingAreTwoChangesOfOneRevision() { // contract: kv.txn.10
        Op putting = new Op.Txn(List.of(), List.of(put("k", "v")), List.of());
        Op deleting = new Op.Txn(List.of(), List.of(delete(KeyRange.ALL)), List.of());

        client.txn(putting, deleting);

        assertThat(client.events).extracting(Event::type).containsExactly(Event.Type.PUT, Event.Type.DELETE);
        assertThat(client.keys()).isEmpty();
        assertThat(client.keys(RangeQuery.of(KeyRange.ALL).withRevision(2))).isEmpty();
        client.put("k", "again");
        assertThat(client.keys(RangeQuery.of(KeyRange.ALL).withRevision(2))).isEmpty();
        assertThat(client.root().keyspace().changesOf(bytes("k"), 2, 10)).hasSize(3);
    }
}
