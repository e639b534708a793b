package io.metcd.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.etcd.jetcd.Client;
import io.etcd.jetcd.KeyValue;
import io.etcd.jetcd.kv.GetResponse;
import io.etcd.jetcd.kv.TxnResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * A Kubernetes API server's requests (contract: client.3) against three durable members that are restarted and
 * compacted meanwhile. With {@code -Dconformance.oracle=BINARY} the same runs against that etcd.
 */
@NullUnmarked // jetcd declares no nullness
@Timeout(180)
class KubernetesTest {
    private static final Duration SOON = Duration.ofSeconds(60);

    private static DurableCluster cluster;
    private static final Map<String, Client> CLIENTS = new TreeMap<>();

    @BeforeAll
    static void startThreeDurableMembers() {
        String oracle = System.getProperty("conformance.oracle", "");
        Product product = oracle.isEmpty() ? MetcdProduct.quickToStart() : new EtcdProduct(oracle);
        cluster = DurableCluster.start(product, LineCluster.NAMES);
        for (String name : LineCluster.NAMES) {
            CLIENTS.put(
                    name,
                    Client.builder()
                            .endpoints("http://" + cluster.endpoint(name))
                            .build());
        }
    }

    @AfterAll
    static void stopThem() {
        CLIENTS.values().forEach(Client::close);
        if (cluster != null) {
            cluster.close();
        }
    }

    @Test
    void anObjectIsCreatedOnceAndEachChangeTellsItsRevision() {
        String key = "/registry/shapes/one";

        TxnResponse created = registry("a").create(key, "v1", 0);
        TxnResponse again = registry("b").create(key, "v2", 0);

        long revision = created.getPutResponses().get(0).getHeader().getRevision();
        KeyValue object = registry("c").get(key).getKvs().get(0);
        assertThat(object.getModRevision()).isEqualTo(revision);
        assertThat(again.isSucceeded()).isFalse();
        assertThat(again.getGetResponses()).isEmpty();
    }

    @Test
    void aConflictBringsTheObjectAsItIs() {
        String key = "/registry/shapes/two";
        long first = revision(registry("a").create(key, "v1", 0));
        long second = revision(registry("b").update(key, "v2", first));

        TxnResponse lateUpdate = registry("c").update(key, "v3", first);
        TxnResponse lateDelete = registry("c").delete(key, first);

        for (TxnResponse late : List.of(lateUpdate, lateDelete)) {
            assertThat(late.isSucceeded()).isFalse();
            assertThat(late.getGetResponses().get(0).getKvs().get(0).getModRevision())
                    .isEqualTo(second);
        }
        TxnResponse deleted = registry("c").delete(key, second);
        assertThat(deleted.getDeleteResponses().get(0).getHeader().getRevision())
                .isEqualTo(second + 1);
        assertThat(registry("a").get(key).getKvs()).isEmpty();
    }

    @Test
    void pagesAreOfOneRevisionWhateverIsWrittenBetweenThem() {
        String prefix = "/registry/pages/";
        for (int i = 10; i < 30; i++) {
            registry("a").create(prefix + i, "v" + i, 0);
        }
        List<Long> counts = new ArrayList<>();

        GetResponse first = registry("b").page(prefix, Registry.bytes(prefix), 6, 0);
        Registry.Listed listed = registry("b").list(prefix, 6, () -> {
            registry("a").create(prefix + "1" + counts.size() + "x", "later", 0);
            counts.add(registry("c").count(prefix));
        });

        assertThat(first.getCount() - first.getKvs().size()).isEqualTo(14);
        assertThat(listed.pages()).isEqualTo(4);
        assertThat(listed.objects()).hasSize(20).allMatch(object -> object.getModRevision() <= listed.revision());
        assertThat(counts).containsExactly(21L, 22L, 23L);
    }

    @Test
    void manyObjectsOfOneLeaseGoInOneRevision() {
        String prefix = "/registry/events/";
        Client client = CLIENTS.get("a");
        try (ListWatchCache cache = ListWatchCache.start("events", CLIENTS.get("b"), prefix)) {
            long lease = Registry.now(client.getLeaseClient().grant(3)).getID();
            for (int i = 0; i < 20; i++) {
                registry("a").create(prefix + i, "v", lease);
            }
            await("the events are there", cache, () -> cache.events() >= 20);

            await("their lease has ended", cache, () -> cache.events() == 40);

            assertThat(cache.entries()).isEmpty();
            assertThat(cache.deletions()).as("revisions of the deletions").hasSize(1);
            assertThat(cache.faults()).isEmpty();
        }
    }

    /** contract: watch.event.11, watch.progress.5 */
    @Test
    void cachesSeeEveryChangeThroughRestartsAndCompactionOfTheirMembers() {
        String prefix = "/registry/pods/";
        List<ListWatchCache> caches = caches(prefix);
        List<RegistryWriter> writers = new ArrayList<>();
        for (String name : LineCluster.NAMES) {
            writers.add(RegistryWriter.start(registry(name), prefix, writers.size()));
        }

        for (String name : List.of("b", "c")) {
            restart(name, () -> {});
            caughtUp(caches);
        }
        assertThat(caches).allMatch(cache -> cache.lists() == 1, "no list but the first: " + caches);

        // Compaction behind the caches that run is not felt; the one that was away has to list again.
        restart("a", () -> compactEverything(registry("b"), registry("c")));
        caughtUp(caches);

        for (RegistryWriter writer : writers) {
            assertThat(writer.finish()).isEmpty();
        }
        assertThat(writers.stream().mapToLong(RegistryWriter::written).sum()).isGreaterThan(100);
        caughtUp(caches);
        Registry.Listed truth = registry("b").list(prefix, 100, () -> {});
        Map<String, ListWatchCache.Entry> expected = new TreeMap<>();
        truth.objects()
                .forEach(object -> expected.put(
                        object.getKey().toString(),
                        new ListWatchCache.Entry(object.getValue().toString(), object.getModRevision())));
        for (ListWatchCache cache : caches) {
            assertThat(cache.faults()).as(cache.toString()).isEmpty();
            assertThat(cache.entries()).as(cache.toString()).isEqualTo(expected);
            cache.close();
        }
        assertThat(caches.get(0).lists()).isEqualTo(2);
    }

    @Test
    void aPageAtACompactedRevisionIsRefusedAndOneServerWinsEachRound() {
        String prefix = "/registry/expired/";
        for (int i = 0; i < 5; i++) {
            registry("a").create(prefix + i, "v", 0);
        }
        GetResponse first = registry("a").page(prefix, Registry.bytes(prefix), 2, 0);

        compactEverything(registry("b"), registry("c"));

        assertThatThrownBy(() -> registry("a")
                        .page(
                                prefix,
                                Registry.bytes(prefix + "2"),
                                2,
                                first.getHeader().getRevision()))
                .hasStackTraceContaining("etcdserver: mvcc: required revision has been compacted");
    }

    /** Two servers, two rounds: the second compacts to where the first was, which is after all that was written before. */
    private static void compactEverything(Registry one, Registry two) {
        Registry.Round start = one.compact(new Registry.Round(0, 0, false));
        Registry.Round first = one.compact(start);
        Registry.Round lost = two.compact(start);
        Registry.Round second = two.compact(lost);

        assertThat(List.of(first.won(), lost.won(), second.won())).containsExactly(true, false, true);
        assertThat(one.compact(first).won()).isFalse();
    }

    private static List<ListWatchCache> caches(String prefix) {
        return LineCluster.NAMES.stream()
                .map(name -> ListWatchCache.start(name, CLIENTS.get(name), prefix))
                .toList();
    }

    /** Every cache reaches what is written now, by progress it asks for where no event says so. */
    private static void caughtUp(List<ListWatchCache> caches) {
        long now = health("b").getHeader().getRevision();
        for (ListWatchCache cache : caches) {
            await("revision " + now, cache, () -> {
                cache.requestProgress();
                return cache.revision() >= now;
            });
        }
    }

    private static void restart(String name, Runnable meanwhile) {
        cluster.member(name).kill();
        health("b".equals(name) ? "c" : "b");
        meanwhile.run();
        cluster.boot(name);
        cluster.awaitServing(name);
    }

    /** Asks until there is a leader to answer. */
    private static GetResponse health(String member) {
        AtomicReference<GetResponse> answer = new AtomicReference<>();
        Waiting.until("an answer through " + member, SOON, () -> "", () -> {
            try {
                answer.set(registry(member).get("/registry/health"));
                return true;
            } catch (CompletionException leaderless) {
                return false;
            }
        });
        return answer.get();
    }

    private static void await(String what, ListWatchCache cache, BooleanSupplier condition) {
        Waiting.until(what, SOON, cache::toString, condition);
    }

    private static Registry registry(String member) {
        return new Registry(CLIENTS.get(member));
    }

    private static long revision(TxnResponse written) {
        return written.getPutResponses().get(0).getHeader().getRevision();
    }
}
