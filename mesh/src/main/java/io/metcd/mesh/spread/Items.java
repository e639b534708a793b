package io.metcd.mesh.spread;

import io.metcd.mesh.PeerId;
import io.metcd.mesh.Profile;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Everything that this peer holds of what others and itself have said, by series, within bounds.
 *
 * <p>Messages are taken from peers that are known, and forgotten with the life that sent them. Parts of states stay,
 * also when their owner is gone: nothing else remembers what it counted. When there is no room for them, the part that
 * came last of a peer that nobody knows goes first, and a peer that nobody knows brings no more.
 */
final class Items {
    private final Profile.Spread bounds;
    private final Owners owners;
    private final TreeMap<Long, Series> all = new TreeMap<>();
    private final TreeMap<PeerId, Long> stateBytesOf = new TreeMap<>();
    private final TreeMap<PeerId, Integer> topicsOf = new TreeMap<>();
    private long messageBytes;
    private long stateBytes;
    private long digest;
    private long arrivals;

    /** Who is known. */
    interface Owners {
        /** The newest life of a peer. */
        Optional<Long> incarnation(PeerId owner);
    }

    Items(Profile.Spread bounds, Owners owners) {
        this.bounds = bounds;
        this.owners = owners;
    }

    Optional<Series> get(long hash) {
        return Optional.ofNullable(all.get(hash));
    }

    Collection<Series> all() {
        return all.values();
    }

    /** The parts of one state. */
    List<Item> parts(String topic) {
        List<Item> parts = new ArrayList<>();
        for (Series series : all.values()) {
            if (series.id.state() && series.id.topic().equals(topic)) {
                series.newest().ifPresent(parts::add);
            }
        }
        return parts;
    }

    /** Equal, but for one chance in many, iff the same parts of states are held. */
    long digest() {
        return digest;
    }

    boolean has(Item item) {
        Series series = all.get(item.series().hash());
        return series != null && series.id.equals(item.series()) && series.has(item.sequence());
    }

    /** Whether there is a place for it. May make room by dropping what is worth less. */
    boolean admits(Item item) {
        Series series = all.get(item.series().hash());
        if (series != null && !series.id.equals(item.series())) {
            return false;
        }
        PeerId owner = item.series().life().owner();
        Optional<Long> known = owners.incarnation(owner);
        if (item.series().state()) {
            return ownerHasRoom(item, series) && meshHasRoom(item, series, known.isPresent());
        }
        return known.isPresent()
                && known.get() <= item.series().life().incarnation()
                && (series != null || topicsOf.getOrDefault(owner, 0) < bounds.topicsPerOrigin());
    }

    /** Takes an item that was admitted; returns those whose turn has come. {@code first}: where a new series begins. */
    List<Item> put(Series.Held one, long first, long nowNanos) {
        SeriesId id = one.item().series();
        long hash = id.hash();
        Series series = all.get(hash);
        if (series == null) {
            long begin = Math.max(1, Math.min(first, one.item().sequence()));
            series = new Series(id, begin, arrivals++, bounds);
            all.put(hash, series);
            if (!id.state()) {
                topicsOf.merge(id.life().owner(), 1, Integer::sum);
            }
        }
        count(series, -1);
        List<Item> due = series.put(one, nowNanos);
        count(series, 1);
        while (messageBytes > bounds.keptBytes()) {
            dropOfLargest();
        }
        return due;
    }

    /** Forgets what is old and who is gone; returns messages whose turn has come since a gap was passed over. */
    List<Item> sweep(long nowNanos) {
        List<Item> due = new ArrayList<>();
        for (Series series : List.copyOf(all.values())) {
            count(series, -1);
            due.addAll(series.sweep(nowNanos));
            count(series, 1);
            Life life = series.id.life();
            boolean over = !series.id.state()
                    && owners.incarnation(life.owner())
                            .map(newest -> newest > life.incarnation())
                            .orElse(true);
            if (over && series.isEmpty()) {
                remove(series);
            }
        }
        return due;
    }

    private boolean ownerHasRoom(Item item, @Nullable Series before) {
        PeerId owner = item.series().life().owner();
        while (growth(item, before) + stateBytesOf.getOrDefault(owner, 0L) > bounds.stateBytes()) {
            Series oldest = null;
            for (Series series : all.values()) {
                Life life = series.id.life();
                if (series.id.state()
                        && life.owner().equals(owner)
                        && life.incarnation() < item.series().life().incarnation()
                        && (oldest == null || life.compareTo(oldest.id.life()) < 0)) {
                    oldest = series;
                }
            }
            if (oldest == null) {
                return false;
            }
            remove(oldest);
        }
        return true;
    }

    private boolean meshHasRoom(Item item, @Nullable Series before, boolean known) {
        while (stateBytes + growth(item, before) > bounds.stateRoomBytes()) {
            Series last = null;
            for (Series series : all.values()) {
                if (series.id.state()
                        && (last == null || series.arrival > last.arrival)
                        && owners.incarnation(series.id.life().owner()).isEmpty()) {
                    last = series;
                }
            }
            if (!known || last == null) {
                return false;
            }
            remove(last);
        }
        return true;
    }

    private static long growth(Item item, @Nullable Series before) {
        return item.encoded().size() - (before == null ? 0 : before.bytes());
    }

    private void remove(Series series) {
        all.remove(series.hash);
        count(series, -1);
        PeerId owner = series.id.life().owner();
        if (!series.id.state()) {
            topicsOf.computeIfPresent(owner, (any, count) -> count == 1 ? null : count - 1);
        }
    }

    private void dropOfLargest() {
        Series largest = null;
        for (Series series : all.values()) {
            if (!series.id.state() && (largest == null || series.bytes() > largest.bytes())) {
                largest = series;
            }
        }
        if (largest == null) {
            return;
        }
        messageBytes -= largest.bytes();
        largest.drop();
        messageBytes += largest.bytes();
    }

    /** Adds a series to the sums, or takes it out. */
    private void count(Series series, int sign) {
        if (!series.id.state()) {
            messageBytes += sign * series.bytes();
            return;
        }
        stateBytes += sign * series.bytes();
        stateBytesOf.merge(series.id.life().owner(), sign * series.bytes(), Long::sum);
        stateBytesOf.remove(series.id.life().owner(), 0L);
        if (!series.isEmpty()) {
            digest += sign * mix(series.hash ^ mix(series.next()));
        }
    }

    /** The finishing steps of SplitMix64. */
    private static long mix(long value) {
        long z = value + 0x9E3779B97F4A7C15L;
        z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
        return z ^ (z >>> 31);
    }
}
