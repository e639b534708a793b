package io.metcd.embed;

import io.metcd.base.Bytes;
import io.metcd.embed.MetcdException.Reason;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * A queue for one place, as etcd's lock and election services keep it, so that their clients and ours queue together:
 * who waits has a key under the name, hanging on a lease; the key that came to be first has the place.
 */
final class Contest {
    private final Kv kv;
    private final Leases leases;
    private final WatchPump pump;
    private final Duration timeToLive;
    private final String name;

    /** What all contests of one member share. */
    record Room(Kv kv, Leases leases, WatchPump pump, Duration timeToLive) {}

    /** A place that was won. */
    record Place(String key, long revision, Lease lease) {}

    Contest(Room room, String name) {
        this.kv = room.kv();
        this.leases = room.leases();
        this.pump = room.pump();
        this.timeToLive = room.timeToLive();
        this.name = name;
    }

    String name() {
        return name;
    }

    String prefix() {
        return name + "/";
    }

    Kv kv() {
        return kv;
    }

    WatchPump pump() {
        return pump;
    }

    /** Whose turn it is, empty if nobody waits. */
    Optional<Pair> first() {
        return kv
                .get(Query.prefix(prefix())
                        .ascendingBy(Query.SortBy.CREATE_REVISION)
                        .limit(1))
                .pairs()
                .stream()
                .findFirst();
    }

    /** Waits for the place; on failure nothing of the attempt is left. */
    Place win(Bytes value, Optional<Duration> limit) {
        long deadline = leases.nanos() + limit.map(Duration::toNanos).orElse(Long.MAX_VALUE / 2);
        Lease lease = leases.grant(timeToLive);
        boolean won = false;
        try {
            Place place = queue(value, lease);
            waitUntilFirst(place, deadline);
            if (kv.get(place.key())
                    .filter(own -> own.createRevision() == place.revision())
                    .isEmpty()) {
                throw lost();
            }
            won = true;
            return place;
        } finally {
            if (!won) {
                abandon(lease);
            }
        }
    }

    private Place queue(Bytes value, Lease lease) {
        String key = prefix() + Long.toHexString(lease.id());
        TxnResult queued = kv.txn()
                .when(Condition.missing(key))
                .then(Step.put(Bytes.utf8(key), value, lease.id()))
                .commit();
        if (!queued.succeeded()) {
            throw new MetcdException(Reason.REFUSED, "the key " + key + " exists already");
        }
        return new Place(key, queued.revision(), lease);
    }

    private void waitUntilFirst(Place place, long deadline) {
        Query before = Query.prefix(prefix())
                .createdBetween(0, place.revision() - 1)
                .descendingBy(Query.SortBy.CREATE_REVISION)
                .limit(1);
        CompletableFuture<Void> lost = new CompletableFuture<>();
        place.lease().onLost(() -> lost.complete(null));
        while (true) {
            Page found = kv.get(before);
            if (found.pairs().isEmpty()) {
                return;
            }
            Pair ahead = found.pairs().get(0);
            CompletableFuture<Void> gone = new CompletableFuture<>();
            Watch deletion = Watch.key(ahead.keyText())
                    .fromRevision(found.revision() + 1)
                    .deletesOnly();
            Watcher watcher = pump.watch(deletion, completing(gone));
            try {
                long left = deadline - leases.nanos();
                boolean news = left > 0 && waited(CompletableFuture.anyOf(gone, lost), left);
                if (lost.isDone()) {
                    throw lost();
                }
                if (!news) {
                    throw new MetcdException(
                            Reason.TIMED_OUT, "'" + name + "' is taken: " + ahead.keyText() + " came before");
                }
            } finally {
                watcher.close();
            }
        }
    }

    private static boolean waited(CompletableFuture<Object> any, long nanos) {
        CompletableFuture<Boolean> news = any.thenApply(ignored -> true);
        return Calls.join(news.completeOnTimeout(false, nanos, TimeUnit.NANOSECONDS));
    }

    private static WatchListener completing(CompletableFuture<Void> gone) {
        return new WatchListener() {
            @Override
            public void changed(WatchEvent event) {
                gone.complete(null);
            }

            @Override
            public void ended(MetcdException why) {
                gone.complete(null);
            }
        };
    }

    private MetcdException lost() {
        return new MetcdException(Reason.LEASE_LOST, "the lease was lost while waiting for '" + name + "'");
    }

    private static void abandon(Lease lease) {
        boolean interrupted = Thread.interrupted();
        try {
            lease.close();
        } catch (MetcdException unreachable) {
            // It is not renewed any more, so that it ends by itself.
            return;
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
