package io.metcd.conformance.client;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Puts and ranges through one member; for one thread. */
public final class KvClient implements AutoCloseable {
    private static final int PAGE = 5_000;

    private final GrpcConnection connection;
    private final Duration limit;

    private KvClient(GrpcConnection connection, Duration limit) {
        this.connection = connection;
        this.limit = limit;
    }

    /** One key as it is stored. */
    public record Stored(String key, String value, long version, long modRevision) {}

    /** Connects to host:port; {@code limit} holds for this and for every call. */
    public static KvClient open(String endpoint, Duration limit) throws IOException {
        return new KvClient(GrpcConnection.open(endpoint, limit), limit);
    }

    /** Returns the revision of the put. */
    public long put(String key, String value) throws IOException {
        byte[] request = new Message().put(1, key).put(2, value).encode();
        return revision(Message.decode(connection.call("/etcdserverpb.KV/Put", request, limit)));
    }

    /** All keys that start with {@code prefix}, as of one revision, in order; linearizable. */
    public List<Stored> list(String prefix) throws IOException {
        String end = endOf(prefix);
        List<Stored> found = new ArrayList<>();
        String from = prefix;
        long revision = 0;
        while (true) {
            Message request =
                    new Message().put(1, from).put(2, end).put(3, PAGE).put(4, revision);
            Message page = Message.decode(connection.call("/etcdserverpb.KV/Range", request.encode(), limit));
            page.messages(2).forEach(kv -> found.add(stored(kv)));
            if (page.number(3) == 0) {
                return found;
            }
            revision = revision == 0 ? revision(page) : revision;
            from = found.get(found.size() - 1).key() + "\0";
        }
    }

    /** How many keys start with {@code prefix}; linearizable. */
    public long count(String prefix) throws IOException {
        byte[] request =
                new Message().put(1, prefix).put(2, endOf(prefix)).put(9, 1).encode();
        return Message.decode(connection.call("/etcdserverpb.KV/Range", request, limit))
                .number(4);
    }

    /** The store's revision, by a linearizable read. */
    public long revision() throws IOException {
        byte[] request = new Message().put(1, "no such key").encode();
        return revision(Message.decode(connection.call("/etcdserverpb.KV/Range", request, limit)));
    }

    /** What etcd shows of its state: the revision and a hash over all keys up to it. */
    public String hashKv() throws IOException {
        byte[] request = new Message().put(1, 0).encode();
        Message hash = Message.decode(connection.call("/etcdserverpb.Maintenance/HashKV", request, limit));
        return revision(hash) + " " + Long.toHexString(hash.number(2));
    }

    public boolean isOpen() {
        return connection.isOpen();
    }

    @Override
    public void close() {
        connection.close();
    }

    private static String endOf(String prefix) {
        return prefix.substring(0, prefix.length() - 1) + (char) (prefix.charAt(prefix.length() - 1) + 1);
    }

    private static Stored stored(Message kv) {
        return new Stored(kv.text(1), kv.text(5), kv.number(4), kv.number(3));
    }

    private static long revision(Message answer) {
        return answer.message(1).number(3);
    }
}
