package io.metcd.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.metcd.base.ByteReader;
import io.metcd.base.ByteReader.Malformed;
import io.metcd.base.ByteWriter;
import io.metcd.base.Bytes;
import io.metcd.base.RandomSource;
import io.metcd.store.auth.Caller;
import io.metcd.store.command.Checks;
import io.metcd.store.command.Command;
import io.metcd.store.command.Envelope;
import io.metcd.store.command.Op;
import io.metcd.store.kv.KeyRange;
import io.metcd.store.kv.RangeQuery;
import io.metcd.store.snapshot.SnapshotReader;
import io.metcd.store.snapshot.SnapshotWriter;
import io.metcd.testkit.Property;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.LongStream;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;

class SnapshotTest {
    private static final Limits LIMITS = Limits.defaults().withScrubRevisionsPerApply(1);

    @Test
    void anEmptyStoreComesBackEmpty() {
        Root root = read(chunks(Root.EMPTY, LIMITS), LIMITS);

        assertThat(root.revision()).isEqualTo(1);
        assertThat(root.compactRevision()).isEqualTo(-1);
        assertThat(root.position()).isEqualTo(Root.EMPTY.position());
    }

    @Test
    void aStoreGoesOnFromItsSnapshotAsIfNothingHadHappened() {
        Property.check(150, SnapshotTest::entries, SnapshotTest::restartsAnywhere);
    }

    /** At a third and at two thirds of the entries a second store is replaced by what its snapshot holds. */
    private static void restartsAnywhere(List<Bytes> entries) {
        Store steady = new Store(LIMITS);
        Store restarted = new Store(LIMITS);
        for (int i = 0; i < entries.size(); i++) {
            Applied applied = steady.apply(i + 1, 1, entries.get(i));
            assertThat(restarted.apply(i + 1, 1, entries.get(i))).isEqualTo(applied);
            if (i == entries.size() / 3 || i == 2 * entries.size() / 3) {
                Limits limits = LIMITS.withSnapshotChunkBytes(30 + i % 50);
                List<Bytes> chunks = chunks(restarted.root(), limits);
                Root root = read(chunks, limits);
                assertSame(root, steady.root());
                assertThat(chunks(root, limits)).isEqualTo(chunks);
                restarted = Store.at(root, LIMITS);
            }
        }
        assertSame(restarted.root(), steady.root());
    }

    private static void assertSame(Root one, Root other) {
        assertThat(one.position()).isEqualTo(other.position());
        assertThat(one.revision()).isEqualTo(other.revision());
        assertThat(one.compactRevision()).isEqualTo(other.compactRevision());
        assertThat(one.dbSize()).isEqualTo(other.dbSize());
        assertThat(one.leases()).isEqualTo(other.leases());
        assertThat(one.members()).isEqualTo(other.members());
        one.leases().forEach(lease -> assertThat(one.leaseKeys(lease.id())).isEqualTo(other.leaseKeys(lease.id())));
        for (long revision = Math.max(1, one.compactRevision()); revision <= one.revision(); revision++) {
            RangeQuery all = RangeQuery.of(KeyRange.ALL).withRevision(revision);
            assertThat(one.range(all)).isEqualTo(other.range(all));
            if (revision > 1) {
                assertThat(one.keyspace().changes().from(revision).value().kvs())
                        .isEqualTo(other.keyspace()
                                .changes()
                                .from(revision)
                                .value()
                                .kvs());
            }
        }
    }

    @Test
    void membersWithTheSameStateWriteTheSameBytesHoweverFarTheyHaveScrubbed() {
        Property.check(40, SnapshotTest::entries, entries -> {
            Store one = new Store(LIMITS);
            Store other = new Store(LIMITS.withScrubRevisionsPerApply(1000));
            for (int i = 0; i < entries.size(); i++) {
                one.apply(i + 1, 1, entries.get(i));
                other.apply(i + 1, 1, entries.get(i));
                other.root();
            }

            assertThat(chunks(one.root(), LIMITS)).isEqualTo(chunks(other.root(), LIMITS));
        });
    }

    @Test
    void chunksAreTheSameInWhateverOrderOneAsks() {
        Property.check(30, random -> {
            Root root = store(entries(random)).root();
            Limits limits = LIMITS.withSnapshotChunkBytes(20 + random.nextInt(100));
            List<Bytes> chunks = chunks(root, limits);
            SnapshotWriter writer = new SnapshotWriter(root, limits);
            for (int i = 0; i < 50; i++) {
                int number = random.nextInt(chunks.size());
                assertThat(writer.chunk(number)).contains(chunks.get(number));
            }
            assertThat(writer.chunk(chunks.size())).isEmpty();
        });
    }

    @Test
    void aValueLargerThanAChunkIsCut() {
        Store store = new Store(LIMITS);
        Bytes large = RandomSource.seeded(1).bytes(3 << 20);
        store.apply(1, 1, Envelope.of(Op.Put.of(Bytes.utf8("k"), large)).encode());

        List<Bytes> chunks = chunks(store.root(), LIMITS);

        assertThat(chunks).hasSize(13).allMatch(chunk -> chunk.size() <= 256 << 10);
        assertThat(read(chunks, LIMITS).range(RangeQuery.key(Bytes.utf8("k"))))
                .isEqualTo(store.root().range(RangeQuery.key(Bytes.utf8("k"))));
    }

    @Test
    void aFlippedBitIsRefused() {
        List<Bytes> chunks = chunks(store(entries(RandomSource.seeded(5))).root(), LIMITS.withSnapshotChunkBytes(100));
        for (int number = 0; number < chunks.size(); number++) {
            for (int bit = 0; bit < 8 * chunks.get(number).size(); bit += 5) {
                List<Bytes> damaged = new ArrayList<>(chunks);
                damaged.set(number, flipped(chunks.get(number), bit));

                assertThatThrownBy(() -> read(damaged, LIMITS)).isInstanceOf(Malformed.class);
            }
        }
    }

    @Test
    void aChunkTooFewTooManyOrOutOfPlaceIsRefused() {
        List<Bytes> chunks = chunks(store(entries(RandomSource.seeded(6))).root(), LIMITS.withSnapshotChunkBytes(100));
        SnapshotReader reader = new SnapshotReader(LIMITS);
        SnapshotReader complete = new SnapshotReader(LIMITS);
        chunks.forEach(complete::accept);

        assertThat(reader.accept(chunks.get(0))).isFalse();
        assertThat(reader.nextChunk()).isEqualTo(1);
        assertThatThrownBy(() -> reader.accept(chunks.get(2))).isInstanceOf(Malformed.class);
        assertThatThrownBy(() -> complete.accept(chunks.get(0))).isInstanceOf(Malformed.class);
        assertThatThrownBy(() -> new SnapshotReader(LIMITS).accept(chunks.get(0).slice(0, 12)))
                .isInstanceOf(Malformed.class);
    }

    @Test
    void nonsenseWithAValidChecksumIsRefusedAsMalformed() {
        Property.check(300, random -> {
            List<Bytes> chunks = new ArrayList<>(chunks(store(entries(random)).root(), LIMITS));
            int number = random.nextInt(chunks.size());
            Bytes sound = chunks.get(number);
            byte[] bytes = sound.toArray();
            for (int i = 1 + random.nextInt(3); i > 0; i--) {
                bytes[random.nextInt(bytes.length - 4)] = (byte) random.nextLong();
            }
            chunks.set(number, signed(bytes));

            Optional<Malformed> refused = Optional.empty();
            try {
                read(chunks, LIMITS);
            } catch (Malformed e) {
                refused = Optional.of(e);
            }

            assertThat(refused.isPresent()).isNotEqualTo(signed(bytes).equals(sound));
        });
    }

    private static Bytes signed(byte[] bytes) {
        CRC32C crc = new CRC32C();
        crc.update(bytes, 0, bytes.length - 4);
        return new ByteWriter()
                .raw(Bytes.wrap(bytes, 0, bytes.length - 4))
                .u32((int) crc.getValue())
                .toBytes();
    }

    private static Bytes flipped(Bytes bytes, int bit) {
        byte[] array = bytes.toArray();
        array[bit / 8] ^= (byte) (1 << (bit % 8));
        return Bytes.wrap(array);
    }

    private static List<Bytes> chunks(Root root, Limits limits) {
        SnapshotWriter writer = new SnapshotWriter(root, limits);
        List<Bytes> chunks = new ArrayList<>();
        for (Optional<Bytes> chunk = writer.chunk(0); chunk.isPresent(); chunk = writer.chunk(chunks.size())) {
            chunks.add(chunk.get());
        }
        return chunks;
    }

    private static Root read(List<Bytes> chunks, Limits limits) {
        SnapshotReader reader = new SnapshotReader(limits);
        boolean last = false;
        for (Bytes chunk : chunks) {
            last = reader.accept(chunk);
        }
        if (!last) {
            throw new ByteReader.Malformed("no last chunk");
        }
        return reader.root();
    }

    private static Store store(List<Bytes> entries) {
        Store store = new Store(LIMITS);
        for (int i = 0; i < entries.size(); i++) {
            store.apply(i + 1, 1, entries.get(i));
        }
        return store;
    }

    /** Commands of several members, some of them given twice or out of order. */
    private static List<Bytes> entries(RandomSource random) {
        List<Bytes> entries = new ArrayList<>();
        for (Command command : RandomSteps.commands(random, 60)) {
            if (Checks.command(command, 128).isEmpty()) {
                long sequence = Math.max(1, entries.size() + random.between(-3, 200));
                Envelope.Origin origin = new Envelope.Origin(random.nextInt(3), random.nextInt(2), sequence);
                entries.add(new Envelope(origin, Caller.TRUSTED, command).encode());
            }
        }
        entries.add(Envelope.of(new Command.MemberDescribe(-7, "n", List.of("http://p"), List.of("http://c", "x")))
                .encode());
        entries.add(entries.size() / 2, Envelope.of(checkpoint()).encode());
        entries.add(Envelope.of(new Command.MemberBind(-7, random.bytes(16), 3)).encode());
        return entries;
    }

    /** Of the leases that there are likely to be. */
    private static Command checkpoint() {
        return new Command.LeaseCheckpoint(
                1,
                LongStream.rangeClosed(1, 3)
                        .mapToObj(lease -> new Command.LeaseCheckpoint.Remainder(lease, 4))
                        .toList());
    }
}
