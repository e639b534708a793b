package io.metcd.simulator.history;

import io.metcd.base.Bytes;
import io.metcd.store.command.Command;
import io.metcd.store.command.CommandResult;
import io.metcd.store.command.CommandResult.DeleteResult;
import io.metcd.store.command.CommandResult.OpResult;
import io.metcd.store.command.CommandResult.PutResult;
import io.metcd.store.command.CommandResult.ReadResult;
import io.metcd.store.command.CommandResult.TxnResult;
import io.metcd.store.command.Compare;
import io.metcd.store.command.Op;
import io.metcd.store.kv.KeyRange;
import io.metcd.store.kv.KeyValue;
import io.metcd.store.kv.RangeQuery;
import io.metcd.store.kv.RangeResult;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The naive model: every version of every key in a sorted map, and the commands evaluated one by one. It keeps all
 * history, so a compaction changes nothing here.
 */
final class Keyspace {
    private final TreeMap<Bytes, List<KeyValue>> versions = new TreeMap<>();
    private long revision = 1;

    /** What a command would do: its answer (revisions inside of a transaction are not modelled) and its changes. */
    record Effect(CommandResult result, List<KeyValue> changes) {}

    long revision() {
        return revision;
    }

    /** What the command would do now. */
    Effect evaluate(Command command) {
        List<KeyValue> changes = new ArrayList<>();
        CommandResult result = evaluate(command, changes);
        return new Effect(result, changes);
    }

    /** The changes of the next revision; none leave the revision as it is. */
    void commit(List<KeyValue> changes) {
        if (!changes.isEmpty()) {
            revision++;
        }
        for (KeyValue kv : changes) {
            versions.computeIfAbsent(kv.key(), key -> new ArrayList<>()).add(kv);
        }
    }

    /** Reads at the query's revision, or now. */
    RangeResult.Ok range(RangeQuery query) {
        return range(query, List.of());
    }

    /** The keys attached to a lease, in order. */
    List<KeyValue> attached(long lease) {
        List<KeyValue> found = new ArrayList<>();
        for (List<KeyValue> history : versions.values()) {
            KeyValue newest = history.get(history.size() - 1);
            if (!newest.isTombstone() && newest.lease() == lease) {
                found.add(newest);
            }
        }
        return found;
    }

    /** What ending the lease changes. */
    List<KeyValue> revocation(long lease) {
        List<KeyValue> changes = new ArrayList<>();
        for (KeyValue kv : attached(lease)) {
            changes.add(KeyValue.tombstone(kv.key(), revision + 1, changes.size()));
        }
        return changes;
    }

    private CommandResult evaluate(Command command, List<KeyValue> changes) {
        if (command instanceof Op.Put put) {
            return put(put, changes);
        }
        if (command instanceof Op.DeleteRange delete) {
            return delete(delete, changes);
        }
        if (command instanceof Op.Txn txn) {
            return txn(txn, changes);
        }
        if (command instanceof Command.LeaseRevoke revoke) {
            changes.addAll(revocation(revoke.id()));
            return new CommandResult.LeaseRevokeResult(after(changes), revoke.id());
        }
        return new CommandResult.Done(revision);
    }

    private PutResult put(Op.Put put, List<KeyValue> changes) {
        Optional<KeyValue> before = newest(put.key(), revision, changes);
        long create = before.map(KeyValue::createRevision).orElse(revision + 1);
        long version = before.map(KeyValue::version).orElse(0L) + 1;
        changes.add(new KeyValue(put.key(), put.value(), create, revision + 1, changes.size(), version, put.lease()));
        return new PutResult(after(changes), put.previous() ? before : Optional.empty());
    }

    private DeleteResult delete(Op.DeleteRange delete, List<KeyValue> changes) {
        List<KeyValue> found = range(RangeQuery.of(delete.range()), changes).kvs();
        for (KeyValue kv : found) {
            changes.add(KeyValue.tombstone(kv.key(), revision + 1, changes.size()));
        }
        return new DeleteResult(after(changes), found.size(), delete.previous() ? found : List.of());
    }

    private TxnResult txn(Op.Txn txn, List<KeyValue> changes) {
        boolean succeeds = txn.compares().stream().allMatch(this::holds);
        List<OpResult> responses = new ArrayList<>();
        for (Op op : succeeds ? txn.success() : txn.failure()) {
            if (op instanceof Op.Put put) {
                responses.add(put(put, changes));
            } else if (op instanceof Op.DeleteRange delete) {
                responses.add(delete(delete, changes));
            } else if (op instanceof Op.Txn inner) {
                responses.add(txn(inner, changes));
            } else if (op instanceof Op.Range read) {
                responses.add(new ReadResult(after(changes), range(read.query(), changes)));
            }
        }
        return new TxnResult(after(changes), succeeds, responses);
    }

    /** Compares see the state before the outermost transaction. */
    private boolean holds(Compare compare) {
        Optional<KeyValue> kv = newest(compare.range().key(), revision, List.of());
        if (compare.target() == Compare.Target.VALUE) {
            return kv.isPresent() && ordered(compare.result(), kv.get().value().compareTo(compare.value()));
        }
        long actual = switch (compare.target()) {
            case VERSION -> kv.map(KeyValue::version).orElse(0L);
            case CREATE -> kv.map(KeyValue::createRevision).orElse(0L);
            case MOD -> kv.map(KeyValue::modRevision).orElse(0L);
            case LEASE -> kv.map(KeyValue::lease).orElse(0L);
            case VALUE, UNKNOWN -> 0L;
        };
        return ordered(compare.result(), Long.compare(actual, compare.number()));
    }

    private static boolean ordered(Compare.Result wanted, int comparison) {
        return switch (wanted) {
            case EQUAL -> comparison == 0;
            case GREATER -> comparison > 0;
            case LESS -> comparison < 0;
            case NOT_EQUAL -> comparison != 0;
            case UNKNOWN -> true;
        };
    }

    private RangeResult.Ok range(RangeQuery query, List<KeyValue> pending) {
        long at = query.revision() > 0 ? query.revision() : revision;
        List<KeyValue> unseen = query.revision() > 0 ? List.of() : pending;
        TreeMap<Bytes, KeyValue> found = new TreeMap<>();
        for (Map.Entry<Bytes, List<KeyValue>> entry : candidates(query.range()).entrySet()) {
            if (query.range().contains(entry.getKey())) {
                newest(entry.getKey(), at, List.of()).ifPresent(kv -> found.put(kv.key(), kv));
            }
        }
        for (KeyValue kv : unseen) {
            if (query.range().contains(kv.key())) {
                found.remove(kv.key());
                if (!kv.isTombstone()) {
                    found.put(kv.key(), kv);
                }
            }
        }
        List<KeyValue> all = new ArrayList<>(found.values());
        boolean cut = query.limit() > 0 && all.size() > query.limit();
        List<KeyValue> wanted = cut ? all.subList(0, (int) query.limit()) : all;
        return switch (query.content()) {
            case FULL -> new RangeResult.Ok(List.copyOf(wanted), all.size(), cut);
            case KEYS_ONLY ->
                new RangeResult.Ok(wanted.stream().map(KeyValue::withoutValue).toList(), all.size(), cut);
            case COUNT_ONLY -> new RangeResult.Ok(List.of(), all.size(), false);
        };
    }

    private NavigableMap<Bytes, List<KeyValue>> candidates(KeyRange range) {
        return range.isSingle()
                ? versions.subMap(range.key(), true, range.key(), true)
                : versions.tailMap(range.key(), true);
    }

    /** The pair as of a revision, or as the pending changes of the next one have it. */
    private Optional<KeyValue> newest(Bytes key, long at, List<KeyValue> pending) {
        for (int i = pending.size() - 1; i >= 0; i--) {
            if (pending.get(i).key().equals(key)) {
                return Optional.of(pending.get(i)).filter(kv -> !kv.isTombstone());
            }
        }
        List<KeyValue> history = versions.getOrDefault(key, List.of());
        for (int i = history.size() - 1; i >= 0; i--) {
            if (history.get(i).modRevision() <= at) {
                return Optional.of(history.get(i)).filter(kv -> !kv.isTombstone());
            }
        }
        return Optional.empty();
    }

    private long after(List<KeyValue> changes) {
        return changes.isEmpty() ? revision : revision + 1;
    }
}
