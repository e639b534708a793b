package io.metcd.store.etcd;

import io.metcd.base.ByteReader;
import io.metcd.base.ByteReader.Malformed;
import io.metcd.base.Bytes;
import io.metcd.store.Limits;
import io.metcd.store.Root;
import io.metcd.store.alarm.Alarm;
import io.metcd.store.alarm.Alarms;
import io.metcd.store.auth.AuthState;
import io.metcd.store.bolt.BoltDamage;
import io.metcd.store.bolt.BoltReader;
import io.metcd.store.index.OrderedMap;
import io.metcd.store.keyspace.Keyspace;
import io.metcd.store.kv.KeyValue;
import io.metcd.store.lease.LeaseState;
import io.metcd.store.lease.Leases;
import io.metcd.store.lease.LeasesEditor;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * Reads a state from a file of etcd: every key with all revisions that it keeps, leases, alarms, users and roles.
 * Members are not taken over. Reads the file twice, and holds what becomes part of the state.
 */
public final class EtcdImport {
    private static final int META_RECORDS_MAX = 1000;

    /** The buckets that become part of the state. */
    private static final List<Bytes> TAKEN = Stream.of(
                    EtcdBuckets.KEY,
                    EtcdBuckets.META,
                    EtcdBuckets.LEASE,
                    EtcdBuckets.ALARM,
                    EtcdBuckets.AUTH,
                    EtcdBuckets.USERS,
                    EtcdBuckets.ROLES)
            .map(Bytes::utf8)
            .toList();

    private final BoltReader.Image image;
    private final Limits limits;
    private final Map<Bytes, Bytes> meta = new TreeMap<>();
    private final LeasesEditor leases = Leases.EMPTY.edit();
    private Alarms alarms = Alarms.NONE;

    private EtcdImport(BoltReader.Image image, Limits limits) {
        this.image = image;
        this.limits = limits;
    }

    /**
     * The state in a file.
     *
     * @throws BoltDamage whose text follows "the file FILE: "
     */
    public static Root read(BoltReader.Image image, Limits limits) throws IOException {
        return new EtcdImport(image, limits).read();
    }

    private Root read() throws IOException {
        BoltReader file = new BoltReader(image);
        Bytes keys = Bytes.utf8(EtcdBuckets.KEY);
        if (!file.buckets().contains(keys) || !file.read(Bytes.utf8(EtcdBuckets.META), this::addMeta)) {
            throw new BoltDamage("it is a bbolt file, but none of etcd: it has no buckets 'key' and 'meta'");
        }
        file.read(Bytes.utf8(EtcdBuckets.LEASE), (key, value) -> told("lease " + key.toHex(), () -> addLease(value)));
        file.read(Bytes.utf8(EtcdBuckets.ALARM), (key, value) -> told("alarm " + key.toHex(), () -> addAlarm(key)));
        AuthState auth = auth(file);
        EtcdKeys.Survey survey = new EtcdKeys.Survey(
                Math.max(compacted(EtcdBuckets.SCHEDULED_COMPACT), compacted(EtcdBuckets.FINISHED_COMPACT)),
                compacted(EtcdBuckets.FINISHED_COMPACT));
        file.read(keys, (key, value) -> told("revision " + key.toHex(), () -> survey.add(key, value)));
        EtcdKeys history = new EtcdKeys(survey);
        new BoltReader(image)
                .read(keys, (key, value) -> told("revision " + key.toHex(), () -> history.add(key, value)));
        for (Bytes other : file.buckets()) {
            if (!TAKEN.contains(other)) {
                file.read(other, (key, value) -> {}); // damage anywhere makes the whole doubtful
            }
        }
        Keyspace[] built = new Keyspace[1];
        told("bucket 'key'", () -> {
            built[0] = history.build();
            attach(built[0]);
        });
        Root.Position position =
                new Root.Position(Math.max(1, number("consistent_index")), Math.max(1, number("term")), 0);
        return new Root(
                position,
                built[0],
                leases.freeze(),
                OrderedMap.empty(Long::compareUnsigned),
                OrderedMap.empty(Long::compareUnsigned),
                alarms,
                auth);
    }

    private AuthState auth(BoltReader file) throws IOException {
        EtcdAuth.Reader auth = new EtcdAuth.Reader(limits.users());
        file.read(Bytes.utf8(EtcdBuckets.AUTH), (key, value) -> told("auth " + key, () -> auth.addSetting(key, value)));
        file.read(Bytes.utf8(EtcdBuckets.ROLES), (key, value) -> told("role " + key, () -> auth.addRole(key, value)));
        file.read(Bytes.utf8(EtcdBuckets.USERS), (key, value) -> told("user " + key, () -> auth.addUser(key, value)));
        return auth.result();
    }

    /** What makes no sense, with the record it stands in. */
    private static void told(String where, Runnable step) throws BoltDamage {
        try {
            step.run();
        } catch (Malformed malformed) {
            throw new BoltDamage(where + ": " + malformed.getMessage());
        }
    }

    private void addMeta(Bytes key, Bytes value) throws BoltDamage {
        if (meta.size() >= META_RECORDS_MAX) {
            throw new BoltDamage("bucket 'meta' has more than " + META_RECORDS_MAX + " records");
        }
        meta.put(key.compact(), value.compact());
    }

    private void addLease(Bytes value) {
        ProtoReader in = new ProtoReader(value);
        long id = 0;
        long ttl = 0;
        long remainder = 0;
        for (int field = in.next(); field != 0; field = in.next()) {
            switch (field) {
                case 1 -> id = in.number();
                case 2 -> ttl = in.number();
                case 3 -> remainder = in.number();
                default -> in.skip();
            }
        }
        require(id != 0 && !leases.contains(id), "a lease twice, or without an id");
        require(ttl > 0 && ttl <= limits.leaseTtlSecondsMax(), "a lease for " + ttl + " seconds");
        require(remainder >= 0 && remainder <= ttl, "a lease for " + ttl + " seconds with " + remainder + " left");
        leases.grant(new LeaseState(id, ttl, remainder));
    }

    private void addAlarm(Bytes key) {
        ProtoReader in = new ProtoReader(key);
        long member = 0;
        long kind = 0;
        for (int field = in.next(); field != 0; field = in.next()) {
            switch (field) {
                case 1 -> member = in.number();
                case 2 -> kind = in.number();
                default -> in.skip();
            }
        }
        Optional<Alarm.Kind> known = kind < 0 || kind > 100 ? Optional.empty() : Alarm.Kind.of((int) kind);
        require(known.isPresent(), "an alarm of kind " + kind);
        alarms = alarms.with(new Alarm(member, known.orElseThrow()));
        require(alarms.size() <= limits.alarmsMax(), "more than " + limits.alarmsMax() + " alarms");
    }

    /** Which keys hang on which lease is not written: each key says it. */
    private void attach(Keyspace keyspace) {
        for (var key = keyspace.live().first(); key.isValid(); key.next()) {
            KeyValue kv = key.value().newest();
            require(
                    kv.lease() == 0 || leases.contains(kv.lease()),
                    "key " + kv.key() + " hangs on lease " + Long.toHexString(kv.lease())
                            + ", which does not exist: put it anew in etcd, and save another snapshot");
            leases.move(kv.key(), 0, kv.lease());
        }
    }

    /** A compaction that was begun has been acknowledged; what it has not erased yet is passed over. */
    private long compacted(Bytes name) throws BoltDamage {
        long[] revision = {-1};
        Bytes value = meta.getOrDefault(name, Bytes.EMPTY);
        if (!value.isEmpty()) {
            told(name.toUtf8(), () -> revision[0] = EtcdKeys.revision(value));
        }
        return revision[0];
    }

    private long number(String name) throws BoltDamage {
        Bytes value = meta.getOrDefault(Bytes.utf8(name), Bytes.EMPTY);
        if (value.isEmpty()) {
            return 0;
        }
        if (value.size() != Long.BYTES || value.at(0) < 0) {
            throw new BoltDamage("bucket 'meta': " + name + " is " + value.toHex());
        }
        return new ByteReader(value).u64();
    }

    static void require(boolean sound, String fault) {
        if (!sound) {
            throw new Malformed(fault);
        }
    }
}
