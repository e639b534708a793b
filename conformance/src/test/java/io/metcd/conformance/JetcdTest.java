package io.metcd.conformance;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.etcd.jetcd.ByteSequence;
import io.etcd.jetcd.Client;
import io.etcd.jetcd.KeyValue;
import io.etcd.jetcd.Watch;
import io.etcd.jetcd.kv.GetResponse;
import io.etcd.jetcd.kv.TxnResponse;
import io.etcd.jetcd.lease.LeaseKeepAliveResponse;
import io.etcd.jetcd.op.Cmp;
import io.etcd.jetcd.op.CmpTarget;
import io.etcd.jetcd.op.Op;
import io.etcd.jetcd.options.DeleteOption;
import io.etcd.jetcd.options.GetOption;
import io.etcd.jetcd.options.LeaseOption;
import io.etcd.jetcd.options.PutOption;
import io.etcd.jetcd.options.WatchOption;
import io.etcd.jetcd.support.CloseableClient;
import io.etcd.jetcd.watch.WatchEvent;
import io.etcd.jetcd.watch.WatchResponse;
import io.grpc.stub.StreamObserver;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * jetcd, unchanged, through each member of a line a–b–c, where a and c reach each other through b alone. With
 * {@code -Dconformance.oracle=BINARY} the same tests run against three members of that etcd: what they expect is what
 * etcd does (contract: client.2).
 */
@NullUnmarked // jetcd declares no nullness
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class JetcdTest {
    private static final long SOON_SECONDS = 10;

    private static AutoCloseable cluster;
    private static final Map<String, Client> CLIENTS = new TreeMap<>();

    @BeforeAll
    static void startTheLine() {
        String oracle = System.getProperty("conformance.oracle", "");
        if (oracle.isEmpty()) {
            LineCluster line = LineCluster.start();
            cluster = line;
            connect(line::endpoint);
        } else {
            EtcdCluster etcd = EtcdCluster.start(oracle);
            cluster = etcd;
            connect(etcd::endpoint);
        }
    }

    private static void connect(UnaryOperator<String> endpoints) {
        for (String name : LineCluster.NAMES) {
            String endpoint = "http://" + endpoints.apply(name);
            CLIENTS.put(name, Client.builder().endpoints(endpoint).build());
        }
    }

    @AfterAll
    static void stopTheLine() throws Exception {
        CLIENTS.values().forEach(Client::close);
        if (cluster != null) {
            cluster.close();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"a", "b", "c"})
    void whatOneMemberWroteEveryMemberReads(String member) {
        ByteSequence key = bytes("shared/" + member);

        long revision = now(client(member).getKVClient().put(key, bytes("v")))
                .getHeader()
                .getRevision();

        for (String reader : LineCluster.NAMES) {
            KeyValue read = now(client(reader).getKVClient().get(key)).getKvs().get(0);
            assertThat(read.getValue()).isEqualTo(bytes("v"));
            assertThat(read.getModRevision()).isEqualTo(revision);
            assertThat(read.getVersion()).isEqualTo(1);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"a", "b", "c"})
    void getTakesPrefixLimitAndRevision(String member) {
        var kv = client(member).getKVClient();
        ByteSequence prefix = bytes("get/" + member + "/");
        now(kv.put(bytes("get/" + member + "/1"), bytes("one")));
        long revision = now(kv.put(bytes("get/" + member + "/2"), bytes("two")))
                .getHeader()
                .getRevision();
        now(kv.put(bytes("get/" + member + "/2"), bytes("later")));

        GetResponse limited = now(
                kv.get(prefix, GetOption.builder().isPrefix(true).withLimit(1).build()));
        GetResponse old = now(kv.get(
                prefix,
                GetOption.builder().isPrefix(true).withRevision(revision).build()));

        assertThat(limited.getCount()).isEqualTo(2);
        assertThat(limited.isMore()).isTrue();
        assertThat(limited.getKvs()).extracting(KeyValue::getValue).containsExactly(bytes("one"));
        assertThat(old.getKvs()).extracting(KeyValue::getValue).containsExactly(bytes("one"), bytes("two"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"a", "b", "c"})
    void aReadOfTheFutureIsRefusedInEtcdsWords(String member) {
        var kv = client(member).getKVClient();

        assertThatThrownBy(() -> now(kv.get(
                        bytes("x"),
                        GetOption.builder().withRevision(1_000_000_000).build())))
                .hasStackTraceContaining("etcdserver: mvcc: required revision is a future revision");
    }

    @ParameterizedTest
    @ValueSource(strings = {"a", "b", "c"})
    void deleteCountsAndReturnsWhatWas(String member) {
        var kv = client(member).getKVClient();
        now(kv.put(bytes("del/" + member + "/1"), bytes("one")));
        now(kv.put(bytes("del/" + member + "/2"), bytes("two")));

        var deleted = now(kv.delete(
                bytes("del/" + member + "/"),
                DeleteOption.builder().isPrefix(true).withPrevKV(true).build()));

        assertThat(deleted.getDeleted()).isEqualTo(2);
        assertThat(deleted.getPrevKvs()).extracting(KeyValue::getValue).containsExactly(bytes("one"), bytes("two"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"a", "b", "c"})
    void aTransactionCreatesOnce(String member) {
        ByteSequence key = bytes("txn/" + member);

        TxnResponse first = now(createTxn(member, key));
        TxnResponse second = now(createTxn(member, key));

        assertThat(first.isSucceeded()).isTrue();
        assertThat(second.isSucceeded()).isFalse();
        assertThat(second.getGetResponses().get(0).getKvs().get(0).getValue()).isEqualTo(bytes("mine"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"a", "b", "c"})
    void aWatchReplaysHistoryAndGoesOnLive(String member) throws Exception {
        var kv = client(member).getKVClient();
        ByteSequence key = bytes("watch/" + member);
        long revision = now(kv.put(key, bytes("history"))).getHeader().getRevision();
        BlockingQueue<WatchEvent> events = new LinkedBlockingQueue<>();

        try (Watch.Watcher watcher = client(member)
                .getWatchClient()
                .watch(
                        key,
                        WatchOption.builder()
                                .withRevision(revision)
                                .withPrevKV(true)
                                .build(),
                        response -> events.addAll(response.getEvents()))) {
            assertThat(next(events).getKeyValue().getValue()).isEqualTo(bytes("history"));
            assertThat(watcher.isClosed()).isFalse();
            // Written through another member: the event crosses the line.
            now(client(member.equals("a") ? "c" : "a").getKVClient().put(key, bytes("live")));
            WatchEvent live = next(events);
            assertThat(live.getKeyValue().getValue()).isEqualTo(bytes("live"));
            assertThat(live.getPrevKV().getValue()).isEqualTo(bytes("history"));
            now(kv.delete(key));
            assertThat(next(events).getEventType()).isEqualTo(WatchEvent.EventType.DELETE);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"a", "b", "c"})
    void aWatchSaysThatItIsThereAndHowFarItIs(String member) throws Exception {
        ByteSequence key = bytes("told/" + member);
        WatchOption told = WatchOption.builder()
                .withCreateNotify(true)
                .withProgressNotify(true)
                .build();
        BlockingQueue<WatchResponse> responses = new LinkedBlockingQueue<>();

        try (Watch.Watcher watcher =
                client(member).getWatchClient().watch(key, told, (Consumer<WatchResponse>) responses::add)) {
            assertThat(next(responses).isCreatedNotify()).isTrue();
            long revision = now(client("b").getKVClient().put(bytes("beside/" + member), bytes("v")))
                    .getHeader()
                    .getRevision();
            now(client(member).getKVClient().get(key)); // behind which this member is as far as that write
            watcher.requestProgress();

            WatchResponse progress = next(responses);
            assertThat(progress.isProgressNotify()).isTrue();
            assertThat(progress.getHeader().getRevision()).isGreaterThanOrEqualTo(revision);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"a", "b", "c"})
    void aLeaseIsGrantedKeptAliveAndRevoked(String member) throws Exception {
        var lease = client(member).getLeaseClient();
        long id = now(lease.grant(30)).getID();
        ByteSequence key = bytes("lease/" + member);
        now(client(member)
                .getKVClient()
                .put(key, bytes("v"), PutOption.builder().withLeaseId(id).build()));
        BlockingQueue<LeaseKeepAliveResponse> kept = new LinkedBlockingQueue<>();

        try (CloseableClient keeper = lease.keepAlive(id, observer(kept))) {
            assertThat(keeper).isNotNull();
            assertThat(next(kept).getTTL()).isEqualTo(30);
        }
        var left = now(
                lease.timeToLive(id, LeaseOption.builder().withAttachedKeys().build()));
        assertThat(left.getGrantedTTL()).isEqualTo(30);
        assertThat(left.getKeys()).containsExactly(key);
        now(lease.revoke(id));

        assertThat(now(client(member).getKVClient().get(key)).getKvs()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"a", "b", "c"})
    void aLockIsHeldByOneAtATime(String member) {
        ByteSequence name = bytes("lock/" + member);
        long mine = now(client(member).getLeaseClient().grant(30)).getID();
        long theirs = now(client(member).getLeaseClient().grant(30)).getID();

        ByteSequence key = now(client(member).getLockClient().lock(name, mine)).getKey();
        CompletableFuture<?> waiting = client("b").getLockClient().lock(name, theirs);
        // A request sent after the second lock and answered: the second lock had its chance.
        now(client("b").getKVClient().get(name));
        assertThat(waiting).isNotDone();
        now(client(member).getLockClient().unlock(key));

        assertThat(now(waiting)).isNotNull();
        assertThat(key.toString(UTF_8)).isEqualTo("lock/" + member + "/" + Long.toHexString(mine));
    }

    private static CompletableFuture<TxnResponse> createTxn(String member, ByteSequence key) {
        return client(member)
                .getKVClient()
                .txn()
                .If(new Cmp(key, Cmp.Op.EQUAL, CmpTarget.createRevision(0)))
                .Then(Op.put(key, bytes("mine"), PutOption.DEFAULT))
                .Else(Op.get(key, GetOption.DEFAULT))
                .commit();
    }

    private static Client client(String member) {
        return CLIENTS.get(member);
    }

    private static ByteSequence bytes(String text) {
        return ByteSequence.from(text, UTF_8);
    }

    private static <T> T now(CompletableFuture<T> future) {
        return future.orTimeout(SOON_SECONDS, TimeUnit.SECONDS).join();
    }

    private static <T> T next(BlockingQueue<T> queue) throws InterruptedException {
        T element = queue.poll(SOON_SECONDS, TimeUnit.SECONDS);
        assertThat(element).isNotNull();
        return element;
    }

    private static StreamObserver<LeaseKeepAliveResponse> observer(BlockingQueue<LeaseKeepAliveResponse> into) {
        return new StreamObserver<>() {
            @Override
            public void onNext(LeaseKeepAliveResponse response) {
                into.add(response);
            }

            @Override
            public void onError(Throwable failure) {}

            @Override
            public void onCompleted() {}
        };
    }
}
