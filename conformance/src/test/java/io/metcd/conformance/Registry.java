package io.metcd.conformance;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.etcd.jetcd.ByteSequence;
import io.etcd.jetcd.Client;
import io.etcd.jetcd.KeyValue;
import io.etcd.jetcd.kv.GetResponse;
import io.etcd.jetcd.kv.TxnResponse;
import io.etcd.jetcd.op.Cmp;
import io.etcd.jetcd.op.CmpTarget;
import io.etcd.jetcd.op.Op;
import io.etcd.jetcd.options.CompactOption;
import io.etcd.jetcd.options.DeleteOption;
import io.etcd.jetcd.options.GetOption;
import io.etcd.jetcd.options.PutOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.NullUnmarked;

/**
 * The requests by which a Kubernetes API server keeps its objects (contract: client.3): guarded writes, lists in
 * pages at one revision, and the compaction that several servers agree on by a key's version.
 */
@NullUnmarked // jetcd declares no nullness
record Registry(Client client) {
    static final long SOON_SECONDS = 15;
    private static final ByteSequence COMPACTION = bytes("compact_rev_key");

    /** A list at one revision, and in how many pages it came. */
    record Listed(List<KeyValue> objects, long revision, int pages) {}

    /** A round of compaction: the key's version and the revision of that round, as this server knows them. */
    record Round(long version, long revision, boolean won) {}

    TxnResponse create(String key, String value, long lease) {
        PutOption option = PutOption.builder().withLeaseId(lease).build();
        return now(client.getKVClient()
                .txn()
                .If(untouchedSince(key, 0))
                .Then(Op.put(bytes(key), bytes(value), option))
                .commit());
    }

    /** On a conflict the answer holds the object as it is. */
    TxnResponse update(String key, String value, long seen) {
        return now(client.getKVClient()
                .txn()
                .If(untouchedSince(key, seen))
                .Then(Op.put(bytes(key), bytes(value), PutOption.DEFAULT))
                .Else(Op.get(bytes(key), GetOption.DEFAULT))
                .commit());
    }

    TxnResponse delete(String key, long seen) {
        return now(client.getKVClient()
                .txn()
                .If(untouchedSince(key, seen))
                .Then(Op.delete(bytes(key), DeleteOption.DEFAULT))
                .Else(Op.get(bytes(key), GetOption.DEFAULT))
                .commit());
    }

    private static Cmp untouchedSince(String key, long revision) {
        return new Cmp(bytes(key), Cmp.Op.EQUAL, CmpTarget.modRevision(revision));
    }

    GetResponse get(String key) {
        return now(client.getKVClient().get(bytes(key)));
    }

    long count(String prefix) {
        return now(client.getKVClient()
                        .get(
                                bytes(prefix),
                                GetOption.builder()
                                        .isPrefix(true)
                                        .withCountOnly(true)
                                        .build()))
                .getCount();
    }

    /** One page: from a key to the end of the prefix, at a revision, or at the newest for 0. */
    GetResponse page(String prefix, ByteSequence from, int limit, long revision) {
        GetOption option = GetOption.builder()
                .withRange(end(prefix))
                .withLimit(limit)
                .withRevision(revision)
                .build();
        return now(client.getKVClient().get(from, option));
    }

    /** All pages at the revision of the first; what runs between two pages is done between them. */
    Listed list(String prefix, int limit, Runnable between) {
        GetResponse page = page(prefix, bytes(prefix), limit, 0);
        long revision = page.getHeader().getRevision();
        List<KeyValue> objects = new ArrayList<>(page.getKvs());
        int pages = 1;
        while (page.isMore()) {
            if (page.getKvs().isEmpty()) {
                throw new IllegalStateException("an empty page says that there is more");
            }
            between.run();
            page = page(prefix, after(objects.get(objects.size() - 1).getKey()), limit, revision);
            objects.addAll(page.getKvs());
            pages++;
        }
        return new Listed(List.copyOf(objects), revision, pages);
    }

    /** Of servers with equal knowledge one wins; it compacts to the revision of the last round. */
    Round compact(Round known) {
        TxnResponse answer = now(client.getKVClient()
                .txn()
                .If(new Cmp(COMPACTION, Cmp.Op.EQUAL, CmpTarget.version(known.version())))
                .Then(Op.put(COMPACTION, bytes(Long.toString(known.revision())), PutOption.DEFAULT))
                .Else(Op.get(COMPACTION, GetOption.DEFAULT))
                .commit());
        long revision = answer.getHeader().getRevision();
        if (!answer.isSucceeded()) {
            KeyValue theirs = answer.getGetResponses().get(0).getKvs().get(0);
            return new Round(theirs.getVersion(), revision, false);
        }
        if (known.revision() > 0) {
            now(client.getKVClient()
                    .compact(
                            known.revision(),
                            CompactOption.builder().withCompactPhysical(false).build()));
        }
        return new Round(known.version() + 1, revision, true);
    }

    static ByteSequence end(String prefix) {
        byte[] end = prefix.getBytes(UTF_8);
        end[end.length - 1]++;
        return ByteSequence.from(end);
    }

    private static ByteSequence after(ByteSequence key) {
        return key.concat(ByteSequence.from(new byte[1]));
    }

    static ByteSequence bytes(String text) {
        return ByteSequence.from(text, UTF_8);
    }

    static <T> T now(CompletableFuture<T> future) {
        return future.orTimeout(SOON_SECONDS, TimeUnit.SECONDS).join();
    }
}
