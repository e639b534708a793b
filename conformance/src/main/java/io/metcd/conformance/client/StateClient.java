package io.metcd.conformance.client;

import java.io.IOException;
import java.time.Duration;
import java.util.List;

/** Changes a member's state in every way that its hash is over, and asks for that hash; for one thread. */
public final class StateClient implements AutoCloseable {
    private static final Duration LIMIT = Duration.ofSeconds(30);

    private final GrpcConnection connection;

    private StateClient(GrpcConnection connection) {
        this.connection = connection;
    }

    /**
     * What a member says of its keys.
     *
     * @param hash over all that is stored up to the revision
     * @param compactRevision the compaction it was taken under
     */
    public record Hash(long hash, long revision, long compactRevision) {}

    public static StateClient open(String endpoint) throws IOException {
        return new StateClient(GrpcConnection.open(endpoint, LIMIT));
    }

    public void put(String key, byte[] value, long lease) throws IOException {
        call("KV/Put", new Message().put(1, key).put(2, value).put(3, lease));
    }

    /** Deletes all keys from one up to another. */
    public void delete(String from, String end) throws IOException {
        call("KV/DeleteRange", new Message().put(1, from).put(2, end));
    }

    /** Puts some keys and deletes another, in one revision. */
    public void txn(List<String> puts, String deleted) throws IOException {
        Message txn = new Message();
        for (String key : puts) {
            Message put = new Message().put(1, key).put(2, "of a transaction");
            txn.put(2, new Message().put(2, put.encode()).encode());
        }
        Message delete = new Message().put(1, deleted);
        call("KV/Txn", txn.put(2, new Message().put(3, delete.encode()).encode()));
    }

    public void grant(long lease, long seconds) throws IOException {
        call("Lease/LeaseGrant", new Message().put(1, seconds).put(2, lease));
    }

    public void revoke(long lease) throws IOException {
        call("Lease/LeaseRevoke", new Message().put(1, lease));
    }

    /** Returns when what is compacted is gone. */
    public void compact(long revision) throws IOException {
        call("KV/Compact", new Message().put(1, revision).put(2, 1));
    }

    /** Up to a revision; 0 for the newest. */
    public Hash hash(long revision) throws IOException {
        Message answer = call("Maintenance/HashKV", new Message().put(1, revision));
        // Older than 3.6, an etcd says only at which revision it is.
        long hashed = answer.number(4) == 0 ? answer.message(1).number(3) : answer.number(4);
        return new Hash(answer.number(2), hashed, answer.number(3));
    }

    /** Over all that the member's file would hold. */
    public long fileHash() throws IOException {
        return call("Maintenance/Hash", new Message()).number(2);
    }

    /** How many keys there are, by a linearizable read. */
    public long count() throws IOException {
        return call("KV/Range", new Message().put(1, "\0").put(2, "\0").put(9, 1))
                .number(4);
    }

    @Override
    public void close() {
        connection.close();
    }

    private Message call(String method, Message request) throws IOException {
        return Message.decode(connection.call("/etcdserverpb." + method, request.encode(), LIMIT));
    }
}
