package io.metcd.simulator.history;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.metcd.base.Bytes;
import io.metcd.base.RandomSource;
import io.metcd.simulator.history.Operation.Request;
import io.metcd.store.command.Command;
import io.metcd.store.command.CommandResult;
import io.metcd.store.command.Compare;
import io.metcd.store.command.Op;
import io.metcd.store.kv.Event;
import io.metcd.store.kv.KeyRange;
import io.metcd.store.kv.KeyValue;
import io.metcd.store.kv.RangeQuery;
import io.metcd.store.kv.RangeResult;
import io.metcd.store.kv.Refusal;
import io.metcd.testkit.Property;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** The checker is checked: it accepts what an honest keyspace answers, and sees each way to answer falsely. */
class LinearizabilityTest {
    private static final long LEASE = 77;

    /** A keyspace that answers honestly, unless told otherwise. */
    private static final class Server {
        final History history = new History();
        final Chronicle chronicle = new Chronicle();
        final LeaseTimeline leases = new LeaseTimeline();
        final Keyspace keyspace = new Keyspace();
        long now;

        Operation begin(Request request) {
            return history.begin("c", request, ++now);
        }

        CommandResult apply(Command command) {
            Keyspace.Effect effect = keyspace.evaluate(command);
            keyspace.commit(effect.changes());
            chronicle.applied("a", effect.changes().stream().map(Event::of).toList(), ++now);
            return effect.result();
        }

        void write(Command command) {
            Operation operation = begin(new Request.Write(command));
            history.answered(operation, apply(command), ++now);
        }

        void read(RangeQuery query) {
            Operation operation = begin(new Request.Read(query));
            history.answered(operation, keyspace.range(query), keyspace.revision(), ++now);
        }

        void check() {
            Linearizability.check(history, chronicle, leases);
        }
    }

    private final Server server = new Server();

    private static Bytes key(long number) {
        return Bytes.utf8("k" + number);
    }

    private static Op.Put put(long number, String value) {
        return Op.Put.of(key(number), Bytes.utf8(value));
    }

    private static Command randomCommand(RandomSource random, int unique) {
        long key = random.nextInt(5);
        return switch (random.nextInt(4)) {
            case 0 -> put(key, "v" + unique).withPrevious();
            case 1 -> new Op.DeleteRange(KeyRange.single(key(key)), true);
            case 2 -> new Op.DeleteRange(new KeyRange(key(key), key(key + 2)), false);
            default ->
                new Op.Txn(
                        List.of(Compare.number(
                                key(key), Compare.Target.VERSION, Compare.Result.GREATER, random.nextInt(3))),
                        List.of(put(key, "t" + unique), new Op.Range(RangeQuery.key(key(key)))),
                        List.of(new Op.Range(RangeQuery.of(KeyRange.ALL)), put(key + 1, "e" + unique)));
        };
    }

    @Test
    void honestHistoriesAreAccepted() {
        Property.check(200, random -> {
            Server honest = new Server();
            for (int i = 0; i < 60; i++) {
                Command command = randomCommand(random, i);
                switch (random.nextInt(4)) {
                    case 0 -> honest.read(RangeQuery.of(KeyRange.ALL).withLimit(random.nextInt(3)));
                    case 1 -> {
                        Operation unknown = honest.begin(new Request.Write(command));
                        honest.history.unknown(unknown);
                        if (random.chance(0.5)) {
                            honest.apply(command);
                        }
                    }
                    default -> honest.write(command);
                }
            }
            honest.check();
        });
    }

    /** The first of them could have deleted the key as well, but then nothing would explain that it comes again. */
    @Test
    void ofTwoUnansweredOperationsEachExplainsWhatTheOtherCannot() {
        server.write(put(1, "a"));
        Command createOrDelete = new Op.Txn(
                List.of(Compare.number(key(1), Compare.Target.VERSION, Compare.Result.EQUAL, 0)),
                List.of(put(1, "b")),
                List.of(new Op.DeleteRange(KeyRange.single(key(1)), false)));
        Command delete = new Op.DeleteRange(KeyRange.single(key(1)), false);
        Operation first = server.begin(new Request.Write(createOrDelete));
        Operation second = server.begin(new Request.Write(delete));
        server.history.unknown(first);
        server.history.unknown(second);
        server.apply(delete);
        server.apply(createOrDelete);

        assertThatCode(server::check).doesNotThrowAnyException();

        server.apply(delete);
        assertThatThrownBy(server::check).hasMessageContaining("nothing explains revision 5");
    }

    @Test
    void alteredHistoriesAreRefused() {
        Property.check(300, random -> {
            Server liar = new Server();
            int lie = random.nextInt(20);
            for (int i = 0; i < 20; i++) {
                liar.write(put(random.nextInt(5), "v" + i));
                Request.Read read = new Request.Read(RangeQuery.of(KeyRange.ALL));
                RangeResult.Ok honest = liar.keyspace.range(read.query());
                liar.history.answered(
                        liar.begin(read),
                        i == lie ? altered(random, honest) : honest,
                        liar.keyspace.revision(),
                        liar.now);
            }
            assertThatThrownBy(liar::check).hasMessageContaining("linearizability");
        });
    }

    private static RangeResult.Ok altered(RandomSource random, RangeResult.Ok honest) {
        List<KeyValue> kvs = new ArrayList<>(honest.kvs());
        int at = random.nextInt(kvs.size());
        KeyValue kv = kvs.get(at);
        return switch (random.nextInt(4)) {
            case 0 -> new RangeResult.Ok(kvs, honest.count() + 1, honest.more());
            case 1 -> {
                kvs.remove(at);
                yield new RangeResult.Ok(kvs, honest.count(), honest.more());
            }
            case 2 -> {
                kvs.set(at, new KeyValue(kv.key(), Bytes.utf8("lie"), kv.createRevision(), kv.modRevision(), 0, 1, 0));
                yield new RangeResult.Ok(kvs, honest.count(), honest.more());
            }
            default -> new RangeResult.Ok(kvs, honest.count(), !honest.more());
        };
    }

    @Test
    void aStaleReadIsSeenAtOnce() {
        server.write(put(1, "a"));
        Operation stale = server.begin(new Request.Read(RangeQuery.key(key(1))));

        assertThatThrownBy(() -> server.history.answered(stale, new RangeResult.Ok(List.of(), 0, false), 1, 9))
                .hasMessageContaining("had been answered before");
    }

    @Test
    void aWriteThatIsAppliedTwiceIsSeen() {
        server.write(put(1, "a"));
        server.apply(put(1, "a"));

        assertThatThrownBy(server::check).hasMessageContaining("exactly once");
    }

    @Test
    void anUnansweredWriteThatIsAppliedTwiceIsSeen() {
        server.history.unknown(server.begin(new Request.Write(put(1, "a"))));
        server.apply(put(1, "a"));
        assertThatCode(server::check).doesNotThrowAnyException();
        server.apply(put(1, "a"));

        assertThatThrownBy(server::check).hasMessageContaining("exactly once");
    }

    @Test
    void aRefusedWriteThatIsAppliedIsSeen() {
        server.history.withoutEffect(server.begin(new Request.Write(put(1, "a"))));
        server.apply(put(1, "a"));

        assertThatThrownBy(server::check).hasMessageContaining("exactly once");
    }

    @Test
    void anAcknowledgedWriteThatIsLostIsSeen() {
        server.write(put(1, "a"));
        Operation lost = server.begin(new Request.Write(put(1, "b")));
        server.history.answered(lost, new CommandResult.PutResult(3, Optional.empty()), 9);

        assertThatThrownBy(server::check).hasMessageContaining("acknowledged write lost");
    }

    @Test
    void aTransactionThatTookTheWrongBranchIsSeen() {
        Op.Txn txn = new Op.Txn(
                List.of(Compare.value(key(1), Compare.Result.EQUAL, Bytes.utf8("a"))),
                List.of(put(1, "b")),
                List.of(put(1, "c")));
        Operation operation = server.begin(new Request.Write(txn));
        CommandResult wrong = server.apply(put(1, "b"));
        server.history.answered(
                operation, new CommandResult.TxnResult(2, true, List.of((CommandResult.PutResult) wrong)), server.now);

        assertThatThrownBy(server::check).hasMessageContaining("linearizability");
    }

    @Test
    void aLeaseThatEndsBeforeItsTimeIsSeen() {
        server.leases.granting(LEASE, 10);
        server.leases.renewed(LEASE, 1, 2);
        server.write(put(1, "a").withLease(LEASE));
        server.now = 9_000_000_000L;
        server.apply(new Command.LeaseRevoke(LEASE));

        assertThatThrownBy(server::check).hasMessageContaining("ended early");
    }

    @Test
    void aLeaseThatEndsAfterItsTimeIsNoViolation() {
        server.leases.granting(LEASE, 10);
        server.leases.renewed(LEASE, 1, 2);
        server.write(put(1, "a").withLease(LEASE));
        server.now = 10_100_000_000L;
        server.apply(new Command.LeaseRevoke(LEASE));

        assertThatCode(server::check).doesNotThrowAnyException();
    }

    @Test
    void aReadOfWhatIsCompactedIsRefusedAndOnlyThat() {
        server.write(put(1, "a"));
        server.write(put(1, "b"));
        Operation compaction = server.begin(new Request.Write(new Command.Compact(3)));
        server.history.answered(compaction, new CommandResult.CompactResult(3), ++server.now);
        Operation refused = server.begin(new Request.Read(RangeQuery.key(key(1)).withRevision(2)));
        server.history.answered(refused, new RangeResult.Refused(Refusal.COMPACTED), 3, ++server.now);
        assertThatCode(server::check).doesNotThrowAnyException();
        Operation wrong = server.begin(new Request.Read(RangeQuery.key(key(1)).withRevision(3)));
        server.history.answered(wrong, new RangeResult.Refused(Refusal.COMPACTED), 3, ++server.now);

        assertThatThrownBy(server::check).hasMessageContaining("refused without a reason");
    }

    @Test
    void membersThatPartAreSeen() {
        StateHashes hashes = new StateHashes();
        hashes.applied("a", 5, 1);
        hashes.applied("b", 5, 1);

        assertThatThrownBy(() -> hashes.applied("c", 5, 2)).hasMessageContaining("determinism");
        server.write(put(1, "a"));
        Event other = Event.of(new KeyValue(key(1), Bytes.utf8("x"), 2, 2, 0, 1, 0));
        assertThatThrownBy(() -> server.chronicle.applied("b", List.of(other), 9))
                .hasMessageContaining("state machine safety");
    }

    @Test
    void answersAreCounted() {
        server.write(put(1, "a"));
        server.read(RangeQuery.key(key(1)));
        server.begin(new Request.Write(put(1, "b")));

        assertThat(server.history.answers()).isEqualTo(2);
        assertThat(server.history.operations()).hasSize(3);
    }
}
