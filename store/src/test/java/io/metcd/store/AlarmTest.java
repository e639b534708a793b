package io.metcd.store;

import static io.metcd.store.TestClient.bytes;
import static io.metcd.store.TestClient.range;
import static org.assertj.core.api.Assertions.assertThat;

import io.metcd.base.Bytes;
import io.metcd.store.alarm.Alarm;
import io.metcd.store.command.Command;
import io.metcd.store.command.CommandResult;
import io.metcd.store.command.CommandResult.AlarmResult;
import io.metcd.store.command.Op;
import io.metcd.store.kv.RangeQuery;
import io.metcd.store.kv.Refusal;
import io.metcd.store.snapshot.SnapshotReader;
import io.metcd.store.snapshot.SnapshotWriter;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class AlarmTest {
    private static final Alarm FULL = new Alarm(7, Alarm.Kind.NOSPACE);
    private static final Alarm PARTED = new Alarm(-1, Alarm.Kind.CORRUPT);

    private final TestClient client = new TestClient();

    @Test
    void withoutSpaceWhatTakesSomeIsRefusedAndWhatFreesOrReadsIsNot() { // contract: quota.2
        client.run(Op.Put.of(bytes("a"), bytes("1")));
        client.run(new Command.LeaseGrant(5, 60));
        client.run(new Command.AlarmRaise(FULL));
        long revision = client.root().revision();

        assertThat(refusal(Op.Put.of(bytes("a"), bytes("2")))).contains(Refusal.NO_SPACE);
        assertThat(refusal(txn(List.of(), List.of(Op.Put.of(bytes("a"), bytes("2"))))))
                .contains(Refusal.NO_SPACE);
        assertThat(refusal(new Command.LeaseGrant(6, 60))).contains(Refusal.NO_SPACE);
        assertThat(client.root().revision()).isEqualTo(revision);
        assertThat(refusal(txn(List.of(read("a")), List.of()))).isEmpty();
        assertThat(refusal(txn(List.of(new Op.DeleteRange(range("a", ""), false)), List.of())))
                .isEmpty();
        assertThat(refusal(new Op.DeleteRange(range("b", ""), false))).isEmpty();
        assertThat(refusal(new Command.LeaseRevoke(5))).isEmpty();
        assertThat(refusal(new Command.Compact(revision))).isEmpty();
    }

    @Test
    void afterItIsClearedWritingGoesOn() { // contract: quota.3
        client.run(new Command.AlarmRaise(FULL));

        assertThat(((AlarmResult) client.run(new Command.AlarmClear(FULL))).alarms())
                .containsExactly(FULL);
        assertThat(refusal(Op.Put.of(bytes("a"), bytes("1")))).isEmpty();
    }

    @Test
    void anAlarmOfAnotherMemberStillStands() {
        client.run(new Command.AlarmRaise(FULL));
        client.run(new Command.AlarmRaise(new Alarm(8, Alarm.Kind.NOSPACE)));
        client.run(new Command.AlarmClear(FULL));

        assertThat(refusal(Op.Put.of(bytes("a"), bytes("1")))).contains(Refusal.NO_SPACE);
    }

    @Test
    void raisingTwiceIsRaisingOnceAndClearingWhatDoesNotStandHasNoEffect() { // contract: quota.4
        client.run(new Command.AlarmRaise(FULL));

        assertThat(((AlarmResult) client.run(new Command.AlarmRaise(FULL))).alarms())
                .containsExactly(FULL);
        assertThat(((AlarmResult) client.run(new Command.AlarmClear(PARTED))).alarms())
                .isEmpty();
        assertThat(client.root().alarms().list()).containsExactly(FULL);
    }

    @Test
    void whenStatesMayHavePartedNothingIsChanged() { // contract: quota.5
        client.run(Op.Put.of(bytes("a"), bytes("1")));
        client.run(new Command.LeaseGrant(5, 60));
        client.run(new Command.AlarmRaise(FULL));
        client.run(new Command.AlarmRaise(PARTED));

        assertThat(refusal(Op.Put.of(bytes("a"), bytes("2")))).contains(Refusal.CORRUPT);
        assertThat(refusal(new Op.DeleteRange(range("a", ""), false))).contains(Refusal.CORRUPT);
        assertThat(refusal(txn(List.of(read("a")), List.of()))).contains(Refusal.CORRUPT);
        assertThat(refusal(new Command.Compact(2))).contains(Refusal.CORRUPT);
        assertThat(refusal(new Command.LeaseGrant(6, 60))).contains(Refusal.CORRUPT);
        assertThat(refusal(new Command.LeaseRevoke(5))).contains(Refusal.CORRUPT);
        assertThat(refusal(new Command.LeaseRevokeExpired(5, 1))).contains(Refusal.CORRUPT);
    }

    @Test
    void alarmsAreInTheHashAndInASnapshot() {
        long before = client.root().stateHash();
        client.run(new Command.AlarmRaise(PARTED));
        client.run(new Command.AlarmRaise(FULL));
        Root root = client.root();
        SnapshotReader reader = new SnapshotReader(Limits.defaults());
        SnapshotWriter writer = new SnapshotWriter(root, Limits.defaults());
        for (Optional<Bytes> piece = writer.chunk(0); piece.isPresent(); ) {
            reader.accept(piece.get());
            piece = writer.chunk(reader.nextChunk());
        }

        assertThat(root.stateHash()).isNotEqualTo(before);
        assertThat(reader.root().alarms().list()).containsExactly(FULL, PARTED);
    }

    @Test
    void thereIsABoundToAlarms() {
        int most = Limits.defaults().alarmsMax();
        for (int member = 1; member <= most; member++) {
            client.run(new Command.AlarmRaise(new Alarm(member, Alarm.Kind.NOSPACE)));
        }

        assertThat(refusal(new Command.AlarmRaise(PARTED))).contains(Refusal.TOO_MANY_ALARMS);
        assertThat(refusal(new Command.AlarmRaise(FULL))).isEmpty();
        assertThat(client.root().alarms().size()).isEqualTo(most);
    }

    private Optional<Refusal> refusal(Command command) {
        return client.run(command) instanceof CommandResult.Refused refused
                ? Optional.of(refused.refusal())
                : Optional.empty();
    }

    private static Op.Txn txn(List<Op> success, List<Op> failure) {
        return new Op.Txn(List.of(), success, failure);
    }

    private static Op read(String key) {
        return new Op.Range(RangeQuery.of(range(key, "")));
    }
}
