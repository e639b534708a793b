package io.metcd.store.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.metcd.base.Bytes;
import io.metcd.base.RandomSource;
import io.metcd.store.kv.KeyRange;
import io.metcd.store.kv.RangeQuery;
import io.metcd.store.kv.Refusal;
import io.metcd.testkit.Property;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ChecksTest {
    private static final int MAX = 128;

    private static Op put(String key) {
        return Op.Put.of(Bytes.utf8(key), Bytes.utf8("v"));
    }

    private static Op delete(String key) {
        return new Op.DeleteRange(KeyRange.single(Bytes.utf8(key)), false);
    }

    private static Op delete(String key, String end) {
        return new Op.DeleteRange(new KeyRange(Bytes.utf8(key), Bytes.utf8(end)), false);
    }

    private static Op.Txn success(Op... ops) {
        return new Op.Txn(List.of(), List.of(ops), List.of());
    }

    private static Op.Txn branches(List<Op> success, List<Op> failure) {
        return new Op.Txn(List.of(), success, failure);
    }

    private static Optional<Refusal> check(Op.Txn txn) {
        return Checks.command(txn, MAX);
    }

    private static void assertDuplicate(Op.Txn txn) {
        assertThat(check(txn)).as("%s", txn).contains(Refusal.DUPLICATE_KEY);
    }

    private static void assertAccepted(Op.Txn txn) {
        assertThat(check(txn)).as("%s", txn).isEmpty();
    }

    private static List<Op> reads(int count) {
        return Collections.nCopies(count, new Op.Range(RangeQuery.key(Bytes.utf8("k"))));
    }

    @Test
    void moreThanTheBudgetInAnyListIsRefused() { // contract: kv.txn.7
        List<Compare> compares =
                Collections.nCopies(129, Compare.number(Bytes.utf8("k"), Compare.Target.MOD, Compare.Result.EQUAL, 0));
        List<Op> nested = Collections.nCopies(129, success());

        assertThat(check(new Op.Txn(compares, List.of(), List.of()))).contains(Refusal.TOO_MANY_OPERATIONS);
        assertThat(check(branches(reads(129), List.of()))).contains(Refusal.TOO_MANY_OPERATIONS);
        assertThat(check(branches(List.of(), reads(129)))).contains(Refusal.TOO_MANY_OPERATIONS);
        assertThat(check(branches(nested, List.of()))).contains(Refusal.TOO_MANY_OPERATIONS);
        assertAccepted(branches(reads(128), reads(128)));
    }

    @Test
    void aNestedTransactionHasWhatItsParentLeft() { // contract: kv.txn.8
        Op.Txn fits = branches(List.of(branches(reads(127), List.of())), List.of());
        Op.Txn tooMuch = branches(List.of(branches(reads(128), List.of())), List.of());

        assertAccepted(fits);
        assertThat(check(tooMuch)).contains(Refusal.TOO_MANY_OPERATIONS);
    }

    @Test
    void nestingHasABoundWhateverTheBudget() {
        Op.Txn txn = success();
        for (int depth = 1; depth < CommandCodec.NESTING_MAX; depth++) {
            txn = success(txn);
        }

        assertThat(Checks.command(txn, 10_000)).isEmpty();
        assertThat(Checks.command(success(txn), 10_000)).contains(Refusal.TOO_MANY_OPERATIONS);
    }

    @Test
    void puttingAKeyTwiceIsRefused() { // contract: kv.txn.9
        assertDuplicate(success(put("k"), put("k")));
        assertDuplicate(branches(List.of(), List.of(put("k"), put("k"))));
        assertAccepted(branches(List.of(put("k")), List.of(put("k"))));
    }

    @Test
    void puttingWhatIsDeletedIsRefusedInEitherOrder() { // contract: kv.txn.9
        assertDuplicate(success(put("k"), delete("k")));
        assertDuplicate(success(delete("k"), put("k")));
        assertDuplicate(success(put("k"), delete("a", "z")));
        assertDuplicate(success(delete("a", "k\0"), put("k")));
    }

    @Test
    void aDeletionWithoutEndCountsForNothing() { // contract: kv.txn.9
        assertAccepted(success(put("k"), new Op.DeleteRange(KeyRange.ALL, false)));
        assertAccepted(success(delete("a", "\0"), put("k")));
        assertAccepted(success(success(delete("a", "\0")), put("k")));
        assertDuplicate(success(delete("a", "\0"), delete("a", "z"), put("k")));
    }

    @Test
    void theRuleReachesIntoNestedTransactions() { // contract: kv.txn.10
        assertDuplicate(success(put("k"), success(delete("k"))));
        assertDuplicate(success(delete("k"), success(put("k"))));
        assertDuplicate(success(success(put("k")), put("k")));
        assertDuplicate(success(success(put("k")), success(put("k"))));
        assertDuplicate(success(branches(List.of(put("k")), List.of()), branches(List.of(), List.of(put("k")))));
        assertDuplicate(success(success(put("k"), put("k"))));
        assertDuplicate(success(success(delete("k")), success(put("k"))));
    }

    @Test
    void branchesThatExcludeEachOtherMayShareKeys() { // contract: kv.txn.11
        assertAccepted(success(branches(List.of(put("k")), List.of(put("k")))));
        assertAccepted(success(branches(List.of(put("k")), List.of(delete("k")))));
        assertAccepted(success(put("abc"), delete("abb", "abc")));
        assertAccepted(success(delete("a", "m"), delete("b", "z"), delete("c")));
        assertAccepted(success(put("k"), delete("z", "a")));
    }

    @Test
    void aCompareWithoutKeyAndAnOperationWithoutAnythingAreRefused() { // contract: kv.txn.13
        Compare compare = Compare.number(Bytes.EMPTY, Compare.Target.MOD, Compare.Result.EQUAL, 0);

        assertThat(check(new Op.Txn(List.of(compare), List.of(), List.of()))).contains(Refusal.KEY_MISSING);
        assertThat(check(success(new Op.Unset()))).contains(Refusal.KEY_NOT_FOUND);
        assertThat(check(success(success(new Op.Unset())))).contains(Refusal.KEY_NOT_FOUND);
    }

    @Test
    void eachOperationIsCheckedAsIfItStoodAlone() {
        Op.Put keepsAndGives = Op.Put.of(Bytes.utf8("k"), Bytes.utf8("v")).keepingValue();
        RangeQuery unsorted = RangeQuery.key(Bytes.utf8("k")).withSort(RangeQuery.Order.UNKNOWN, RangeQuery.Target.KEY);

        assertThat(check(success(keepsAndGives))).contains(Refusal.VALUE_PROVIDED);
        assertThat(check(success(new Op.Range(unsorted)))).contains(Refusal.INVALID_SORT_OPTION);
        assertThat(check(branches(List.of(), List.of(delete(""))))).contains(Refusal.KEY_MISSING);
        assertThat(check(success(success(new Op.Range(RangeQuery.key(Bytes.EMPTY))))))
                .contains(Refusal.KEY_MISSING);
    }

    @Test
    void findsDuplicatesAsAComparisonOfAllPairsDoes() {
        Property.check(3000, random -> {
            Op.Txn txn = randomTxn(random, 3);

            boolean duplicate = clashes(txn.success()) || clashes(txn.failure());

            assertThat(check(txn))
                    .as("%s", txn)
                    .isEqualTo(duplicate ? Optional.of(Refusal.DUPLICATE_KEY) : Optional.empty());
        });
    }

    private static Op.Txn randomTxn(RandomSource random, int depth) {
        return branches(randomOps(random, depth), randomOps(random, depth));
    }

    private static List<Op> randomOps(RandomSource random, int depth) {
        List<Op> ops = new ArrayList<>();
        for (int i = random.nextInt(4); i > 0; i--) {
            int choice = random.nextInt(depth > 0 ? 3 : 2);
            String key = String.valueOf((char) ('a' + random.nextInt(12)));
            String end = random.chance(0.1) ? "\0" : String.valueOf((char) ('a' + random.nextInt(12)));
            ops.add(choice == 0 ? put(key) : choice == 1 ? delete(key, end) : randomTxn(random, depth - 1));
        }
        return ops;
    }

    /** The rule in words: each put of a branch against everything else of it, nested branches flattened. */
    private static boolean clashes(List<Op> ops) {
        for (int i = 0; i < ops.size(); i++) {
            if (ops.get(i) instanceof Op.Txn nested && (clashes(nested.success()) || clashes(nested.failure()))) {
                return true;
            }
            for (int j = 0; j < ops.size(); j++) {
                if (i != j && clash(ops.get(i), ops.get(j), i < j)) {
                    return true;
                }
            }
        }
        return false;
    }

    private static boolean clash(Op one, Op other, boolean oneIsFirst) {
        boolean bothNested = one instanceof Op.Txn && other instanceof Op.Txn;
        for (Bytes key : puts(one)) {
            boolean samePut = puts(other).contains(key);
            boolean deleted = deletes(other).stream().anyMatch(range -> !range.isOpenEnded() && range.contains(key));
            // Of two nested transactions only the deletions of the first count for the second.
            if (samePut || (deleted && !(bothNested && oneIsFirst))) {
                return true;
            }
        }
        return false;
    }

    private static List<Bytes> puts(Op op) {
        List<Bytes> keys = new ArrayList<>();
        if (op instanceof Op.Put put) {
            keys.add(put.key());
        } else if (op instanceof Op.Txn txn) {
            txn.success().forEach(nested -> keys.addAll(puts(nested)));
            txn.failure().forEach(nested -> keys.addAll(puts(nested)));
        }
        return keys;
    }

    private static List<KeyRange> deletes(Op op) {
        List<KeyRange> ranges = new ArrayList<>();
        if (op instanceof Op.DeleteRange delete) {
            ranges.add(delete.range());
        } else if (op instanceof Op.Txn txn) {
            txn.success().forEach(nested -> ranges.addAll(deletes(nested)));
            txn.failure().forEach(nested -> ranges.addAll(deletes(nested)));
        }
        return ranges;
    }
}
