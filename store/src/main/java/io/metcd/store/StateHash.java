package io.metcd.store;

import io.metcd.base.Bytes;
import io.metcd.store.kv.KeyValue;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.List;

/**
 * A running hash over everything that changes the state: each step is a bijection of the state before it, so two
 * members that once differ stay different, but for a chance of 2^-64. It finds divergence, not malice.
 */
final class StateHash {
    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    /** Odd, with bits well spread: the fraction of the golden ratio. */
    private static final long GOLDEN = 0x9E3779B97F4A7C15L;

    private long hash;

    StateHash(long hash) {
        this.hash = hash;
    }

    long value() {
        return hash;
    }

    StateHash add(long value) {
        long mixed = (hash ^ value) * GOLDEN;
        hash = mixed ^ (mixed >>> 29);
        return this;
    }

    StateHash add(Bytes bytes) {
        add(bytes.size());
        byte[] array = bytes.sharedArray();
        int position = bytes.sharedOffset();
        int end = position + bytes.size();
        for (; position + Long.BYTES <= end; position += Long.BYTES) {
            add((long) LONGS.get(array, position));
        }
        long rest = 0;
        for (; position < end; position++) {
            rest = rest << 8 | (array[position] & 0xff);
        }
        return add(rest);
    }

    StateHash add(KeyValue kv) {
        add(kv.key()).add(kv.value());
        return add(kv.createRevision()).add(kv.modRevision()).add(kv.version()).add(kv.lease());
    }

    StateHash add(MemberState member) {
        add(member.id()).add(member.incarnation()).add(member.peer());
        add(Bytes.utf8(member.name()));
        addAll(member.peerUrls());
        return addAll(member.clientUrls()).add(member.standing().code());
    }

    private StateHash addAll(List<String> strings) {
        add(strings.size());
        for (String string : strings) {
            add(Bytes.utf8(string));
        }
        return this;
    }
}
