package io.metcd.store;

import static io.metcd.store.TestClient.bytes;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.metcd.base.ByteReader.Malformed;
import io.metcd.base.Bytes;
import io.metcd.base.Invariants;
import io.metcd.base.RandomSource;
import io.metcd.store.auth.Caller;
import io.metcd.store.command.Command;
import io.metcd.store.command.CommandResult;
import io.metcd.store.command.Envelope;
import io.metcd.store.command.Envelope.Origin;
import io.metcd.store.command.MemberCommand;
import io.metcd.store.command.Op;
import io.metcd.store.kv.Refusal;
import io.metcd.testkit.Property;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The state machine as the log sees it: entries, proposals, members, the state hash. */
class StoreTest {
    private final TestClient client = new TestClient();

    private static Envelope put(Origin origin, String value) {
        return new Envelope(origin, Caller.TRUSTED, Op.Put.of(bytes("k"), bytes(value)));
    }

    @Test
    void aProposalThatComesTwiceTakesEffectOnce() { // contract: wire.retry.2, read.4
        Envelope envelope = put(new Origin(5, 1, 1), "v");

        Applied first = client.apply(envelope, 1);
        Applied second = client.apply(envelope, 2);

        assertThat(first.duplicate()).isFalse();
        assertThat(second.duplicate()).isTrue();
        assertThat(second.origin()).isEqualTo(new Origin(5, 1, 1));
        assertThat(second.result()).isEqualTo(new CommandResult.Refused(2, Refusal.DUPLICATE_PROPOSAL));
        assertThat(second.events()).isEmpty();
        assertThat(client.get("k"))
                .hasValueSatisfying(kv -> assertThat(kv.version()).isEqualTo(1));
    }

    @Test
    void aRefusedProposalIsRememberedToo() {
        Envelope unknownLease = new Envelope(new Origin(5, 1, 1), Caller.TRUSTED, new Command.LeaseRevoke(3));

        client.apply(unknownLease, 1);
        client.grant(3);

        assertThat(client.apply(unknownLease, 1).duplicate()).isTrue();
        assertThat(client.root().lease(3)).isPresent();
    }

    @Test
    void anEarlierLifeOfAMemberIsNotHeardAnyMore() {
        client.apply(put(new Origin(5, 2, 1), "new"), 1);

        Applied late = client.apply(put(new Origin(5, 1, 7), "old"), 1);

        assertThat(late.result()).isEqualTo(new CommandResult.Refused(2, Refusal.STALE_PROPOSAL));
        assertThat(late.duplicate()).isFalse();
        assertThat(client.get("k"))
                .hasValueSatisfying(kv -> assertThat(kv.value()).isEqualTo(bytes("new")));
    }

    @Test
    void whatARemovedMemberProposedIsVoid() { // contract: cluster.remove.1
        client.run(new Command.MemberDescribe(5, "a", List.of("http://a.mesh:2380"), List.of()));
        client.apply(put(new Origin(5, 1, 1), "v"), 1);
        client.run(new MemberCommand.Remove(5));

        CommandResult again = client.apply(put(new Origin(5, 1, 1), "v"), 1).result();
        CommandResult later = client.apply(put(new Origin(5, 2, 1), "v"), 1).result();

        assertThat(again).isEqualTo(new CommandResult.Refused(2, Refusal.STALE_PROPOSAL));
        assertThat(later).isEqualTo(new CommandResult.Refused(2, Refusal.STALE_PROPOSAL));
        assertThat(client.root().members()).isEmpty();
    }

    @Test
    void aMemberIsDescribedAndBoundIndependently() { // contract: cluster.list.1, cluster.list.2
        Bytes peer = Bytes.of(1, 2, 3);
        client.run(new Command.MemberBind(-1, peer, 4));
        client.run(new Command.MemberDescribe(-1, "b", List.of("p"), List.of("c")));
        client.run(new Command.MemberDescribe(5, "a", List.of(), List.of()));

        assertThat(client.root().members())
                .containsExactly(
                        new MemberState(5, "a", List.of(), List.of(), Bytes.EMPTY, 0),
                        new MemberState(-1, "b", List.of("p"), List.of("c"), peer, 4));
        client.assertRefused(new Command.MemberBind(-1, Bytes.of(9), 1), Refusal.MEMBER_BOUND);
        assertThat(client.run(new Command.MemberBind(-1, peer, 5))).isEqualTo(new CommandResult.Done(1));
        client.assertRefused(new MemberCommand.Remove(77), Refusal.MEMBER_NOT_FOUND);
    }

    @Test
    void entriesFollowEachOther() {
        Store store = new Store(Limits.defaults());
        Bytes entry = Envelope.of(new Command.Noop()).encode();
        store.skip(1, 1);

        assertThat(store.root().appliedIndex()).isEqualTo(1);
        assertThatThrownBy(() -> store.apply(3, 1, entry)).isInstanceOf(Invariants.Violation.class);
        assertThatThrownBy(() -> store.skip(1, 1)).isInstanceOf(Invariants.Violation.class);
        store.apply(2, 3, entry);
        assertThatThrownBy(() -> store.skip(3, 2)).isInstanceOf(Invariants.Violation.class);
        assertThat(store.root().appliedTerm()).isEqualTo(3);
    }

    @Test
    void anEntryThatCannotBeReadChangesNothing() {
        Store store = new Store(Limits.defaults());
        Root before = store.root();

        assertThatThrownBy(() -> store.apply(1, 1, Bytes.of(1, 2, 3))).isInstanceOf(Malformed.class);

        assertThat(store.root().position()).isEqualTo(before.position());
    }

    @Test
    void theSameEntriesGiveTheSameStateHashHoweverTheyAreCutIntoTurns() { // contract: mvcc.agree.1
        Property.check(50, random -> RandomSteps.commands(random, 60), commands -> {
            Store one = new Store(Limits.defaults());
            Store other = new Store(Limits.defaults().withScrubRevisionsPerApply(1));
            long index = 0;
            for (Command command : commands) {
                index++;
                Bytes entry = Envelope.of(checked(command)).encode();
                assertThat(one.apply(index, 1, entry)).isEqualTo(other.apply(index, 1, entry));
                if (index % 3 == 0) {
                    other.root();
                }
            }
            assertThat(one.root().stateHash()).isEqualTo(other.root().stateHash());
        });
    }

    private static Command checked(Command command) {
        return io.metcd.store.command.Checks.command(command, 128).isEmpty() ? command : new Command.Noop();
    }

    @Test
    void anyDifferenceShowsInTheStateHashFromThenOn() {
        List<Command> differences = List.of(
                Op.Put.of(bytes("k"), bytes("w")),
                Op.Put.of(bytes("l"), bytes("v")),
                new Command.LeaseGrant(3, 5),
                new Command.LeaseGrant(3, 6),
                new Command.LeaseRevoke(9),
                new Command.Compact(1),
                new Command.MemberDescribe(1, "a", List.of("b"), List.of()),
                new Command.MemberDescribe(1, "a", List.of(), List.of("b")),
                new Command.MemberBind(1, Bytes.of(1), 1),
                new Command.MemberBind(1, Bytes.of(1), 2),
                new MemberCommand.Remove(1),
                new Command.Noop());
        List<Long> hashes = new ArrayList<>();
        for (Command difference : differences) {
            TestClient other = new TestClient();
            other.run(difference);
            other.put("k", "v");
            hashes.add(other.root().stateHash());
        }

        assertThat(hashes).doesNotHaveDuplicates().hasSize(differences.size());
    }

    @Test
    void theStateHashTellsValuesApartByEachByte() {
        Bytes value = RandomSource.seeded(1).bytes(37);
        List<Long> hashes = new ArrayList<>();
        for (int i = 0; i < value.size(); i++) {
            byte[] changed = value.toArray();
            changed[i] ^= 1;
            TestClient other = new TestClient();
            other.run(Op.Put.of(bytes("k"), Bytes.wrap(changed)));
            hashes.add(other.root().stateHash());
        }

        assertThat(hashes).doesNotHaveDuplicates();
    }

    @Test
    void takingTheRootTwiceGivesTheSame() {
        client.put("k", "v");

        assertThat(client.root()).isSameAs(client.root());
    }
}
