import com.google.common.util.concurrent.ListenableFuture;
import com.google.protobuf.ByteString;
import com.ibm.etcd.api.Event;
import com.ibm.etcd.api.RangeRequest.SortOrder;
import com.ibm.etcd.api.RangeRequest.SortTarget;
import com.ibm.etcd.api.RangeResponse;
import com.ibm.etcd.api.TxnResponse;
import com.ibm.etcd.client.EtcdClient;
import com.ibm.etcd.client.kv.KvClient;
import com.ibm.etcd.client.kv.WatchUpdate;
import com.ibm.etcd.client.lease.PersistentLease;
import com.ibm.etcd.client.utils.RangeCache;
import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** com.ibm.etcd:etcd-java, unchanged, through member a. The lines it prints are told in ../README.md. */
final class EtcdJava {
    private static final long SECONDS = 10;
    private static final BufferedReader ANSWERS = new BufferedReader(new InputStreamReader(System.in));

    /** What holds, or throws. */
    private interface Row {
        void run() throws Exception;
    }

    private final EtcdClient etcd;
    private final EtcdClient other;

    private EtcdJava(String a, String b) {
        etcd = client(a);
        other = client(b);
    }

    public static void main(String[] endpoints) throws Exception {
        System.out.println("version " + version());
        EtcdJava script = new EtcdJava(endpoints[0], endpoints[1]);
        Map<String, Row> rows = new LinkedHashMap<>();
        rows.put("put, get, delete", script::keys);
        rows.put("ranges", script::ranges);
        rows.put("transactions", script::transactions);
        rows.put("leases: grant, keep-alive, revoke", script::leases);
        rows.put("locks", script::locks);
        rows.put("watch: history, live", script::watch);
        rows.put("a cache of a range", script::cache);
        rows.put("watch after a restart of its member", script::restart);
        rows.put("errors in etcd's words", script::refusals);
        for (Map.Entry<String, Row> row : rows.entrySet()) {
            row.getValue().run();
            System.out.println("ok " + row.getKey());
        }
        System.exit(0);
    }

    /** As its jar is called. */
    private static String version() {
        Matcher jar = Pattern.compile("etcd-java-([0-9.]+)\\.jar").matcher(System.getProperty("java.class.path"));
        return jar.find() ? jar.group(1) : "unknown";
    }

    private void keys() {
        KvClient kv = etcd.getKvClient();
        kv.put(bytes("ibm/kv/1"), bytes("first")).sync();
        equal(bytes("first"), kv.put(bytes("ibm/kv/1"), bytes("second")).prevKv().sync().getPrevKv().getValue());
        RangeResponse found = kv.get(bytes("ibm/kv/1")).sync();
        equal(bytes("second"), found.getKvs(0).getValue());
        equal(2L, found.getKvs(0).getVersion());
        equal(0, kv.get(bytes("ibm/kv/missing")).sync().getKvsCount());
        equal(bytes("second"), kv.delete(bytes("ibm/kv/1")).prevKv().sync().getPrevKvs(0).getValue());
        equal(0L, kv.delete(bytes("ibm/kv/1")).sync().getDeleted());
    }

    private void ranges() {
        KvClient kv = etcd.getKvClient();
        ByteString prefix = bytes("ibm/range/");
        for (String key : List.of("1", "2", "3")) {
            kv.put(bytes("ibm/range/" + key), bytes("v" + key)).sync();
        }
        long revision = kv.put(bytes("ibm/range/3"), bytes("later")).sync().getHeader().getRevision();
        RangeResponse first = kv.get(prefix).asPrefix().limit(1).sync();
        equal(3L, first.getCount());
        equal(true, first.getMore());
        RangeResponse old = kv.get(prefix).asPrefix().revision(revision - 1).sync();
        equal(bytes("v3"), old.getKvs(2).getValue());
        RangeResponse descending = kv.get(prefix).asPrefix().sorted(SortTarget.KEY, SortOrder.DESCEND).keysOnly().sync();
        equal(bytes("ibm/range/3"), descending.getKvs(0).getKey());
        equal(3L, kv.get(prefix).asPrefix().countOnly().serializable().sync().getCount());
        equal(1, kv.get(prefix).asPrefix().minModRevision(revision).sync().getKvsCount());
        equal(3L, kv.delete(prefix).asPrefix().sync().getDeleted());
    }

    private void transactions() {
        equal(true, create().getSucceeded());
        TxnResponse second = create();
        equal(false, second.getSucceeded());
        equal(bytes("mine"), second.getResponses(0).getResponseRange().getKvs(0).getValue());
    }

    private TxnResponse create() {
        KvClient kv = etcd.getKvClient();
        ByteString key = bytes("ibm/txn");
        return kv.txnIf()
                .notExists(key)
                .then()
                .put(kv.put(key, bytes("mine")).asRequest())
                .elseDo()
                .get(kv.get(key).asRequest())
                .sync();
    }

    private void leases() throws Exception {
        ByteString key = bytes("ibm/lease");
        long id = etcd.getLeaseClient().grant(30).sync().getID();
        etcd.getKvClient().put(key, bytes("v"), id).sync();
        equal(30L, now(etcd.getLeaseClient().keepAliveOnce(id)).getTTL());
        equal(30L, now(etcd.getLeaseClient().ttl(id, true)).getGrantedTTL());
        equal(key, now(etcd.getLeaseClient().ttl(id, true)).getKeys(0));
        now(etcd.getLeaseClient().revoke(id));
        equal(0, etcd.getKvClient().get(key).sync().getKvsCount());
        try (PersistentLease kept = etcd.getLeaseClient().maintain().minTtl(3).start()) {
            equal(true, kept.get(SECONDS, TimeUnit.SECONDS) != 0);
            equal(PersistentLease.LeaseState.ACTIVE, kept.getState());
        }
    }

    private void locks() throws Exception {
        ByteString name = bytes("ibm/lock");
        long mine = etcd.getLeaseClient().grant(30).sync().getID();
        long theirs = other.getLeaseClient().grant(30).sync().getID();
        ByteString key = etcd.getLockClient().lock(name).withLease(mine).sync().getKey();
        ListenableFuture<?> waiting = other.getLockClient().lock(name).withLease(theirs).async();
        other.getKvClient().get(name).sync();
        equal(false, waiting.isDone());
        etcd.getLockClient().unlock(key).sync();
        now(waiting);
        now(other.getLeaseClient().revoke(theirs));
    }

    private void watch() throws Exception {
        ByteString key = bytes("ibm/watch");
        long revision = other.getKvClient().put(key, bytes("history")).sync().getHeader().getRevision();
        Events events = new Events();
        try (KvClient.Watch watch =
                etcd.getKvClient().watch(key).startRevision(revision).prevKv().start(events)) {
            equal(true, now(watch));
            equal("PUT history", events.next());
            other.getKvClient().put(key, bytes("live")).sync();
            equal("PUT live", events.next());
            other.getKvClient().delete(key).sync();
            equal("DELETE ", events.next());
        }
    }

    /** A list and a watch in one, as this client offers it. */
    private void cache() throws Exception {
        ByteString prefix = bytes("ibm/cache/");
        other.getKvClient().put(bytes("ibm/cache/1"), bytes("first")).sync();
        BlockingQueue<String> heard = new LinkedBlockingQueue<>();
        try (RangeCache cache = new RangeCache(etcd, prefix, false)) {
            cache.addListener((type, kv) ->
                    heard.add(kv == null ? type.name() : type + " " + kv.getKey().toStringUtf8()));
            equal(true, now(cache.start()));
            equal(bytes("first"), cache.get(bytes("ibm/cache/1")).getValue());
            other.getKvClient().put(bytes("ibm/cache/2"), bytes("second")).sync();
            await(heard, "UPDATED ibm/cache/2");
            equal(bytes("second"), cache.get(bytes("ibm/cache/2")).getValue());
            other.getKvClient().delete(bytes("ibm/cache/1")).sync();
            await(heard, "DELETED ibm/cache/1");
            equal(true, cache.get(bytes("ibm/cache/1")) == null);
        }
    }

    /** This client watches on by itself from where it was. */
    private void restart() throws Exception {
        ByteString key = bytes("ibm/restart");
        Events events = new Events();
        try (KvClient.Watch watch = etcd.getKvClient().watch(key).start(events)) {
            equal(true, now(watch));
            other.getKvClient().put(key, bytes("before")).sync();
            equal("PUT before", events.next());
            wish("stop a");
            other.getKvClient().put(key, bytes("meanwhile")).sync();
            wish("boot a");
            equal("PUT meanwhile", events.next());
            other.getKvClient().put(key, bytes("after")).sync();
            equal("PUT after", events.next());
        }
    }

    private void refusals() {
        KvClient kv = etcd.getKvClient();
        refused(Status.Code.INVALID_ARGUMENT, "etcdserver: key is not provided", () -> kv.put(bytes(""), bytes("v")).sync());
        refused(
                Status.Code.NOT_FOUND,
                "etcdserver: requested lease not found",
                () -> kv.put(bytes("ibm/x"), bytes("v"), 1234).sync());
        refused(
                Status.Code.OUT_OF_RANGE,
                "etcdserver: mvcc: required revision is a future revision",
                () -> kv.get(bytes("ibm/x")).revision(1_000_000_000).sync());
    }

    private static void refused(Status.Code code, String text, Callable<?> call) {
        try {
            call.call();
        } catch (Exception failure) {
            equal(code, Status.fromThrowable(failure).getCode());
            equal(text, Status.fromThrowable(failure).getDescription());
            return;
        }
        throw new IllegalStateException("not refused: " + text);
    }

    /** Events as they come, one text each. */
    private static final class Events implements StreamObserver<WatchUpdate> {
        private final BlockingQueue<String> seen = new LinkedBlockingQueue<>();

        @Override
        public void onNext(WatchUpdate update) {
            for (Event event : update.getEvents()) {
                seen.add(event.getType() + " " + event.getKv().getValue().toStringUtf8());
            }
        }

        @Override
        public void onError(Throwable failure) {
            seen.add("failed: " + failure);
        }

        @Override
        public void onCompleted() {
            seen.add("completed");
        }

        String next() throws InterruptedException {
            return Objects.requireNonNullElse(seen.poll(2 * SECONDS, TimeUnit.SECONDS), "nothing");
        }
    }

    private static EtcdClient client(String endpoint) {
        return EtcdClient.forEndpoints("http://" + endpoint).withPlainText().build();
    }

    private static void wish(String line) throws Exception {
        System.out.println(line);
        equal("done", ANSWERS.readLine());
    }

    /** What came before it is of no interest. */
    private static void await(BlockingQueue<String> heard, String expected) throws InterruptedException {
        String next;
        do {
            next = Objects.requireNonNullElse(heard.poll(SECONDS, TimeUnit.SECONDS), "nothing");
        } while (!next.equals(expected) && !next.equals("nothing"));
        equal(expected, next);
    }

    private static <T> T now(ListenableFuture<T> future) throws Exception {
        return future.get(SECONDS, TimeUnit.SECONDS);
    }

    private static void equal(Object expected, Object actual) {
        if (!expected.equals(actual)) {
            throw new IllegalStateException("expected " + expected + ", but was " + actual);
        }
    }

    private static ByteString bytes(String text) {
        return ByteString.copyFromUtf8(text);
    }
}
