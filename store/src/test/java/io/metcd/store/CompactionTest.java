package io.metcd.store;

import static io.metcd.store.TestClient.bytes;
import static org.assertj.core.api.Assertions.assertThat;

import io.metcd.store.command.Command;
import io.metcd.store.command.CommandResult;
import io.metcd.store.kv.KeyRange;
import io.metcd.store.kv.RangeQuery;
import io.metcd.store.kv.Refusal;
import org.junit.jupiter.api.Test;

class CompactionTest {
    private static final RangeQuery ALL = RangeQuery.of(KeyRange.ALL);

    private final TestClient client = new TestClient();

    @Test
    void compactingAtTheCurrentRevisionKeepsWhatLives() { // contract: kv.compact.1, mvcc.revision.3
        client.put("a", "1");
        client.put("a", "2");
        client.put("b", "3");

        CommandResult result = client.run(new Command.Compact(4));

        assertThat(result).isEqualTo(new CommandResult.CompactResult(4));
        assertThat(client.keys()).containsExactly("a", "b");
        assertThat(client.keys(ALL.withRevision(4))).containsExactly("a", "b");
        assertThat(client.root().revision()).isEqualTo(4);
    }

    @Test
    void compactingTwiceOrAheadIsRefused() { // contract: kv.compact.2
        client.put("a", "1");
        client.run(new Command.Compact(2));

        client.assertRefused(new Command.Compact(2), Refusal.COMPACTED);
        client.assertRefused(new Command.Compact(1), Refusal.COMPACTED);
        client.assertRefused(new Command.Compact(1000), Refusal.FUTURE_REVISION);
    }

    @Test
    void compactingAtZeroWorksOnce() { // contract: kv.compact.2
        assertThat(client.run(new Command.Compact(0))).isEqualTo(new CommandResult.CompactResult(1));

        client.assertRefused(new Command.Compact(0), Refusal.COMPACTED);
    }

    @Test
    void theRevisionDoesNotFallBackIfTheNewestChangeIsADeletion() { // contract: kv.compact.5
        client.put("a", "1");
        client.delete(KeyRange.ALL);
        client.run(new Command.Compact(3));
        client.store.scrub(100);

        assertThat(client.root().revision()).isEqualTo(3);
        assertThat(client.root().isScrubbed()).isTrue();
        assertThat(client.put("a", "2")).isEqualTo(4);
    }

    @Test
    void memoryIsFreedInStepsThatNobodyNotices() { // contract: kv.compact.4
        for (int i = 0; i < 100; i++) {
            client.put("a" + i % 7, "v" + i);
        }
        client.store.root();
        client.run(new Command.Compact(90));
        var before = client.range(ALL.withRevision(90));
        long size = client.root().dbSize();

        int steps = 0;
        while (client.store.scrub(1)) {
            steps++;
            assertThat(client.range(ALL.withRevision(90))).isEqualTo(before);
            assertThat(client.root().dbSize()).isEqualTo(size);
        }

        // The entry that compacted has paid for the first 64 revisions, the first of which with changes is 2.
        assertThat(steps).isBetween(20, 26);
        assertThat(client.root().isScrubbed()).isTrue();
        assertThat(client.root().keyspace().changes().first().key()).isEqualTo(90);
        assertThat(client.root().keyspace().changesOf(bytes("a0"), 90, 100)).hasSize(2);
    }

    @Test
    void nothingIsLeftOfKeysThatWereDeletedBefore() {
        client.put("a", "1");
        client.put("a", "2");
        client.delete(KeyRange.ALL);
        client.put("b", "3");
        client.run(new Command.Compact(5));
        client.store.scrub(100);

        assertThat(client.root().keyspace().graves().isEmpty()).isTrue();
        assertThat(client.root().keyspace().changes().size()).isEqualTo(1);
        assertThat(client.root().dbSize()).isEqualTo(258);
    }
}
