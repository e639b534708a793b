package io.metcd.store;

import static io.metcd.store.TestClient.bytes;
import static org.assertj.core.api.Assertions.assertThat;

import io.metcd.store.command.Command;
import io.metcd.store.command.Op;
import io.metcd.store.keyspace.Chronicle;
import io.metcd.store.keyspace.KeyspaceHash;
import io.metcd.store.keyspace.RevisionHash;
import io.metcd.store.kv.EtcdForm;
import io.metcd.store.kv.KeyRange;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Every number here was answered by etcd 3.6.14 after the same requests. */
class KeyspaceHashTest {
    private final TestClient client = new TestClient();

    @Test
    void hashesAreThoseOfEtcdAtEveryRevision() { // contract: maint.hash.1
        assertHash(1, 1084519789L, -1);
        assertHash(-5, 1084519789L, -1);

        writeToRevisionSeven();

        assertHash(2, 2587454935L, -1);
        assertHash(3, 2496657716L, -1);
        assertHash(4, 212127664L, -1);
        assertHash(5, 4116922218L, -1);
        assertHash(6, 1345045808L, -1);
        assertHash(7, 1039581859L, -1);
    }

    @Test
    void hashesAreThoseOfEtcdAcrossCompactions() { // contract: maint.hash.1
        writeToRevisionSeven();
        compact(6);

        assertKept(6, 1345045808L, -1);
        assertHash(7, 1177160494L, 6);

        client.put("a", "back");
        client.delete(KeyRange.single(bytes("t2")));
        client.run(new Command.LeaseRevoke(7587));

        assertHash(8, 3467262425L, 6);
        assertHash(9, 1228658296L, 6);
        assertHash(10, 914402408L, 6);

        compact(9);

        assertKept(6, 1345045808L, -1);
        assertKept(9, 1228658296L, 6);
        assertHash(10, 1894061277L, 9);
    }

    /** Where nothing is left, etcd counts what it has not erased yet, and its two ways to a hash part. */
    @Test
    void hashesAreThoseOfEtcdWhereNothingIsLeft() { // contract: maint.hash.1
        writeToRevisionSeven();
        compact(6);
        client.put("a", "back");
        client.delete(KeyRange.single(bytes("t2")));
        client.run(new Command.LeaseRevoke(7587));
        compact(9);
        client.delete(KeyRange.ALL);
        client.put("z", "1");
        client.delete(KeyRange.ALL);

        assertHash(11, 2186840107L, 9);
        assertHash(12, 1540546645L, 9);
        assertHash(13, 2555912762L, 9);

        compact(11);

        assertKept(11, 2055754098L, 9);
        assertHash(12, 3615936642L, 11);
        assertHash(13, 2660710121L, 11);

        compact(13);

        assertKept(13, 2660710121L, 11);
        assertHash(13, 1084519789L, 13);

        client.put("q", "1");
        assertHash(14, 949306999L, 13);

        compact(14);
        client.delete(KeyRange.ALL);

        assertKept(14, 949306999L, 13);
        assertHash(15, 2592796058L, 14);
    }

    @Test
    void theLastTenCompactionsAreRemembered() { // contract: maint.hash.1
        for (int revision = 2; revision < 14; revision++) {
            client.put("a", "v" + revision);
            compact(revision);
        }

        assertThat(client.root().keyspace().compactionHash(3)).isEmpty();
        assertThat(client.root().keyspace().compactionHash(4)).isPresent();
        assertThat(client.root().keyspace().compactionHash(13)).isPresent();
    }

    @Test
    void compactionsFasterThanTheirHashesCostNoMoreThanFourOldStates() {
        for (int revision = 2; revision < 9; revision++) {
            client.put("a", "v" + revision);
            client.run(new Command.Compact(revision));
        }

        assertThat(client.root().keyspace().awaitsCompactionHash(5)).isTrue();
        assertThat(client.root().keyspace().awaitsCompactionHash(6)).isFalse();
        assertThat(client.root().isScrubbed()).isFalse();
    }

    @Test
    void aLargeKeyspaceIsHashedInSlices() {
        for (int i = 0; i < 5000; i++) {
            client.put("key" + (i * 7919 % 5000), "v");
        }
        compact(4900);
        client.delete(KeyRange.single(bytes("key7")));

        KeyspaceHash whole = KeyspaceHash.at(client.root().keyspace(), 5002);
        assertThat(whole.advance(Integer.MAX_VALUE)).isFalse();
        KeyspaceHash sliced = KeyspaceHash.at(client.root().keyspace(), 5002);
        int slices = 1;
        while (sliced.advance(100)) {
            slices++;
        }

        assertThat(sliced.value()).isEqualTo(whole.value());
        assertThat(slices).isBetween(100, 110);
    }

    @Test
    void aChronicleTellsEverythingInTheOrderOfRevisions() {
        for (int i = 0; i < 5000; i++) {
            client.put("key" + (i * 7919 % 5000), "v");
        }
        client.put("key1", "again");
        client.delete(KeyRange.single(bytes("key2")));
        compact(5001);

        Chronicle chronicle = new Chronicle(client.root().keyspace());
        while (chronicle.prepare(1000) == 1000) {
            assertThat(chronicle).isNotNull();
        }
        List<Long> revisions = new ArrayList<>();
        for (; chronicle.isValid(); chronicle.next()) {
            revisions.add(chronicle.record().modRevision());
            assertThat(EtcdForm.valueBytes(chronicle.record()))
                    .isEqualTo(EtcdForm.value(chronicle.record()).size());
        }

        assertThat(revisions).hasSize(5002).isSorted();
        for (int walk = 0; walk < 2; walk++) {
            chronicle.rewind();
            for (int i = 0; i < (walk == 0 ? 2000 : revisions.size()); i++) {
                assertThat(chronicle.record().modRevision()).isEqualTo(revisions.get(i));
                chronicle.next();
            }
        }
    }

    private void writeToRevisionSeven() {
        client.put("a", "1");
        client.put("b", "");
        client.grant(7587);
        client.grant(-5);
        client.put("l", "leased", 7587);
        client.put("n", "neg", -5);
        client.txn(
                put("t1", "x"), put("t2", "y"), new Op.DeleteRange(KeyRange.single(bytes("a")), false), put("t3", "z"));
        client.put("b", "again");
    }

    private static Op put(String key, String value) {
        return Op.Put.of(bytes(key), bytes(value));
    }

    private void compact(long revision) {
        client.run(new Command.Compact(revision));
        while (client.store.scrub(10)) {
            assertThat(client.root().isScrubbed()).isFalse();
        }
    }

    private void assertHash(long revision, long hash, long compactRevision) {
        KeyspaceHash asked = KeyspaceHash.at(client.root().keyspace(), revision);
        while (asked.advance(3)) {
            assertThat(asked).isNotNull();
        }
        assertThat(asked.value()).isEqualTo(new RevisionHash((int) hash, revision, compactRevision));
    }

    private void assertKept(long revision, long hash, long compactRevision) {
        assertThat(client.root().keyspace().compactionHash(revision))
                .contains(new RevisionHash((int) hash, revision, compactRevision));
    }
}
