package io.metcd.store;

import io.metcd.base.Bytes;
import io.metcd.store.command.Command;
import io.metcd.store.command.CommandResult;
import io.metcd.store.command.CommandResult.OpResult;
import io.metcd.store.command.Compare;
import io.metcd.store.command.Op;
import io.metcd.store.kv.Event;
import io.metcd.store.kv.KeyRange;
import io.metcd.store.kv.KeyValue;
import io.metcd.store.kv.RangeQuery;
import io.metcd.store.kv.RangeResult;
import io.metcd.store.kv.Refusal;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The contract as plainly as it can be written, to be compared with: a full copy of all keys for every revision, and
 * nothing is ever freed. Shares the values with the store, and none of its code.
 */
final class NaiveStore {
    /** The keys after each revision; the first two places are the empty store. */
    private final List<NavigableMap<Bytes, KeyValue>> states = new ArrayList<>();

    /** What each revision did. */
    private final List<List<KeyValue>> changes = new ArrayList<>();

    private final TreeMap<Long, Long> leases = new TreeMap<>();
    private long compacted = -1;

    /** The keys and changes of the command in hand. */
    private NavigableMap<Bytes, KeyValue> working = new TreeMap<>();

    private List<KeyValue> made = new ArrayList<>();

    NaiveStore() {
        for (int revision = 0; revision <= 1; revision++) {
            states.add(new TreeMap<>());
            changes.add(List.of());
        }
    }

    long revision() {
        return states.size() - 1L;
    }

    long compactRevision() {
        return compacted;
    }

    List<KeyValue> changesOf(long revision) {
        return changes.get((int) revision);
    }

    /** The pair before a change, for who has seen compactions up to a revision; what creates a key has none. */
    Optional<KeyValue> before(KeyValue change, long compactRevision) {
        long revision = change.modRevision() - 1;
        return revision < compactRevision || change.createRevision() == change.modRevision()
                ? Optional.empty()
                : Optional.ofNullable(states.get((int) revision).get(change.key()));
    }

    Map<Long, Long> leases() {
        return leases;
    }

    List<Bytes> leaseKeys(long id) {
        return last().values().stream()
                .filter(kv -> id != 0 && kv.lease() == id)
                .map(KeyValue::key)
                .toList();
    }

    /** Key, value and 256 bytes for each version that no change up to the compacted revision has superseded. */
    long dbSize() {
        List<KeyValue> all = changes.stream().flatMap(List::stream).toList();
        long sum = 0;
        for (int i = 0; i < all.size(); i++) {
            KeyValue kv = all.get(i);
            boolean dropped = all.subList(i + 1, all.size()).stream()
                    .anyMatch(later -> later.key().equals(kv.key()) && later.modRevision() <= compacted);
            sum += dropped || kv.isTombstone()
                    ? 0
                    : 256 + kv.key().size() + kv.value().size();
        }
        return sum;
    }

    CommandResult apply(Command command) {
        working = new TreeMap<>(last());
        made = new ArrayList<>();
        CommandResult result = execute(command);
        if (!made.isEmpty()) {
            states.add(working);
            changes.add(made);
        }
        return result;
    }

    List<Event> events() {
        return made.stream().map(Event::of).toList();
    }

    private CommandResult execute(Command command) {
        if (command instanceof Op.Put put) {
            Optional<Refusal> refusal = refusal(put);
            return refusal.isPresent() ? refused(refusal.get()) : put(put);
        }
        if (command instanceof Op.DeleteRange delete) {
            return delete(delete);
        }
        if (command instanceof Op.Txn txn) {
            Optional<Refusal> refusal = refusalOnPath(txn);
            return refusal.isPresent() ? refused(refusal.get()) : txn(txn);
        }
        if (command instanceof Command.Compact compact) {
            return compact(compact.revision());
        }
        if (command instanceof Command.LeaseGrant grant) {
            if (leases.putIfAbsent(grant.id(), grant.ttlSeconds()) != null) {
                return refused(Refusal.LEASE_EXISTS);
            }
            return new CommandResult.LeaseGrantResult(revision(), grant.id(), grant.ttlSeconds());
        }
        if (command instanceof Command.LeaseRevoke revoke) {
            return revoke(revoke.id());
        }
        throw new AssertionError("not in the model: " + command);
    }

    private CommandResult compact(long target) {
        if (target <= compacted) {
            return refused(Refusal.COMPACTED);
        }
        if (target > revision()) {
            return refused(Refusal.FUTURE_REVISION);
        }
        compacted = target;
        return new CommandResult.CompactResult(revision());
    }

    private CommandResult revoke(long id) {
        if (leases.remove(id) == null) {
            return refused(Refusal.LEASE_NOT_FOUND);
        }
        for (KeyValue kv : List.copyOf(working.values())) {
            if (kv.lease() == id) {
                remove(kv);
            }
        }
        return new CommandResult.LeaseRevokeResult(now(), id);
    }

    private Optional<Refusal> refusal(Op.Put put) {
        Optional<Refusal> lease = unknownLease(put);
        return lease.isPresent() ? lease : missingKey(put, last().keySet());
    }

    private Optional<Refusal> unknownLease(Op.Put put) {
        boolean known = put.lease() == 0 || leases.containsKey(put.lease());
        return known ? Optional.empty() : Optional.of(Refusal.LEASE_NOT_FOUND);
    }

    private static Optional<Refusal> missingKey(Op.Put put, Set<Bytes> keys) {
        boolean needed = put.ignoreLease() || put.ignoreValue();
        return needed && !keys.contains(put.key()) ? Optional.of(Refusal.KEY_NOT_FOUND) : Optional.empty();
    }

    private Optional<Refusal> refusalOnPath(Op.Txn txn) {
        return refusalOnPath(txn, new TreeSet<>(last().keySet()));
    }

    /** With the keys that are there when it is a put's turn, as far as it needs one of them. */
    private Optional<Refusal> refusalOnPath(Op.Txn txn, Set<Bytes> left) {
        for (Op op : chosen(txn)) {
            Optional<Refusal> refusal = Optional.empty();
            if (op instanceof Op.Put put) {
                refusal = missingKey(put, left).or(() -> unknownLease(put));
            } else if (op instanceof Op.DeleteRange delete) {
                left.removeIf(delete.range()::contains);
            } else if (op instanceof Op.Txn nested) {
                refusal = refusalOnPath(nested, left);
            } else if (op instanceof Op.Range range && range.query().revision() > revision()) {
                refusal = Optional.of(Refusal.FUTURE_REVISION);
            } else if (op instanceof Op.Range range
                    && range.query().revision() != 0
                    && range.query().revision() < compacted) {
                refusal = Optional.of(Refusal.COMPACTED);
            }
            if (refusal.isPresent()) {
                return refusal;
            }
        }
        return Optional.empty();
    }

    private boolean succeeds(Op.Txn txn) {
        return txn.compares().stream().allMatch(this::holds);
    }

    private List<Op> chosen(Op.Txn txn) {
        return succeeds(txn) ? txn.success() : txn.failure();
    }

    private boolean holds(Compare compare) {
        List<KeyValue> kvs = new ArrayList<>(within(last(), compare.range()));
        if (kvs.isEmpty()) {
            if (compare.target() == Compare.Target.VALUE) {
                return false;
            }
            kvs.add(new KeyValue(Bytes.EMPTY, Bytes.EMPTY, 0, 0, 0, 0, 0));
        }
        return kvs.stream().allMatch(kv -> holds(compare, kv));
    }

    private static boolean holds(Compare compare, KeyValue kv) {
        int sign = Integer.signum(
                compare.target() == Compare.Target.VALUE
                        ? kv.value().compareTo(compare.value())
                        : compare.target() == Compare.Target.UNKNOWN
                                ? 0
                                : Long.compare(number(compare.target(), kv), compare.number()));
        return compare.result() == Compare.Result.UNKNOWN
                || (compare.result() == Compare.Result.EQUAL && sign == 0)
                || (compare.result() == Compare.Result.NOT_EQUAL && sign != 0)
                || (compare.result() == Compare.Result.GREATER && sign == 1)
                || (compare.result() == Compare.Result.LESS && sign == -1);
    }

    private static long number(Compare.Target target, KeyValue kv) {
        return target == Compare.Target.VERSION
                ? kv.version()
                : target == Compare.Target.CREATE
                        ? kv.createRevision()
                        : target == Compare.Target.MOD ? kv.modRevision() : kv.lease();
    }

    private CommandResult.TxnResult txn(Op.Txn txn) {
        List<OpResult> responses = new ArrayList<>();
        for (Op op : chosen(txn)) {
            if (op instanceof Op.Put put) {
                responses.add(put(put));
            } else if (op instanceof Op.DeleteRange delete) {
                responses.add(delete(delete));
            } else if (op instanceof Op.Range range) {
                responses.add(new CommandResult.ReadResult(now(), answer(readable(range.query()), range.query())));
            } else {
                responses.add(txn((Op.Txn) op));
            }
        }
        return new CommandResult.TxnResult(now(), succeeds(txn), responses);
    }

    private NavigableMap<Bytes, KeyValue> readable(RangeQuery query) {
        return query.revision() > 0 ? states.get((int) query.revision()) : working;
    }

    private CommandResult.PutResult put(Op.Put put) {
        Optional<KeyValue> old = Optional.ofNullable(working.get(put.key()));
        KeyValue kv = new KeyValue(
                put.key(),
                put.ignoreValue() ? old.orElseThrow().value() : put.value(),
                old.map(KeyValue::createRevision).orElse(revision() + 1),
                revision() + 1,
                made.size(),
                old.map(KeyValue::version).orElse(0L) + 1,
                put.ignoreLease() ? old.orElseThrow().lease() : put.lease());
        working.put(put.key(), kv);
        made.add(kv);
        return new CommandResult.PutResult(now(), put.previous() ? old : Optional.empty());
    }

    private CommandResult.DeleteResult delete(Op.DeleteRange delete) {
        List<KeyValue> kvs = within(working, delete.range());
        kvs.forEach(this::remove);
        return new CommandResult.DeleteResult(now(), kvs.size(), delete.previous() ? kvs : List.of());
    }

    private void remove(KeyValue kv) {
        working.remove(kv.key());
        made.add(new KeyValue(kv.key(), Bytes.EMPTY, 0, revision() + 1, made.size(), 0, 0));
    }

    RangeResult range(RangeQuery query) {
        if (query.revision() > revision()) {
            return new RangeResult.Refused(Refusal.FUTURE_REVISION);
        }
        if (query.revision() > 0 && query.revision() < compacted) {
            return new RangeResult.Refused(Refusal.COMPACTED);
        }
        return answer(query.revision() > 0 ? states.get((int) query.revision()) : last(), query);
    }

    CommandResult readOnly(Op.Txn txn) {
        working = new TreeMap<>(last());
        made = new ArrayList<>();
        Optional<Refusal> refusal = refusalOnPath(txn);
        return refusal.isPresent() ? refused(refusal.get()) : txn(txn);
    }

    private static RangeResult.Ok answer(NavigableMap<Bytes, KeyValue> state, RangeQuery query) {
        List<KeyValue> inRange = within(state, query.range());
        if (query.content() == RangeQuery.Content.COUNT_ONLY) {
            return new RangeResult.Ok(List.of(), inRange.size(), false);
        }
        List<KeyValue> wanted = inRange.stream()
                .filter(kv -> outside(
                        kv.modRevision(),
                        query.bounds().minMod(),
                        query.bounds().maxMod()))
                .filter(kv -> outside(
                        kv.createRevision(),
                        query.bounds().minCreate(),
                        query.bounds().maxCreate()))
                .sorted(comparator(query.sort()))
                .map(kv -> query.content() == RangeQuery.Content.KEYS_ONLY ? keyOnly(kv) : kv)
                .toList();
        boolean more = query.limit() > 0 && wanted.size() > query.limit();
        return new RangeResult.Ok(more ? wanted.subList(0, (int) query.limit()) : wanted, inRange.size(), more);
    }

    private static boolean outside(long revision, long min, long max) {
        return revision >= min && (max == 0 || revision <= max);
    }

    private static KeyValue keyOnly(KeyValue kv) {
        return new KeyValue(
                kv.key(),
                Bytes.EMPTY,
                kv.createRevision(),
                kv.modRevision(),
                kv.subRevision(),
                kv.version(),
                kv.lease());
    }

    private static Comparator<KeyValue> comparator(RangeQuery.Sort sort) {
        Comparator<KeyValue> byTarget = (one, other) -> switch (sort.target()) {
            case VERSION -> Long.compare(one.version(), other.version());
            case CREATE -> Long.compare(one.createRevision(), other.createRevision());
            case MOD -> Long.compare(one.modRevision(), other.modRevision());
            case VALUE -> one.value().compareTo(other.value());
            case KEY, UNKNOWN -> one.key().compareTo(other.key());
        };
        Comparator<KeyValue> directed = sort.order() == RangeQuery.Order.DESCEND ? byTarget.reversed() : byTarget;
        return directed.thenComparing(KeyValue::key);
    }

    private static List<KeyValue> within(NavigableMap<Bytes, KeyValue> state, KeyRange range) {
        return state.values().stream().filter(kv -> isIn(kv.key(), range)).toList();
    }

    private static boolean isIn(Bytes key, KeyRange range) {
        if (range.end().isEmpty()) {
            return key.equals(range.key());
        }
        boolean open = range.end().equals(Bytes.of(0));
        return key.compareTo(range.key()) >= 0 && (open || key.compareTo(range.end()) < 0);
    }

    private NavigableMap<Bytes, KeyValue> last() {
        return states.get(states.size() - 1);
    }

    private long now() {
        return made.isEmpty() ? revision() : revision() + 1;
    }

    private CommandResult refused(Refusal refusal) {
        return new CommandResult.Refused(revision(), refusal);
    }
}
