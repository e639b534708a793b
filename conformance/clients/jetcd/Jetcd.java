import static java.nio.charset.StandardCharsets.UTF_8;

import io.etcd.jetcd.Auth;
import io.etcd.jetcd.ByteSequence;
import io.etcd.jetcd.Client;
import io.etcd.jetcd.KV;
import io.etcd.jetcd.KeyValue;
import io.etcd.jetcd.Watch;
import io.etcd.jetcd.auth.Permission;
import io.etcd.jetcd.election.CampaignResponse;
import io.etcd.jetcd.kv.GetResponse;
import io.etcd.jetcd.kv.TxnResponse;
import io.etcd.jetcd.lease.LeaseKeepAliveResponse;
import io.etcd.jetcd.op.Cmp;
import io.etcd.jetcd.op.CmpTarget;
import io.etcd.jetcd.op.Op;
import io.etcd.jetcd.options.DeleteOption;
import io.etcd.jetcd.options.GetOption;
import io.etcd.jetcd.options.GetOption.SortOrder;
import io.etcd.jetcd.options.GetOption.SortTarget;
import io.etcd.jetcd.options.LeaseOption;
import io.etcd.jetcd.options.PutOption;
import io.etcd.jetcd.options.WatchOption;
import io.etcd.jetcd.support.CloseableClient;
import io.grpc.stub.StreamObserver;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** jetcd, unchanged, through member a. The lines it prints are told in ../README.md. */
final class Jetcd {
    private static final long SECONDS = 10;
    private static final BufferedReader ANSWERS = new BufferedReader(new InputStreamReader(System.in));

    /** What holds, or throws. */
    private interface Row {
        void run() throws Exception;
    }

    private final Client etcd;
    private final Client other;
    private final KV kv;

    private Jetcd(String a, String b) {
        etcd = Client.builder().endpoints("http://" + a).build();
        other = Client.builder().endpoints("http://" + b).build();
        kv = etcd.getKVClient();
    }

    public static void main(String[] endpoints) throws Exception {
        System.out.println("version " + version());
        Jetcd script = new Jetcd(endpoints[0], endpoints[1]);
        Map<String, Row> rows = new LinkedHashMap<>();
        rows.put("put, get, delete", script::keys);
        rows.put("ranges", script::ranges);
        rows.put("transactions", script::transactions);
        rows.put("leases: grant, keep-alive, revoke", script::leases);
        rows.put("locks", script::locks);
        rows.put("elections", script::elections);
        rows.put("watch: history, live", script::watch);
        rows.put("watch after a restart of its member", script::restart);
        rows.put("errors in etcd's words", script::refusals);
        rows.put("users and roles", () -> script.users(endpoints[1]));
        rows.put("members, status", script::members);
        for (Map.Entry<String, Row> row : rows.entrySet()) {
            row.getValue().run();
            System.out.println("ok " + row.getKey());
        }
        System.exit(0);
    }

    /** As its jar is called. */
    private static String version() {
        Matcher jar = Pattern.compile("jetcd-core-([0-9.]+)\\.jar").matcher(System.getProperty("java.class.path"));
        return jar.find() ? jar.group(1) : "unknown";
    }

    private void keys() {
        ByteSequence key = bytes("jetcd/kv/1");
        now(kv.put(key, bytes("first")));
        PutOption previous = PutOption.builder().withPrevKV().build();
        equal(bytes("first"), now(kv.put(key, bytes("second"), previous)).getPrevKv().getValue());
        KeyValue found = now(kv.get(key)).getKvs().get(0);
        equal(bytes("second"), found.getValue());
        equal(2L, found.getVersion());
        equal(1L, now(kv.delete(key)).getDeleted());
        equal(0L, now(kv.get(key)).getCount());
    }

    private void ranges() {
        ByteSequence prefix = bytes("jetcd/range/");
        for (String key : List.of("1", "2", "3")) {
            now(kv.put(bytes("jetcd/range/" + key), bytes("v" + key)));
        }
        long revision = now(kv.put(bytes("jetcd/range/3"), bytes("later"))).getHeader().getRevision();
        GetResponse limited = now(kv.get(prefix, GetOption.builder().isPrefix(true).withLimit(1).build()));
        equal(3L, limited.getCount());
        equal(true, limited.isMore());
        GetOption old = GetOption.builder().isPrefix(true).withRevision(revision - 1).build();
        equal(bytes("v3"), now(kv.get(prefix, old)).getKvs().get(2).getValue());
        GetOption descending = GetOption.builder()
                .isPrefix(true)
                .withSortField(SortTarget.KEY)
                .withSortOrder(SortOrder.DESCEND)
                .build();
        equal(bytes("jetcd/range/3"), now(kv.get(prefix, descending)).getKvs().get(0).getKey());
        equal(3L, now(kv.delete(prefix, DeleteOption.builder().isPrefix(true).build())).getDeleted());
    }

    private void transactions() {
        equal(true, create().isSucceeded());
        TxnResponse second = create();
        equal(false, second.isSucceeded());
        equal(bytes("mine"), second.getGetResponses().get(0).getKvs().get(0).getValue());
    }

    private TxnResponse create() {
        ByteSequence key = bytes("jetcd/txn");
        return now(kv.txn()
                .If(new Cmp(key, Cmp.Op.EQUAL, CmpTarget.createRevision(0)))
                .Then(Op.put(key, bytes("mine"), PutOption.DEFAULT))
                .Else(Op.get(key, GetOption.DEFAULT))
                .commit());
    }

    private void leases() throws Exception {
        ByteSequence key = bytes("jetcd/lease");
        long id = lease(etcd);
        now(kv.put(key, bytes("v"), PutOption.builder().withLeaseId(id).build()));
        Seen<LeaseKeepAliveResponse> kept = new Seen<>();
        try (CloseableClient keeper = etcd.getLeaseClient().keepAlive(id, kept)) {
            equal(30L, ((LeaseKeepAliveResponse) kept.next()).getTTL());
        }
        var left = now(etcd.getLeaseClient().timeToLive(id, LeaseOption.builder().withAttachedKeys().build()));
        equal(30L, left.getGrantedTTL());
        equal(List.of(key), left.getKeys());
        now(etcd.getLeaseClient().revoke(id));
        equal(0L, now(kv.get(key)).getCount());
    }

    private void locks() {
        ByteSequence name = bytes("jetcd/lock");
        ByteSequence key = now(etcd.getLockClient().lock(name, lease(etcd))).getKey();
        long theirs = lease(other);
        CompletableFuture<?> waiting = other.getLockClient().lock(name, theirs);
        now(other.getKVClient().get(name));
        equal(false, waiting.isDone());
        now(etcd.getLockClient().unlock(key));
        now(waiting);
        now(other.getLeaseClient().revoke(theirs));
    }

    private void elections() {
        ByteSequence name = bytes("jetcd/election");
        CampaignResponse mine = now(etcd.getElectionClient().campaign(name, lease(etcd), bytes("me")));
        equal(bytes("me"), now(other.getElectionClient().leader(name)).getKv().getValue());
        long theirs = lease(other);
        CompletableFuture<CampaignResponse> waiting = other.getElectionClient().campaign(name, theirs, bytes("you"));
        now(etcd.getElectionClient().proclaim(mine.getLeader(), bytes("still me")));
        equal(bytes("still me"), now(other.getElectionClient().leader(name)).getKv().getValue());
        now(etcd.getElectionClient().resign(mine.getLeader()));
        equal(name, now(waiting).getLeader().getName());
        now(other.getLeaseClient().revoke(theirs));
    }

    private void watch() throws Exception {
        ByteSequence key = bytes("jetcd/watch");
        long revision = now(other.getKVClient().put(key, bytes("history"))).getHeader().getRevision();
        Seen<String> events = new Seen<>();
        try (Watch.Watcher watcher = watch(key, revision, events)) {
            equal("PUT history", events.next());
            now(other.getKVClient().put(key, bytes("live")));
            equal("PUT live", events.next());
            now(other.getKVClient().delete(key));
            equal("DELETE ", events.next());
        }
    }

    /** Of some broken streams this client tells its caller, who watches on from where it was; of others it does so itself. */
    private void restart() throws Exception {
        ByteSequence key = bytes("jetcd/restart");
        long first = now(other.getKVClient().put(key, bytes("before"))).getHeader().getRevision();
        Seen<String> events = new Seen<>();
        Watch.Watcher watcher = watch(key, first, events);
        equal("PUT before", events.next());
        wish("stop a");
        long second = now(other.getKVClient().put(key, bytes("meanwhile"))).getHeader().getRevision();
        wish("boot a");
        Object next = events.next();
        if (next.toString().startsWith("failed: ")) {
            watcher.close();
            events = new Seen<>();
            watcher = watch(key, first + 1, events);
            next = events.next();
        }
        equal("PUT meanwhile", next);
        now(other.getKVClient().put(key, bytes("after")));
        equal("PUT after", events.next());
        equal(first + 1, second);
        watcher.close();
    }

    private Watch.Watcher watch(ByteSequence key, long revision, Seen<String> events) {
        return etcd.getWatchClient()
                .watch(key, WatchOption.builder().withRevision(revision).build(), events.listener());
    }

    private void refusals() {
        refused("etcdserver: key is not provided", kv.put(bytes(""), bytes("v")));
        PutOption lost = PutOption.builder().withLeaseId(1234).build();
        refused("etcdserver: requested lease not found", kv.put(bytes("jetcd/x"), bytes("v"), lost));
        GetOption future = GetOption.builder().withRevision(1_000_000_000).build();
        refused("etcdserver: mvcc: required revision is a future revision", kv.get(bytes("jetcd/x"), future));
    }

    private static void refused(String text, CompletableFuture<?> call) {
        Throwable failure = call.handle((answer, thrown) -> thrown).join();
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause.toString().contains(text)) {
                return;
            }
        }
        throw new IllegalStateException("expected " + text + ", but was " + failure);
    }

    private void users(String endpoint) {
        Auth auth = etcd.getAuthClient();
        ByteSequence root = bytes("root");
        ByteSequence name = bytes("jetcd");
        now(auth.userAdd(root, root));
        now(auth.userGrantRole(root, root));
        now(auth.roleAdd(name));
        now(auth.roleGrantPermission(name, bytes("jetcd/a"), bytes("jetcd/b"), Permission.Type.READWRITE));
        now(auth.userAdd(name, name));
        now(auth.userGrantRole(name, name));
        now(auth.authEnable());
        try (Client roots = as(endpoint, root); Client users = as(endpoint, name)) {
            now(users.getKVClient().put(bytes("jetcd/a/1"), bytes("mine")));
            equal(1L, now(users.getKVClient().get(bytes("jetcd/a/1"))).getCount());
            refused("etcdserver: permission denied", users.getKVClient().get(bytes("jetcd/b/1")));
            refused("etcdserver: user name is empty", kv.get(bytes("jetcd/a/1")));
            refused("etcdserver: user name already exists", roots.getAuthClient().userAdd(name, name));
            equal(List.of("jetcd"), now(roots.getAuthClient().userGet(name)).getRoles());
            now(roots.getAuthClient().authDisable());
        }
        now(auth.userDelete(name));
        now(auth.userDelete(root));
        now(auth.roleDelete(name));
    }

    private static Client as(String endpoint, ByteSequence user) {
        return Client.builder().endpoints("http://" + endpoint).user(user).password(user).build();
    }

    private void members() {
        equal(3, now(etcd.getClusterClient().listMember()).getMembers().size());
    }

    /** What streams bring, in order. */
    private static final class Seen<T> implements StreamObserver<T> {
        private final BlockingQueue<Object> all = new LinkedBlockingQueue<>();

        Watch.Listener listener() {
            return Watch.listener(
                    response -> response.getEvents()
                            .forEach(event -> all.add(
                                    event.getEventType() + " " + event.getKeyValue().getValue())),
                    failure -> all.add("failed: " + failure));
        }

        @Override
        public void onNext(T value) {
            all.add(value);
        }

        @Override
        public void onError(Throwable failure) {
            all.add("failed: " + failure);
        }

        @Override
        public void onCompleted() {}

        Object next() throws InterruptedException {
            return Objects.requireNonNullElse(all.poll(2 * SECONDS, TimeUnit.SECONDS), "nothing");
        }
    }

    private static long lease(Client client) {
        return now(client.getLeaseClient().grant(30)).getID();
    }

    private static void wish(String line) throws Exception {
        System.out.println(line);
        equal("done", ANSWERS.readLine());
    }

    private static <T> T now(CompletableFuture<T> future) {
        return future.orTimeout(SECONDS, TimeUnit.SECONDS).join();
    }

    private static void equal(Object expected, Object actual) {
        if (!expected.equals(actual)) {
            throw new IllegalStateException("expected " + expected + ", but was " + actual);
        }
    }

    private static ByteSequence bytes(String text) {
        return ByteSequence.from(text, UTF_8);
    }
}
