package io.metcd.store;

import static io.metcd.store.TestClient.bytes;
import static io.metcd.store.TestClient.range;
import static org.assertj.core.api.Assertions.assertThat;

import io.metcd.base.Bytes;
import io.metcd.store.command.CommandResult;
import io.metcd.store.command.CommandResult.DeleteResult;
import io.metcd.store.command.CommandResult.PutResult;
import io.metcd.store.command.Op;
import io.metcd.store.kv.KeyRange;
import io.metcd.store.kv.KeyValue;
import io.metcd.store.kv.RangeQuery;
import io.metcd.store.kv.Refusal;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Puts and deletions. */
class KeyValueTest {
    private final TestClient client = new TestClient();

    @Test
    void anEmptyStoreIsAtRevisionOneAndTheFirstPutMakesTwo() { // contract: mvcc.revision.1
        assertThat(client.root().revision()).isEqualTo(1);

        assertThat(client.put("k", "v")).isEqualTo(2);
    }

    @Test
    void aPutIsReadBackWithItsRevisions() { // contract: kv.range.2, mvcc.kv.1
        client.put("k", "v");

        assertThat(client.get("k")).contains(new KeyValue(bytes("k"), bytes("v"), 2, 2, 0, 1, 0));
    }

    @Test
    void aSecondPutKeepsTheCreateRevisionAndCountsUp() { // contract: kv.put.2
        client.put("k", "v");
        client.put("k", "w");

        assertThat(client.get("k")).contains(new KeyValue(bytes("k"), bytes("w"), 2, 3, 0, 2, 0));
    }

    @Test
    void aPutReturnsThePairBeforeOnlyIfAsked() { // contract: kv.put.3
        Op.Put put = Op.Put.of(bytes("k"), bytes("v"));

        CommandResult first = client.run(put.withPrevious());
        Optional<KeyValue> before = client.get("k");
        CommandResult second = client.run(put.withPrevious());
        CommandResult third = client.run(put);

        assertThat(first).isEqualTo(new PutResult(2, Optional.empty()));
        assertThat(second).isEqualTo(new PutResult(3, before));
        assertThat(third).isEqualTo(new PutResult(4, Optional.empty()));
    }

    @Test
    void anEmptyKeyIsRefusedEverywhere() { // contract: span.5
        client.assertRefused(Op.Put.of(Bytes.EMPTY, bytes("v")), Refusal.KEY_MISSING);
        client.assertRefused(new Op.DeleteRange(new KeyRange(Bytes.EMPTY, bytes("x")), false), Refusal.KEY_MISSING);
    }

    @Test
    void anEmptyValueIsNotAMissingKey() { // contract: kv.put.4, mvcc.kv.3
        client.put("k", "");

        assertThat(client.get("k"))
                .hasValueSatisfying(kv -> assertThat(kv.value().isEmpty()).isTrue());
        assertThat(client.events).allMatch(event -> event.kv().version() == 1);
    }

    @Test
    void keepingTheValueOrTheLeaseOfAMissingKeyIsRefused() { // contract: kv.put.7
        client.assertRefused(Op.Put.of(bytes("k"), Bytes.EMPTY).keepingValue(), Refusal.KEY_NOT_FOUND);
        client.assertRefused(Op.Put.of(bytes("k"), bytes("v")).keepingLease(), Refusal.KEY_NOT_FOUND);

        assertThat(client.keys()).isEmpty();
    }

    @Test
    void keepingTheValueButGivingOneIsRefused() { // contract: kv.put.5
        client.put("k", "v");

        client.assertRefused(Op.Put.of(bytes("k"), bytes("w")).keepingValue(), Refusal.VALUE_PROVIDED);
    }

    @Test
    void keepingTheLeaseButGivingOneIsRefused() { // contract: kv.put.6
        client.grant(7);
        client.put("k", "v");

        client.assertRefused(Op.Put.of(bytes("k"), bytes("w")).withLease(7).keepingLease(), Refusal.LEASE_PROVIDED);
    }

    @Test
    void keepingTheValueAttachesOrDetachesTheLease() { // contract: kv.put.9, kv.put.10
        client.grant(7);
        client.put("k", "v");

        client.run(Op.Put.of(bytes("k"), Bytes.EMPTY).withLease(7).keepingValue());
        Optional<KeyValue> attached = client.get("k");
        client.run(Op.Put.of(bytes("k"), Bytes.EMPTY).keepingValue());
        Optional<KeyValue> detached = client.get("k");

        assertThat(attached).contains(new KeyValue(bytes("k"), bytes("v"), 2, 3, 0, 2, 7));
        assertThat(detached).contains(new KeyValue(bytes("k"), bytes("v"), 2, 4, 0, 3, 0));
        assertThat(client.root().leaseKeys(7)).isEmpty();
    }

    @Test
    void keepingTheLeaseChangesTheValueAlone() { // contract: kv.put.10
        client.grant(7);
        client.put("k", "v", 7);

        client.run(Op.Put.of(bytes("k"), bytes("w")).keepingLease());

        assertThat(client.get("k")).contains(new KeyValue(bytes("k"), bytes("w"), 2, 3, 0, 2, 7));
        assertThat(client.root().leaseKeys(7)).containsExactly(bytes("k"));
    }

    @Test
    void anUnknownLeaseIsRefusedAndNothingIsWritten() { // contract: kv.put.8
        client.assertRefused(Op.Put.of(bytes("k"), bytes("v")).withLease(9), Refusal.LEASE_NOT_FOUND);

        assertThat(client.get("k")).isEmpty();
    }

    @Test
    void deletingNothingDoesNotMoveTheRevision() { // contract: kv.delete.2
        client.put("k", "v");

        DeleteResult result = client.delete(KeyRange.single(bytes("x")));

        assertThat(result.deleted()).isZero();
        assertThat(result.revision()).isEqualTo(2);
        assertThat(client.root().revision()).isEqualTo(2);
    }

    @Test
    void deletesTheKeysOfTheSpan() { // contract: kv.delete.5
        assertThat(deletedOfThree(range("foo/", "fop"))).isEqualTo(1);
        assertThat(deletedOfThree(range("fo", "fop"))).isEqualTo(2);
        assertThat(deletedOfThree(range("foo", "foo"))).isZero();
    }

    private static long deletedOfThree(KeyRange range) {
        TestClient fresh = new TestClient();
        fresh.put("foo", "1");
        fresh.put("foo/abc", "2");
        fresh.put("fop", "3");
        return fresh.delete(range).deleted();
    }

    @Test
    void deletesToTheEndOfTheKeysAndAllOfThem() { // contract: kv.delete.6
        client.put("a", "1");
        client.put("b", "2");
        client.put("c", "3");

        assertThat(client.delete(KeyRange.from(bytes("b"))).deleted()).isEqualTo(2);
        assertThat(client.keys()).containsExactly("a");
        assertThat(client.delete(KeyRange.ALL).deleted()).isEqualTo(1);
        assertThat(client.keys()).isEmpty();
    }

    @Test
    void deletingManyKeysIsOneRevisionAndReturnsThePairsInOrder() {
        // contract: kv.delete.1, kv.delete.3, kv.delete.4, mvcc.revision.2
        client.put("b", "2");
        client.put("a", "1");

        DeleteResult result = client.delete(KeyRange.ALL);

        assertThat(result.revision()).isEqualTo(4).isEqualTo(client.root().revision());
        assertThat(result.previous())
                .containsExactly(
                        new KeyValue(bytes("a"), bytes("1"), 3, 3, 0, 1, 0),
                        new KeyValue(bytes("b"), bytes("2"), 2, 2, 0, 1, 0));
    }

    @Test
    void aKeyMadeAgainStartsOver() { // contract: mvcc.kv.2
        client.put("k", "v");
        client.delete(KeyRange.single(bytes("k")));
        client.put("k", "w");

        assertThat(client.get("k")).contains(new KeyValue(bytes("k"), bytes("w"), 4, 4, 0, 1, 0));
    }

    @Test
    void aTombstoneHasNothingButKeyAndRevision() { // contract: watch.event.5, mvcc.kv.2
        client.grant(7);
        client.put("k", "v", 7);
        client.delete(KeyRange.single(bytes("k")));

        assertThat(client.events.get(1).kv()).isEqualTo(new KeyValue(bytes("k"), Bytes.EMPTY, 0, 3, 0, 0, 0));
    }

    @Test
    void keysAreOrderedAsUnsignedBytes() { // contract: mvcc.kv.3
        client.run(Op.Put.of(Bytes.of(0x80), Bytes.EMPTY));
        client.run(Op.Put.of(Bytes.of(0x7f), Bytes.EMPTY));
        client.run(Op.Put.of(Bytes.of(0x7f, 0), Bytes.EMPTY));

        assertThat(client.range(RangeQuery.of(KeyRange.ALL)).kvs())
                .extracting(KeyValue::key)
                .containsExactly(Bytes.of(0x7f), Bytes.of(0x7f, 0), Bytes.of(0x80));
    }

    @Test
    void sizeIsThatOfTheVersionsKept() { // contract: diff.2
        client.put("k", "12345");
        client.put("k", "123");
        long two = client.root().dbSize();
        client.run(new io.metcd.store.command.Command.Compact(3));

        assertThat(two).isEqualTo(256 + 6 + 256 + 4);
        assertThat(client.root().dbSize()).isEqualTo(256 + 4);
    }
}
