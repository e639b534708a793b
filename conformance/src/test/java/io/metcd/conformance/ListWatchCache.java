package io.metcd.conformance;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.etcd.jetcd.Client;
import io.etcd.jetcd.KeyValue;
import io.etcd.jetcd.Watch;
import io.etcd.jetcd.common.exception.CompactedException;
import io.etcd.jetcd.options.WatchOption;
import io.etcd.jetcd.watch.WatchEvent;
import io.etcd.jetcd.watch.WatchResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.NullUnmarked;

/**
 * A copy of a prefix as a Kubernetes API server keeps it: a list, a watch from the revision after it, and both again
 * when that revision was compacted. Every event must fit what is there: what it changes or deletes it also brings, as
 * it was, so one that is lost, doubled or out of order is a fault.
 */
@NullUnmarked // jetcd declares no nullness
final class ListWatchCache implements AutoCloseable {
    private static final int PAGE = 7;

    /** An object as of a revision. */
    record Entry(String value, long modRevision) {}

    private final String name;
    private final Client client;
    private final String prefix;
    private final Map<String, Entry> entries = new TreeMap<>();
    private final Set<Long> deletions = new TreeSet<>();
    private final List<String> faults = new ArrayList<>();
    private long revision;
    private int lists;
    private int watches;
    private int events;
    private Watch.Watcher watcher;
    private boolean closed;

    private ListWatchCache(String name, Client client, String prefix) {
        this.name = name;
        this.client = client;
        this.prefix = prefix;
    }

    /** Lists and watches through the member that the client is connected to. */
    static ListWatchCache start(String name, Client client, String prefix) {
        ListWatchCache cache = new ListWatchCache(name, client, prefix);
        cache.relist();
        return cache;
    }

    private synchronized void relist() {
        if (closed) {
            return;
        }
        Registry.Listed listed = list();
        entries.clear();
        listed.objects().forEach(this::keep);
        revision = listed.revision();
        lists++;
        watchOn();
    }

    private Registry.Listed list() {
        while (true) {
            try {
                return new Registry(client).list(prefix, PAGE, () -> {});
            } catch (CompletionException leaderless) {
                Thread.onSpinWait();
            }
        }
    }

    private synchronized void watchOn() {
        if (closed) {
            return;
        }
        WatchOption option = WatchOption.builder()
                .withRange(Registry.end(prefix))
                .withRevision(revision + 1)
                .withPrevKV(true)
                .withProgressNotify(true)
                .withRequireLeader(true)
                .build();
        // The client may go on with a watch of which it has told that it failed: its successor alone is heard.
        int mine = ++watches;
        if (watcher != null) {
            watcher.close();
        }
        watcher = client.getWatchClient()
                .watch(
                        Registry.bytes(prefix),
                        option,
                        Watch.listener(response -> take(mine, response), failure -> failed(mine, failure)));
    }

    private synchronized void take(int watch, WatchResponse response) {
        if (watch != watches) {
            return;
        }
        response.getEvents().forEach(this::take);
        revision = Math.max(revision, response.getHeader().getRevision());
    }

    private void take(WatchEvent event) {
        events++;
        KeyValue now = event.getKeyValue();
        String key = now.getKey().toString(UTF_8);
        Entry known = entries.get(key);
        boolean deleted = event.getEventType() == WatchEvent.EventType.DELETE;
        boolean created = !deleted && now.getCreateRevision() == now.getModRevision();
        if (created && known != null) {
            faults.add(key + " is created though it is there as " + known);
        }
        if (!created) {
            KeyValue was = event.getPrevKV();
            Entry brought = new Entry(was.getValue().toString(UTF_8), was.getModRevision());
            if (!brought.equals(known)) {
                faults.add(key + " was " + brought + " says its event at " + now.getModRevision() + ", but is known as "
                        + known);
            }
        }
        if (deleted) {
            entries.remove(key);
            deletions.add(now.getModRevision());
        } else {
            keep(now);
        }
        revision = Math.max(revision, now.getModRevision());
    }

    private void keep(KeyValue object) {
        Entry entry = new Entry(object.getValue().toString(UTF_8), object.getModRevision());
        entries.put(object.getKey().toString(UTF_8), entry);
    }

    /** A stream that broke is followed by another from where this one was; what was compacted has to be listed. */
    private synchronized void failed(int watch, Throwable failure) {
        if (watch != watches || closed) {
            return;
        }
        // On the client's own thread neither could wait for an answer.
        new Thread(failure instanceof CompactedException ? this::relist : this::watchOn, "again-" + name).start();
    }

    /** Asks the member how far this watch is, as a list from the cache does while it waits. */
    void requestProgress() {
        Watch.Watcher current;
        synchronized (this) {
            current = watcher;
        }
        current.requestProgress();
    }

    synchronized long revision() {
        return revision;
    }

    synchronized Map<String, Entry> entries() {
        return new TreeMap<>(entries);
    }

    synchronized List<String> faults() {
        return List.copyOf(faults);
    }

    /** How often it had to list: once, and once for each compaction that overtook it. */
    synchronized int lists() {
        return lists;
    }

    /** The revisions at which objects went. */
    synchronized Set<Long> deletions() {
        return new TreeSet<>(deletions);
    }

    synchronized int events() {
        return events;
    }

    @Override
    public synchronized String toString() {
        return name + " at " + revision + ", " + entries.size() + " objects, " + lists + " lists, " + events
                + " events, faults " + faults;
    }

    @Override
    public void close() {
        Watch.Watcher last;
        synchronized (this) {
            closed = true;
            last = watcher;
        }
        last.close();
    }
}
