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
 * Datagrams of which not every chunk has arrived. Bounded per source and by the mesh's budget; nothing is allocated
 * for chunks that have only been announced. A datagram without a new chunk for a while is forgotten.
 */
public final class Reassembly {
    private final Profile.Sizes sizes;
    private final ByteBudget budget;
    private final Map<Long, Source> sources = new LinkedHashMap<>();
    private long dropped;

    /** One sender's partial datagrams, oldest first. */
    private static final class Source {
        final Map<Long, Partial> partials = new LinkedHashMap<>();
        int bytes;
    }

    /** One datagram. */
    private static final class Partial {
        final Bytes[] chunks;
        final Priority priority;
        int missing;
        int bytes;
        long touchedNanos;

        Partial(int count, Priority priority) {
            this.chunks = new Bytes[count];
            this.priority = priority;
            this.missing = count;
        }
    }

    public Reassembly(Profile.Sizes sizes, ByteBudget budget) {
        this.sizes = sizes;
        this.budget = budget;
    }

    /** Takes one chunk; the whole datagram comes back with its last one. */
    public Optional<Bytes> add(long sourceId, Frame frame, long nowNanos) {
        Frame.Fragment fragment = frame.fragment().orElseThrow();
        if (fragment.count() > sizes.fragmentsMax()) {
            dropped++;
            return Optional.empty();
        }
        Source source = sources.computeIfAbsent(sourceId, id -> new Source());
        Partial partial = source.partials.get(fragment.id());
        if (partial == null) {
            partial = new Partial(fragment.count(), frame.priority());
            source.partials.put(fragment.id(), partial);
        }
        boolean fits = partial.chunks.length == fragment.count();
        if (fits && partial.chunks[fragment.index()] == null) {
            fits = reserve(source, partial, frame.body().size());
            if (fits) {
                partial.chunks[fragment.index()] = frame.body();
                partial.missing--;
                partial.touchedNanos = nowNanos;
            }
        }
        if (!fits) {
            drop(source, fragment.id());
        }
        Optional<Bytes> whole =
                fits && partial.missing == 0 ? Optional.of(complete(source, fragment.id(), partial)) : Optional.empty();
        if (source.partials.isEmpty()) {
            sources.remove(sourceId);
        }
        return whole;
    }

    /** Forgets what has waited too long; call now and then. */
    public void expire(long nowNanos) {
        Iterator<Source> each = sources.values().iterator();
        while (each.hasNext()) {
            Source source = each.next();
            Iterator<Partial> partials = source.partials.values().iterator();
            while (partials.hasNext()) {
                Partial partial = partials.next();
                if (nowNanos - partial.touchedNanos > sizes.reassemblyNanos()) {
                    partials.remove();
                    release(source, partial);
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

    private boolean reserve(Source source, Partial partial, int size) {
        if (partial.bytes + size > sizes.datagramMax() + Envelope.HEAD_BYTES_MAX) {
            return false;
        }
        while (source.bytes + size > sizes.reassemblyBytesPerSource()) {
            Map.Entry<Long, Partial> oldest =
                    source.partials.entrySet().iterator().next();
            if (oldest.getValue() == partial) {
                return false;
            }
            drop(source, oldest.getKey());
        }
        if (!budget.take(partial.priority, size)) {
            return false;
        }
        partial.bytes += size;
        source.bytes += size;
        return true;
    }

    private void drop(Source source, long id) {
        Partial partial = source.partials.remove(id);
        if (partial != null) {
            release(source, partial);
            dropped++;
        }
    }

    private Bytes complete(Source source, long id, Partial partial) {
        source.partials.remove(id);
        release(source, partial);
        ByteWriter whole = new ByteWriter(partial.bytes);
        for (@Nullable Bytes chunk : partial.chunks) {
            whole.raw(chunk);
        }
        return whole.toBytes();
    }

    private void release(Source source, Partial partial) {
        source.bytes -= partial.bytes;
        budget.give(partial.bytes);
    }
}
