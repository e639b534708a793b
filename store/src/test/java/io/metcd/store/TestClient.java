package io.metcd.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.metcd.base.Bytes;
import io.metcd.store.command.Checks;
import io.metcd.store.command.Command;
import io.metcd.store.command.CommandResult;
import io.metcd.store.command.CommandResult.DeleteResult;
import io.metcd.store.command.CommandResult.PutResult;
import io.metcd.store.command.CommandResult.TxnResult;
import io.metcd.store.command.Compare;
import io.metcd.store.command.Envelope;
import io.metcd.store.command.Op;
import io.metcd.store.kv.Event;
import io.metcd.store.kv.KeyRange;
import io.metcd.store.kv.KeyValue;
import io.metcd.store.kv.RangeQuery;
import io.metcd.store.kv.RangeResult;
import io.metcd.store.kv.Refusal;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Asks a store as a member does for its clients: what the checks refuse is not proposed. */
final class TestClient {
    static final int TXN_OPS_MAX = 128;

    final Store store = new Store(Limits.defaults());

    /** What the commands so far have changed and nobody has taken. */
    final List<Event> events = new ArrayList<>();

    private long index;

    static Bytes bytes(String text) {
        return Bytes.utf8(text);
    }

    static KeyRange range(String key, String end) {
        return new KeyRange(bytes(key), bytes(end));
    }

    Root root() {
        return store.root();
    }

    CommandResult run(Command command) {
        Optional<Refusal> refusal = Checks.command(command, TXN_OPS_MAX);
        if (refusal.isPresent()) {
            return new CommandResult.Refused(store.root().revision(), refusal.get());
        }
        return apply(Envelope.of(command), 1).result();
    }

    Applied apply(Envelope envelope, long term) {
        Applied applied = store.apply(++index, term, envelope.encode());
        events.addAll(applied.events());
        return applied;
    }

    /** The revision of the put. */
    long put(String key, String value) {
        return ((PutResult) run(Op.Put.of(bytes(key), bytes(value)))).revision();
    }

    long put(String key, String value, long lease) {
        return ((PutResult) run(Op.Put.of(bytes(key), bytes(value)).withLease(lease))).revision();
    }

    DeleteResult delete(KeyRange range) {
        return (DeleteResult) run(new Op.DeleteRange(range, true));
    }

    void grant(long lease) {
        assertThat(run(new Command.LeaseGrant(lease, 10))).isInstanceOf(CommandResult.LeaseGrantResult.class);
    }

    TxnResult txn(List<Compare> compares, List<Op> success, List<Op> failure) {
        return (TxnResult) run(new Op.Txn(compares, success, failure));
    }

    /** One branch, unconditionally. */
    TxnResult txn(Op... ops) {
        return txn(List.of(), List.of(ops), List.of());
    }

    void assertRefused(Command command, Refusal refusal) {
        long revision = root().revision();
        assertThat(run(command)).isEqualTo(new CommandResult.Refused(revision, refusal));
        assertThat(root().revision()).isEqualTo(revision);
    }

    Optional<KeyValue> get(String key) {
        return range(RangeQuery.key(bytes(key))).kvs().stream().findFirst();
    }

    RangeResult.Ok range(RangeQuery query) {
        return (RangeResult.Ok) root().range(query);
    }

    List<String> keys(RangeQuery query) {
        return range(query).kvs().stream().map(kv -> kv.key().toUtf8()).toList();
    }

    List<String> keys() {
        return keys(RangeQuery.of(KeyRange.ALL));
    }
}
