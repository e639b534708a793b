package io.metcd.store.keyspace;

import io.metcd.base.Bytes;
import io.metcd.store.index.Cursor;
import io.metcd.store.kv.KeyValue;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;

/**
 * Everything that a keyspace still holds, in the order of revisions: the versions older than the compacted revision
 * which can be read at it, then each change from that revision on. So does etcd store it.
 *
 * <ol>
 *   <li>{@link #prepare} until it did less than it might have. The old versions stand by key in a keyspace, so they are gathered in runs,
 *       each of which is sorted; walking merges them. That takes a reference for each of them while this lives.
 *   <li>While {@link #isValid}: {@link #record}, {@link #next}. {@link #rewind} goes back to the first.
 * </ol>
 *
 * <p>Work comes in slices of any size, since a keyspace may be large and its reader a thread that others wait for.
 */
public final class Chronicle {
    private static final int RUN_LENGTH = 2048;
    private static final Comparator<KeyValue> ORDER =
            Comparator.comparingLong(KeyValue::modRevision).thenComparingInt(KeyValue::subRevision);

    private final Keyspace keyspace;
    private final List<KeyValue[]> runs = new ArrayList<>();
    private KeyValue[] run = new KeyValue[RUN_LENGTH];
    private int runLength;

    /** The keys not gathered yet: those that are there, then those that have been deleted. */
    private Cursor<Bytes, Versions> keys;

    private boolean inGraves;

    private final PriorityQueue<Head> heads = new PriorityQueue<>();
    private Cursor<Long, Change> change;
    private int changeSub;

    public Chronicle(Keyspace keyspace) {
        this.keyspace = keyspace;
        this.keys = keyspace.live.first();
        this.change = keyspace.changes.first();
    }

    /** The next old version of a run. */
    private static final class Head implements Comparable<Head> {
        final KeyValue[] run;
        int place;

        Head(KeyValue[] run) {
            this.run = run;
        }

        @Override
        public int compareTo(Head other) {
            return ORDER.compare(run[place], other.run[other.place]);
        }
    }

    /** Looks at so many keys and returns at how many it did: fewer, once all are prepared. */
    public int prepare(int most) {
        int looked = 0;
        boolean needed = keyspace.compactRevision() > 0;
        while (needed && looked < most && findKey()) {
            gather(keys.value().at(keyspace.compactRevision()));
            keys.next();
            looked++;
        }
        if (looked < most) {
            endRun();
            rewind();
        }
        return looked;
    }

    /** Goes back to the first record. */
    public void rewind() {
        heads.clear();
        runs.forEach(sorted -> heads.add(new Head(sorted)));
        change = keyspace.changes.from(keyspace.compactRevision());
        changeSub = 0;
    }

    public boolean isValid() {
        return !heads.isEmpty() || change.isValid();
    }

    /** A version or a tombstone. */
    public KeyValue record() {
        Head head = heads.peek();
        return head != null ? head.run[head.place] : change.value().kvs().get(changeSub);
    }

    public void next() {
        Head head = heads.poll();
        if (head == null) {
            changeSub++;
            if (changeSub == change.value().kvs().size()) {
                changeSub = 0;
                change.next();
            }
            return;
        }
        head.place++;
        if (head.place < head.run.length) {
            heads.add(head);
        }
    }

    private boolean findKey() {
        if (!keys.isValid() && !inGraves) {
            inGraves = true;
            keys = keyspace.graves.first();
        }
        return keys.isValid();
    }

    private void gather(KeyValue kv) {
        if (kv.isTombstone() || kv.modRevision() >= keyspace.compactRevision()) {
            return;
        }
        run[runLength++] = kv;
        if (runLength == RUN_LENGTH) {
            endRun();
        }
    }

    private void endRun() {
        if (runLength > 0) {
            KeyValue[] sorted = Arrays.copyOf(run, runLength);
            Arrays.sort(sorted, ORDER);
            runs.add(sorted);
            runLength = 0;
        }
    }
}
