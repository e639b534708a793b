package io.metcd.store.etcd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.metcd.base.Bytes;
import io.metcd.base.RandomSource;
import io.metcd.store.Limits;
import io.metcd.store.Root;
import io.metcd.store.Store;
import io.metcd.store.alarm.Alarm;
import io.metcd.store.auth.AuthState;
import io.metcd.store.auth.Permission;
import io.metcd.store.auth.Role;
import io.metcd.store.auth.User;
import io.metcd.store.bolt.BoltDamage;
import io.metcd.store.bolt.BoltWriter;
import io.metcd.store.bolt.Bucket;
import io.metcd.store.bolt.Bucket.Entry;
import io.metcd.store.bolt.MemoryImage;
import io.metcd.store.command.Command;
import io.metcd.store.command.Envelope;
import io.metcd.store.command.Op;
import io.metcd.store.index.OrderedMap;
import io.metcd.store.keyspace.Chronicle;
import io.metcd.store.keyspace.KeyspaceHash;
import io.metcd.store.keyspace.RevisionHash;
import io.metcd.store.kv.EtcdForm;
import io.metcd.store.kv.KeyRange;
import io.metcd.store.kv.KeyValue;
import io.metcd.store.lease.LeaseState;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;

class EtcdFileTest {
    private static final int HASH_BYTES = 32;

    private long index;

    /** contract: maint.snapshot.3 */
    @Test
    void aSnapshotOfEtcdIsReadAsItStands() throws IOException {
        Root root = read(Arrays.copyOf(snapshotOfEtcd(), snapshotOfEtcd().length - HASH_BYTES));

        assertThat(root.revision()).isEqualTo(209);
        assertThat(root.compactRevision()).isEqualTo(6);
        assertThat(root.keyspace().live().size()).isEqualTo(207);
        assertThat(root.leases()).containsExactly(new LeaseState(-5, 600), new LeaseState(7587, 600));
        assertThat(root.leaseKeys(7587)).containsExactly(Bytes.utf8("l"));
        assertThat(root.alarms().list()).containsExactly(new Alarm(77, Alarm.Kind.NOSPACE));
        assertThat(root.keyspace().get(Bytes.utf8("big")).value().size()).isEqualTo(9000);
        assertThat(root.keyspace().get(Bytes.utf8("a"), 207).isTombstone()).isTrue();
        assertThat(root.keyspace().get(Bytes.utf8("a")).createRevision()).isEqualTo(208);
        // As the etcd said that made it.
        assertThat(hash(root, 209)).isEqualTo(new RevisionHash(1682870529, 209, 6));
        assertThat(hash(root, 100)).isEqualTo(new RevisionHash(126440514, 100, 6));
    }

    /** contract: maint.snapshot.3 */
    @Test
    void nothingIsLostOnTheWayToEtcdAndBack() throws IOException {
        Root root = state(3000, 1700);

        Root back = read(write(root));

        assertThat(records(back)).isEqualTo(records(root));
        assertThat(back.leases())
                .isEqualTo(root.leases())
                .containsExactly(new LeaseState(-7, 60), new LeaseState(7, 600, 450));
        assertThat(back.leaseKeys(7)).isEqualTo(root.leaseKeys(7)).isNotEmpty();
        assertThat(back.alarms().list()).isEqualTo(root.alarms().list());
        assertThat(hash(back, back.revision())).isEqualTo(hash(root, root.revision()));
        assertThat(back.dbSize()).isEqualTo(root.dbSize());
    }

    /** contract: maint.snapshot.3 */
    @Test
    void anEmptyStateAndOneThatIsCompactedToItsEndComeBack() throws IOException {
        for (Root root : List.of(new Store(Limits.defaults()).root(), state(10, 0), state(10, 11), state(10, 12))) {
            Root back = read(write(root));

            assertThat(back.revision()).isEqualTo(root.revision());
            assertThat(back.compactRevision()).isEqualTo(root.compactRevision());
            assertThat(records(back)).isEqualTo(records(root));
        }
    }

    /** contract: maint.snapshot.1 */
    @Test
    void whatIsSentIsTheFileInPiecesAndItsHash() throws NoSuchAlgorithmException {
        EtcdPieces pieces = new EtcdPieces(new EtcdFile(state(2000, 900)));
        while (pieces.prepare(100)) {
            assertThat(pieces.hasNext()).isTrue();
        }
        long size = pieces.remaining();
        MessageDigest digest = MessageDigest.getInstance("SHA-256");
        Bytes last = Bytes.EMPTY;
        long sent = 0;
        while (pieces.hasNext()) {
            digest.update(last.toArray());
            last = pieces.next();
            sent += last.size();
            assertThat(last.size()).isLessThanOrEqualTo(32 << 10);
            assertThat(pieces.remaining()).isEqualTo(Math.max(0, size - sent));
        }

        assertThat(sent % 512).isEqualTo(32);
        assertThat(last).isEqualTo(Bytes.wrap(digest.digest()));
    }

    /** What etcd has scheduled to forget and not erased yet is not there for anyone. */
    @Test
    void aCompactionThatEtcdHasNotFinishedIsFinished() throws IOException {
        Root root = state(30, 0);
        List<Entry> keys = new ArrayList<>();
        records(root).forEach(kv -> keys.add(new Entry(EtcdForm.key(kv), EtcdForm.value(kv))));

        Root back = read(file(keys, "scheduledCompactRev", EtcdForm.revision(20, 0), lease(7)));
        Root compacted = state(30, 20);

        assertThat(back.compactRevision()).isEqualTo(20);
        assertThat(records(back)).isEqualTo(records(compacted));
    }

    /** An older etcd erases the deletions at the compacted revision, and with them all that it did. */
    @Test
    void theCompactedRevisionMayHaveLeftNothing() throws IOException {
        List<Entry> keys = new ArrayList<>();
        KeyValue kv = new KeyValue(Bytes.utf8("a"), Bytes.utf8("1"), 2, 2, 0, 1, 0);
        keys.add(new Entry(EtcdForm.key(kv), EtcdForm.value(kv)));
        KeyValue later = new KeyValue(Bytes.utf8("b"), Bytes.utf8("1"), 5, 5, 0, 1, 0);
        keys.add(new Entry(EtcdForm.key(later), EtcdForm.value(later)));

        Root back = read(file(keys, "finishedCompactRev", EtcdForm.revision(4, 0)));

        assertThat(back.revision()).isEqualTo(5);
        assertThat(back.compactRevision()).isEqualTo(4);
        assertThat(records(back)).containsExactly(kv, later);
    }

    /** An operator who restores a snapshot may have etcd leave out revisions, so that watchers notice. */
    @Test
    void historyBeginsBehindRevisionsThatWereLeftOut() throws IOException {
        List<Entry> keys = new ArrayList<>();
        KeyValue kv = new KeyValue(Bytes.utf8("a"), Bytes.utf8("1"), 2, 2, 0, 1, 0);
        keys.add(new Entry(EtcdForm.key(kv), EtcdForm.value(kv)));
        keys.add(new Entry(EtcdForm.revision(1_000_002, 0), Bytes.EMPTY));

        Root back = read(file(keys, "scheduledCompactRev", EtcdForm.revision(1_000_002, 0)));

        assertThat(back.revision()).isEqualTo(1_000_002);
        assertThat(back.compactRevision()).isEqualTo(1_000_002);
        assertThat(records(back)).containsExactly(kv);
    }

    @Test
    void whatMakesNoSenseIsRefusedWithItsRecord() {
        KeyValue kv = new KeyValue(Bytes.utf8("a"), Bytes.utf8("1"), 2, 2, 0, 1, 0);
        Entry sound = new Entry(EtcdForm.key(kv), EtcdForm.value(kv));
        Entry other = new Entry(EtcdForm.revision(3, 0), EtcdForm.value(kv));
        KeyValue hanging = new KeyValue(Bytes.utf8("a"), Bytes.utf8("1"), 2, 2, 0, 1, 99);
        Entry leased = new Entry(EtcdForm.key(hanging), EtcdForm.value(hanging));

        assertThat(refusal(List.of(sound, other))).contains("a version that says it is of revision 2");
        assertThat(refusal(List.of(new Entry(EtcdForm.revision(4, 0), sound.value()))))
                .contains("revision 00000000000000045f0000000000000000: the revisions from 2 on are missing before it");
        assertThat(refusal(List.of(new Entry(sound.key(), Bytes.EMPTY)))).contains("a record of nothing");
        assertThat(refusal(List.of(leased))).contains("key a hangs on lease 63, which does not exist");
        assertThat(refusal(List.of(new Entry(Bytes.utf8("short"), Bytes.utf8("x")))))
                .contains("revision 73686f7274: a revision of another form");
        assertThatThrownBy(() -> read(new byte[10_000])).isInstanceOf(BoltDamage.class);
        BoltWriter foreign = new BoltWriter(List.of(Bucket.of("other", List.of())));
        assertThat(foreign.layOut(1000)).isFalse();
        assertThatThrownBy(() -> read(bytes(foreign))).hasMessageContaining("none of etcd");
    }

    /** contract: maint.snapshot.3 */
    @Test
    void usersAndRolesComeBackAsTheyWere() throws IOException {
        Role reader = new Role("reader", List.of())
                .with(new Permission(Permission.READ, KeyRange.prefix(Bytes.utf8("a/"))))
                .with(new Permission(Permission.READWRITE, KeyRange.single(Bytes.utf8("b"))))
                .with(new Permission(Permission.WRITE, KeyRange.from(Bytes.utf8("c"))));
        AuthState auth = AuthState.OFF
                .with(reader)
                .with(new Role("none", List.of()))
                .with(new User("root", new User.Credential("$2a$10$abc", false, 0), List.of("root")))
                .with(new User("\uD83D\uDE00", new User.Credential("", true, 0), List.of("none", "reader")))
                .with(new User("\uFF5E", new User.Credential("$2a$10$def", false, 0), List.of()))
                .with(new AuthState.Switch(true, 9, 0));

        AuthState back = read(write(with(state(10, 0), auth))).auth();

        assertThat(back.users()).isEqualTo(auth.users());
        assertThat(back.roles()).isEqualTo(auth.roles());
        assertThat(back.state()).isEqualTo(auth.state());
        assertThat(back.bytes()).isEqualTo(auth.bytes());
        assertThat(read(write(state(10, 0))).auth().state()).isEqualTo(AuthState.OFF.state());
    }

    /** As etcd's proto files number the fields. */
    @Test
    void aUserOfEtcdIsReadFieldByField() {
        EtcdAuth.Reader reader = new EtcdAuth.Reader(Limits.defaults().users());
        reader.addUser(
                Bytes.utf8("al"), Bytes.utf8("\n\u0002al\u0012\u0003xyz\u001a\u0001s\u001a\u0001r\"\u0002\b\u0000"));
        reader.addRole(Bytes.utf8("r"), Bytes.utf8("\n\u0001r\u0012\b\b\u0002\u0012\u0001k\u001a\u0001l"));

        assertThat(reader.result().users())
                .containsExactly(new User("al", new User.Credential("xyz", false, 0), List.of("r", "s")));
        assertThat(reader.result().roles())
                .containsExactly(new Role(
                        "r",
                        List.of(new Permission(Permission.READWRITE, new KeyRange(Bytes.utf8("k"), Bytes.utf8("l"))))));
    }

    @Test
    void usersThatMakeNoSenseOrAreTooManyAreRefused() {
        EtcdAuth.Reader reader = new EtcdAuth.Reader(new Limits.Users(2, 1, 1, 1000, 1));
        Bytes user = new ProtoWriter().bytes(2, Bytes.utf8("hash")).toBytes();
        Bytes empty = new ProtoWriter().message(2, Bytes.EMPTY).toBytes();

        assertThatThrownBy(() -> reader.addUser(Bytes.of(0xff), user)).hasMessageContaining("a name that is no text");
        assertThatThrownBy(() -> reader.addRole(Bytes.utf8("r"), empty))
                .hasMessageContaining("a permission that cannot be granted: revoke it in etcd");
        assertThatThrownBy(() -> reader.addSetting(EtcdAuth.ENABLED, Bytes.of(7)))
                .hasMessageContaining("neither 0");
        reader.addUser(Bytes.utf8("a"), user);
        reader.addUser(Bytes.utf8("b"), user);
        assertThatThrownBy(() -> reader.addUser(Bytes.utf8("c"), user)).hasMessageContaining("more than 2");
    }

    private static Root with(Root root, AuthState auth) {
        return new Root(
                root.position(),
                root.keyspace(),
                root.leaseTable(),
                root.sessions(),
                OrderedMap.empty(Long::compareUnsigned),
                root.alarms(),
                auth);
    }

    /** contract: maint.snapshot.4 */
    @Test
    void flippedBytesAndCutFilesEndInAnErrorOrAState() throws IOException {
        byte[] whole = snapshotOfEtcd();
        RandomSource random = RandomSource.seeded(7);
        int refused = 0;
        for (int i = 0; i < 1500; i++) {
            byte[] file = Arrays.copyOf(whole, i % 4 == 0 ? random.nextInt(whole.length) : whole.length);
            int page = random.nextInt(Math.max(1, file.length / 4096));
            for (int flips = random.nextInt(4); flips > 0 && file.length > 4096; flips--) {
                int at = i % 2 == 0 ? random.nextInt(file.length) : page * 4096 + random.nextInt(96);
                file[at] = (byte) random.nextInt(256);
            }
            MemoryImage image = new MemoryImage(file);
            try {
                EtcdImport.read(image, Limits.defaults());
            } catch (BoltDamage damage) {
                refused++;
            }
            assertThat(image.bytesRead()).isLessThan(4L * whole.length);
        }
        assertThat(refused).isGreaterThan(400);
    }

    /** contract: maint.hash.2 */
    @Test
    void theHashOfAFileIsThatOfItsContentButNotOfItsPlaceInTheLog() {
        Root root = state(100, 40);
        Store later = Store.at(root, Limits.defaults());
        later.skip(root.appliedIndex() + 1, root.appliedTerm());

        assertThat(fileHash(root)).isNotZero().isEqualTo(fileHash(later.root()));
        assertThat(fileHash(state(101, 40))).isNotEqualTo(fileHash(root));
    }

    private static int fileHash(Root root) {
        FileHash hash = new FileHash(root);
        while (hash.advance(10)) {
            assertThat(hash).isNotNull();
        }
        return hash.value();
    }

    private static byte[] snapshotOfEtcd() throws IOException {
        try (InputStream in = EtcdFileTest.class.getResourceAsStream("/etcd/etcd-3.6.14.snapshot.gz")) {
            return new GZIPInputStream(Objects.requireNonNull(in)).readAllBytes();
        }
    }

    /** Puts, deletions, transactions, leases, an alarm and a compaction, unless that is at 0. */
    private Root state(int puts, long compacted) {
        Store store = new Store(Limits.defaults());
        index = 0;
        apply(store, new Command.LeaseGrant(7, 600));
        apply(store, new Command.LeaseGrant(-7, 60));
        apply(store, new Command.LeaseCheckpoint(1, List.of(new Command.LeaseCheckpoint.Remainder(7, 450))));
        for (int i = 0; i < puts; i++) {
            Bytes key = Bytes.utf8("key" + i * 31 % 97);
            if (i % 13 == 5) {
                apply(store, new Op.DeleteRange(KeyRange.single(Bytes.utf8("key" + (i - 1) * 31 % 97)), false));
            } else if (i % 29 == 7) {
                Op.Put one = Op.Put.of(key, Bytes.utf8("one"));
                apply(store, new Op.Txn(List.of(), List.of(one, Op.Put.of(Bytes.utf8("t"), one.value())), List.of()));
            } else {
                apply(store, Op.Put.of(key, Bytes.utf8("v".repeat(i % 101))).withLease(i % 5 == 0 ? 7 : 0));
            }
        }
        apply(store, new Command.AlarmRaise(new Alarm(-1, Alarm.Kind.CORRUPT)));
        apply(store, new Command.AlarmClear(new Alarm(-1, Alarm.Kind.CORRUPT)));
        if (compacted > 0) {
            apply(store, new Command.Compact(compacted));
        }
        apply(store, new Command.AlarmRaise(new Alarm(5, Alarm.Kind.NOSPACE)));
        return store.root();
    }

    private void apply(Store store, Command command) {
        store.apply(++index, 1, Envelope.of(command).encode());
    }

    private static List<KeyValue> records(Root root) {
        Chronicle chronicle = new Chronicle(root.keyspace());
        assertThat(chronicle.prepare(Integer.MAX_VALUE)).isLessThan(Integer.MAX_VALUE);
        List<KeyValue> records = new ArrayList<>();
        for (; chronicle.isValid(); chronicle.next()) {
            records.add(chronicle.record());
        }
        return records;
    }

    private static RevisionHash hash(Root root, long revision) {
        KeyspaceHash hash = KeyspaceHash.at(root.keyspace(), revision);
        assertThat(hash.advance(Integer.MAX_VALUE)).isFalse();
        return hash.value();
    }

    private static byte[] write(Root root) {
        EtcdFile file = new EtcdFile(root);
        while (file.prepare(500)) {
            assertThat(file).isNotNull();
        }
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (var pages = file.next(); pages.isPresent(); pages = file.next()) {
            out.writeBytes(pages.get().toArray());
        }
        return out.toByteArray();
    }

    private static byte[] bytes(BoltWriter writer) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (var pages = writer.next(); pages.isPresent(); pages = writer.next()) {
            out.writeBytes(pages.get().toArray());
        }
        return out.toByteArray();
    }

    private static Root read(byte[] file) throws IOException {
        return EtcdImport.read(new MemoryImage(file), Limits.defaults());
    }

    private static Entry lease(long id) {
        return new Entry(
                EtcdBuckets.u64(id),
                new ProtoWriter().number(1, id).number(2, 60).toBytes());
    }

    private static byte[] file(List<Entry> keys, String meta, Bytes value, Entry... leases) {
        BoltWriter writer = new BoltWriter(List.of(
                Bucket.of("key", keys),
                Bucket.of("lease", List.of(leases)),
                Bucket.of("meta", List.of(new Entry(Bytes.utf8(meta), value)))));
        assertThat(writer.layOut(Integer.MAX_VALUE)).isFalse();
        return bytes(writer);
    }

    private static String refusal(List<Entry> keys) {
        try {
            read(file(keys, "term", EtcdBuckets.u64(1)));
            return "nothing";
        } catch (IOException damage) {
            return String.valueOf(damage.getMessage());
        }
    }
}
