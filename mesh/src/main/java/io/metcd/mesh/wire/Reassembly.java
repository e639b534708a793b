package io.metcd.mesh.wire;

import io.metcd.base.ByteWriter;
import io.metcd.base.Bytes;
import io.metcd.mesh.Priority;
import io.metcd.mesh.Profile;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Datagrams of which not every chunk has arrived. A datagram without a new chunk for a while is forgotten.
 *
 * <p>Everything here is charged to the link it has come over, whoever its source claims to be, with what it costs in
 * memory beside its content; where the link's share of the mesh's bytes ends, the source that holds most of what came
 * over it loses its oldest datagram. So nobody's chunks cost those of another link anything.
 */
public final class Reassembly {
    /** Memory of a datagram that has begun to arrive, and of each chunk announced. */
    private static final int PARTIAL_BYTES = 96;

    private static final int SLOT_BYTES = 8;
    /** Memory of a chunk beside its content. */
    private static final int CHUNK_BYTES = 96;

    private final Profile.Sizes sizes;
    private final Map<Sender, Source> sources = new LinkedHashMap<>();
    private long dropped;

    /** A source, as one link shows it: two links' chunks of one source are never mixed. */
    private record Sender(ByteBudget.Share ingress, long id) {}

    /** One sender's partial datagrams, oldest first. */
    private static final class Source {
        final Map<Long, Partial> partials = new LinkedHashMap<>();
        int bytes;
    }

    /** One datagram. Invariant: {@code charged} is what it has taken of its link's share. */
    private static final class Partial {
        final Bytes[] chunks;
        final Priority priority;
        int missing;
        int content;
        int charged;
        long touchedNanos;

        Partial(int count, Priority priority) {
            this.chunks = new Bytes[count];
            this.priority = priority == Priority.BULK ? Priority.BULK : Priority.DATA;
            this.missing = count;
        }
    }

    public Reassembly(Profile.Sizes sizes) {
        this.sizes = sizes;
    }

    /** Takes one chunk that came over the link with this share; the whole datagram comes back with its last one. */
    public Optional<Bytes> add(ByteBudget.Share ingress, long sourceId, Frame frame, long nowNanos) {
        Frame.Fragment fragment = frame.fragment().orElseThrow();
        if (fragment.count() > sizes.fragmentsMax()) {
            dropped++;
            return Optional.empty();
        }
        Sender sender = new Sender(ingress, sourceId);
        Source source = sources.computeIfAbsent(sender, one -> new Source());
        Optional<Bytes> whole = add(sender, source, frame, nowNanos);
        if (source.partials.isEmpty()) {
            sources.remove(sender);
        }
        return whole;
    }

    private Optional<Bytes> add(Sender sender, Source source, Frame frame, long nowNanos) {
        Frame.Fragment fragment = frame.fragment().orElseThrow();
        Partial partial = source.partials.get(fragment.id());
        if (partial == null) {
            partial = begin(sender, source, frame);
        }
        if (partial == null || !take(sender, source, partial, frame)) {
            drop(sender, source, fragment.id());
            return Optional.empty();
        }
        partial.touchedNanos = nowNanos;
        return partial.missing == 0 ? Optional.of(complete(sender, source, fragment.id(), partial)) : Optional.empty();
    }

    /** Forgets what has waited too long; call now and then. */
    public void expire(long nowNanos) {
        Iterator<Map.Entry<Sender, Source>> each = sources.entrySet().iterator();
        while (each.hasNext()) {
            Map.Entry<Sender, Source> entry = each.next();
            Source source = entry.getValue();
            Iterator<Partial> partials = source.partials.values().iterator();
            while (partials.hasNext()) {
                Partial partial = partials.next();
                if (nowNanos - partial.touchedNanos > sizes.reassemblyNanos()) {
                    partials.remove();
                    release(entry.getKey(), source, partial);
                    dropped++;
                }
            }
            if (source.partials.isEmpty()) {
                each.remove();
            }
        }
    }

    /** Datagrams forgotten for want of time or room, and chunks of ones that are too large for this peer. */
    public long dropped() {
        return dropped;
    }

    private @Nullable Partial begin(Sender sender, Source source, Frame frame) {
        Frame.Fragment fragment = frame.fragment().orElseThrow();
        int cost = PARTIAL_BYTES + SLOT_BYTES * fragment.count();
        Partial partial = new Partial(fragment.count(), frame.priority());
        if (source.partials.size() >= sizes.partialsPerSource()) {
            drop(sender, source, source.partials.keySet().iterator().next());
        }
        source.partials.put(fragment.id(), partial);
        return charge(sender, source, partial, cost) ? partial : null;
    }

    /** False when the chunk does not fit: what is there of its datagram is useless then. */
    private boolean take(Sender sender, Source source, Partial partial, Frame frame) {
        Frame.Fragment fragment = frame.fragment().orElseThrow();
        if (partial.chunks.length != fragment.count()) {
            return false;
        }
        if (partial.chunks[fragment.index()] != null) {
            return true;
        }
        int size = frame.body().size();
        if (partial.content + size > sizes.datagramMax() + Envelope.HEAD_BYTES_MAX
                || !charge(sender, source, partial, size + CHUNK_BYTES)) {
            return false;
        }
        partial.chunks[fragment.index()] = frame.body();
        partial.content += size;
        partial.missing--;
        return true;
    }

    private boolean charge(Sender sender, Source source, Partial partial, int size) {
        while (source.bytes + size > sizes.reassemblyBytesPerSource()) {
            if (!dropOldest(sender, source, partial)) {
                return false;
            }
        }
        while (!sender.ingress.take(partial.priority, size)) {
            Map.Entry<Sender, Source> largest = largest(sender.ingress);
            if (!dropOldest(largest.getKey(), largest.getValue(), partial)) {
                return false;
            }
        }
        partial.charged += size;
        source.bytes += size;
        return true;
    }

    /** The source that holds most of what has come over the link; there is one while somebody asks. */
    private Map.Entry<Sender, Source> largest(ByteBudget.Share ingress) {
        return sources.entrySet().stream()
                .filter(entry -> entry.getKey().ingress == ingress)
                .max((one, other) -> Integer.compare(one.getValue().bytes, other.getValue().bytes))
                .orElseThrow();
    }

    /** False when the oldest is the one for which room is made, or there is none. */
    private boolean dropOldest(Sender sender, Source source, Partial newest) {
        Iterator<Map.Entry<Long, Partial>> oldest = source.partials.entrySet().iterator();
        if (!oldest.hasNext()) {
            return false;
        }
        Map.Entry<Long, Partial> entry = oldest.next();
        if (entry.getValue() == newest) {
            return false;
        }
        drop(sender, source, entry.getKey());
        return true;
    }

    private void drop(Sender sender, Source source, long id) {
        Partial partial = source.partials.remove(id);
        if (partial != null) {
            release(sender, source, partial);
            dropped++;
        }
    }

    private Bytes complete(Sender sender, Source source, long id, Partial partial) {
        source.partials.remove(id);
        release(sender, source, partial);
        ByteWriter whole = new ByteWriter(partial.content);
        for (@Nullable Bytes chunk : partial.chunks) {
            whole.raw(chunk);
        }
        return whole.toBytes();
    }

    private void release(Sender sender, Source source, Partial partial) {
        source.bytes -= partial.charged;
        sender.ingress.give(partial.charged);
    }
}
