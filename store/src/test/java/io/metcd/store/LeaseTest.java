package io.metcd.store;

import static io.metcd.store.TestClient.bytes;
import static org.assertj.core.api.Assertions.assertThat;

import io.metcd.store.command.Command;
import io.metcd.store.command.CommandResult;
import io.metcd.store.command.Envelope;
import io.metcd.store.kv.Event;
import io.metcd.store.kv.KeyRange;
import io.metcd.store.kv.Refusal;
import io.metcd.store.lease.LeaseState;
import java.util.List;
import org.junit.jupiter.api.Test;

class LeaseTest {
    private final TestClient client = new TestClient();

    @Test
    void aGrantDoesNotMoveTheRevisionAndCannotBeRepeated() { // contract: lease.grant.1, lease.grant.4, mvcc.revision.3
        CommandResult result = client.run(new Command.LeaseGrant(1, 60));

        assertThat(result).isEqualTo(new CommandResult.LeaseGrantResult(1, 1, 60));
        assertThat(client.root().lease(1)).contains(new LeaseState(1, 60));
        client.assertRefused(new Command.LeaseGrant(1, 60), Refusal.LEASE_EXISTS);
    }

    @Test
    void anyIdButZeroWorks() { // contract: lease.grant.1
        for (long id : new long[] {-1, Long.MIN_VALUE, Long.MAX_VALUE}) {
            client.grant(id);
            client.put("k" + id, "v", id);
        }

        assertThat(client.root().leases())
                .extracting(LeaseState::id)
                .containsExactly(Long.MIN_VALUE, -1L, Long.MAX_VALUE);
        client.run(new Command.LeaseRevoke(Long.MIN_VALUE));
        assertThat(client.keys()).hasSize(2);
        client.assertRefused(new Command.LeaseGrant(0, 60), Refusal.LEASE_NOT_FOUND);
    }

    @Test
    void aTimeTooLongIsRefused() { // contract: lease.grant.3
        client.assertRefused(new Command.LeaseGrant(1, 9_000_000_001L), Refusal.LEASE_TTL_TOO_LARGE);

        assertThat(client.run(new Command.LeaseGrant(1, 9_000_000_000L)))
                .isInstanceOf(CommandResult.LeaseGrantResult.class);
    }

    @Test
    void revokingAnUnknownLeaseIsRefused() { // contract: lease.revoke.2
        client.assertRefused(new Command.LeaseRevoke(5), Refusal.LEASE_NOT_FOUND);
    }

    @Test
    void revokingDeletesTheKeysInOrderInOneRevision() { // contract: lease.revoke.1, mvcc.revision.2
        client.grant(5);
        client.put("b", "1", 5);
        client.put("c", "1");
        client.put("a", "1", 5);
        client.events.clear();

        CommandResult result = client.run(new Command.LeaseRevoke(5));

        assertThat(result).isEqualTo(new CommandResult.LeaseRevokeResult(5, 5));
        assertThat(client.events).allMatch(event -> event.type() == Event.Type.DELETE && event.revision() == 5);
        assertThat(client.events).extracting(event -> event.kv().key().toUtf8()).containsExactly("a", "b");
        assertThat(client.keys()).containsExactly("c");
        assertThat(client.root().lease(5)).isEmpty();
    }

    @Test
    void revokingWithoutKeysDoesNotMoveTheRevision() { // contract: lease.revoke.1, mvcc.revision.3
        client.grant(5);

        assertThat(client.run(new Command.LeaseRevoke(5))).isEqualTo(new CommandResult.LeaseRevokeResult(1, 5));
        assertThat(client.root().revision()).isEqualTo(1);
    }

    @Test
    void aKeyBelongsToTheLeaseOfItsLastPut() { // contract: lease.key.1
        client.grant(1);
        client.grant(2);
        client.put("k", "v", 1);
        client.put("k", "v", 2);

        client.run(new Command.LeaseRevoke(1));
        assertThat(client.keys()).containsExactly("k");
        client.run(new Command.LeaseRevoke(2));
        assertThat(client.keys()).isEmpty();
    }

    @Test
    void aPutWithoutLeaseDetaches() { // contract: lease.key.2
        client.grant(1);
        client.put("k", "v", 1);
        client.put("k", "w");

        client.run(new Command.LeaseRevoke(1));

        assertThat(client.keys()).containsExactly("k");
    }

    @Test
    void deletingAKeyDetachesIt() { // contract: kv.delete.7
        client.grant(1);
        client.put("k", "v", 1);
        client.delete(KeyRange.ALL);
        client.put("k", "w");

        assertThat(client.root().leaseKeys(1)).isEmpty();
        client.run(new Command.LeaseRevoke(1));
        assertThat(client.keys()).containsExactly("k");
    }

    @Test
    void keysOfALeaseAreListedInOrder() { // contract: lease.ttl.1
        client.grant(1);
        client.grant(2);
        client.put("b", "v", 1);
        client.put("x", "v", 2);
        client.put("a", "v", 1);

        assertThat(client.root().leaseKeys(1)).containsExactly(bytes("a"), bytes("b"));
    }

    @Test
    void anExpiryDecidedInAnEarlierTermIsVoid() { // contract: lease.expire.2
        client.grant(1);
        client.put("k", "v", 1);
        Envelope expiry = Envelope.of(new Command.LeaseRevokeExpired(1, 2));

        CommandResult late = client.apply(expiry, 3).result();
        CommandResult early = client.apply(Envelope.of(new Command.LeaseRevokeExpired(1, 4)), 3)
                .result();
        CommandResult inTime = client.apply(Envelope.of(new Command.LeaseRevokeExpired(1, 3)), 3)
                .result();

        assertThat(late).isEqualTo(new CommandResult.Refused(2, Refusal.STALE_TERM));
        assertThat(early).isEqualTo(late);
        assertThat(inTime).isEqualTo(new CommandResult.LeaseRevokeResult(3, 1));
    }

    @Test
    void aCheckpointSaysWhatIsLeftUntilItIsTakenBack() { // contract: lease.expire.4
        client.grant(1);
        client.grant(2);
        long before = client.root().stateHash();

        client.run(checkpoint(1, 1, 7));

        assertThat(client.root().leases()).containsExactly(new LeaseState(1, 10, 7), new LeaseState(2, 10));
        assertThat(client.root().leases()).extracting(LeaseState::secondsLeft).containsExactly(7L, 10L);
        assertThat(client.root().stateHash()).isNotEqualTo(before);
        assertThat(client.root().revision()).isEqualTo(1);

        client.run(checkpoint(1, 1, 0));
        assertThat(client.root().lease(1)).contains(new LeaseState(1, 10));
    }

    @Test
    void aCheckpointOfAnEarlierTermOrOfALeaseThatIsGoneChangesNothing() { // contract: lease.expire.4
        client.grant(1);

        CommandResult unknown = client.run(checkpoint(1, 5, 7));
        CommandResult late = client.apply(Envelope.of(checkpoint(2, 1, 7)), 3).result();

        assertThat(late).isEqualTo(new CommandResult.Refused(1, Refusal.STALE_TERM));
        assertThat(unknown).isEqualTo(new CommandResult.Done(1));
        assertThat(client.root().leases()).containsExactly(new LeaseState(1, 10));
    }

    private static Command checkpoint(long term, long lease, long seconds) {
        return new Command.LeaseCheckpoint(term, List.of(new Command.LeaseCheckpoint.Remainder(lease, seconds)));
    }
}
