package io.metcd.mesh.gossip;

import static org.assertj.core.api.Assertions.assertThat;

import io.metcd.base.RandomSource;
import io.metcd.mesh.PeerId;
import io.metcd.mesh.topology.PeerRecord;
import io.metcd.mesh.wire.SignedRecord;
import io.metcd.testkit.Property;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class LinkStateDatabaseTest {
    private static final LinkStateDatabase.Ages AGES = new LinkStateDatabase.Ages(30, 60, 10_000);

    /** Few peers, few versions, and some with one age but different contents. */
    private static SignedRecord any(RandomSource random) {
        return new RecordsOf(random.nextInt(5))
                .record(random.nextInt(3), random.nextInt(4), "name" + random.nextInt(2));
    }

    private static List<SignedRecord> some(RandomSource random) {
        List<SignedRecord> records = new ArrayList<>();
        for (int i = random.nextInt(12); i >= 0; i--) {
            records.add(any(random));
        }
        return records;
    }

    private static LinkStateDatabase of(List<SignedRecord> records) {
        LinkStateDatabase database = new LinkStateDatabase();
        records.forEach(record -> database.merge(record, 0));
        return database;
    }

    private static List<SignedRecord> contents(LinkStateDatabase database) {
        List<SignedRecord> contents = new ArrayList<>();
        for (int i = 0; i < Digests.BUCKETS; i++) {
            contents.addAll(database.bucket(i));
        }
        return contents;
    }

    private static List<SignedRecord> joined(List<SignedRecord> one, List<SignedRecord> other) {
        List<SignedRecord> joined = new ArrayList<>(one);
        joined.addAll(other);
        return contents(of(joined));
    }

    @Test
    void mergeIsCommutativeAssociativeAndIdempotent() {
        Property.check(500, random -> {
            List<SignedRecord> a = some(random);
            List<SignedRecord> b = some(random);
            List<SignedRecord> c = some(random);

            assertThat(joined(a, b)).isEqualTo(joined(b, a));
            assertThat(joined(joined(a, b), c)).isEqualTo(joined(a, joined(b, c)));
            assertThat(joined(a, a)).isEqualTo(contents(of(a)));
        });
    }

    @Test
    void everyOrderOfArrivalEndsWithTheSameRecordsAndDigests() {
        Property.check(200, random -> {
            List<SignedRecord> records = some(random);
            List<SignedRecord> shuffled = new ArrayList<>(records);
            for (int i = shuffled.size() - 1; i > 0; i--) {
                Collections.swap(shuffled, i, random.nextInt(i + 1));
            }

            LinkStateDatabase one = of(records);
            LinkStateDatabase other = of(shuffled);

            assertThat(contents(one)).isEqualTo(contents(other));
            assertThat(one.digests().whole()).isEqualTo(other.digests().whole());
        });
    }

    @Test
    void mergeNeverGoesBack() {
        Property.check(200, random -> {
            LinkStateDatabase database = new LinkStateDatabase();
            for (SignedRecord record : some(random)) {
                SignedRecord before = database.get(record.record().id()).orElse(null);
                boolean taken = database.merge(record, 0);
                SignedRecord after = database.get(record.record().id()).orElseThrow();

                assertThat(taken).isEqualTo(!after.equals(before));
                assertThat(before == null || after.compareTo(before) >= 0).isTrue();
            }
        });
    }

    @Test
    void laterIncarnationWinsWhateverTheSequence() {
        RecordsOf peer = new RecordsOf(1);
        LinkStateDatabase database = of(List.of(peer.record(2, 1, "new life"), peer.record(1, 99, "ghost")));

        assertThat(database.get(peer.id()).orElseThrow().record().facts().name())
                .isEqualTo("new life");
    }

    @Test
    void recordOfUnreachablePeerFallsAsleepThenIsForgotten() {
        RecordsOf peer = new RecordsOf(1);
        LinkStateDatabase database = of(List.of(peer.record(1, 1, "gone")));
        long awake = database.digests().whole();

        database.sweep(Set.of(), AGES, 29);
        assertThat(database.digests().whole()).isEqualTo(awake);
        database.sweep(Set.of(), AGES, 30);
        assertThat(database.digests().whole()).isZero();
        assertThat(contents(database)).isEmpty();
        assertThat(database.get(peer.id())).isPresent();

        List<PeerRecord> forgotten = database.sweep(Set.of(), AGES, 60);
        assertThat(forgotten).extracting(PeerRecord::id).containsExactly(peer.id());
        assertThat(database.size()).isZero();
    }

    @Test
    void sleepingRecordWakesWhenItsPeerIsReachableAgain() {
        RecordsOf peer = new RecordsOf(1);
        LinkStateDatabase database = of(List.of(peer.record(1, 1, "back")));
        long awake = database.digests().whole();
        database.sweep(Set.of(), AGES, 40);

        database.sweep(Set.<PeerId>of(peer.id()), AGES, 50);

        assertThat(database.digests().whole()).isEqualTo(awake);
        database.sweep(Set.of(), AGES, 79);
        assertThat(database.digests().whole()).isEqualTo(awake);
    }

    @Test
    void recordThatIsNotRenewedIsForgottenEvenWhenReachable() {
        RecordsOf peer = new RecordsOf(1);
        LinkStateDatabase database = of(List.of(peer.record(1, 1, "silent")));

        database.sweep(Set.of(peer.id()), AGES, 10_000);

        assertThat(database.size()).isZero();
        assertThat(database.digests().whole()).isZero();
    }
}
