package io.metcd.mesh.wire;

import io.metcd.base.Bytes;
import io.metcd.base.Invariants;
import io.metcd.mesh.Priority;
import io.metcd.mesh.Profile;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What waits for one link, in four bounded queues, and the choice of which leaves next.
 *
 * <p>Which leaves: CONTROL first, while it takes no more than a twentieth of the link. Then each class has credit in
 * bytes, refilled 16 : 4 : 1 when no waiting class has any left (deficit round robin, Shreedhar and Varghese 1995);
 * within a round the higher class with credit goes first, so a vote never waits for the rest of a bulk turn. Credit may
 * fall below zero by one frame and is paid back, so shares hold whatever the sizes.
 *
 * <p>What is refused: see {@link #offer}. Nothing here ever waits or blocks.
 */
public final class LinkQueues {
    private static final int CONTROL = Priority.CONTROL.code();
    private static final int[] WEIGHTS = {0, 16, 4, 1};
    private static final int CREDIT_UNIT_BYTES = 4 << 10;
    private static final int CONTROL_SHARE = 20;
    private static final int CONTROL_BURST_BYTES = 32 << 10;
    /** A queued object costs memory beside its content: without this, empty datagrams would be free. */
    static final int ENTRY_BYTES = 96;

    private final Profile.Queues bounds;
    private final int chunkBytes;
    private final ByteBudget budget;
    private final List<ArrayDeque<Outgoing>> queues = new ArrayList<>();
    private final int[] bytes = new int[Priority.count()];
    private final int[] credit = new int[Priority.count()];
    private final long[] dropped = new long[Priority.count()];
    private final Map<Outgoing.SupersedeKey, Outgoing> superseding = new LinkedHashMap<>();
    /** What waits alone, as almost everything does: it becomes known to {@code superseding} when it gets company. */
    private @Nullable Outgoing alone;

    private int waiting;

    /** Whether an offer was taken. */
    public enum Offer {
        QUEUED,
        REFUSED
    }

    public LinkQueues(Profile.Queues bounds, int chunkBytes, ByteBudget budget) {
        this.bounds = bounds;
        this.chunkBytes = chunkBytes;
        this.budget = budget;
        for (int i = 0; i < Priority.count(); i++) {
            queues.add(new ArrayDeque<>());
        }
        credit[CONTROL] = CONTROL_BURST_BYTES;
    }

    /**
     * Queues it, or its content in the place of what it supersedes. When its class is full, CONSENSUS drops its oldest
     * to make room; every other class refuses.
     */
    public Offer offer(Outgoing outgoing) {
        getCompany();
        Outgoing superseded = superseding.isEmpty() ? null : findSuperseded(outgoing);
        if (superseded != null) {
            return replace(superseded, outgoing);
        }
        Priority priority = outgoing.priority();
        int size = outgoing.remaining() + ENTRY_BYTES;
        boolean taken = take(priority, size);
        while (!taken && priority == Priority.CONSENSUS && dropOldest(priority)) {
            taken = take(priority, size);
        }
        return finish(outgoing, size, taken);
    }

    /** Queues it although its class may be full, as long as the whole mesh has room: for answers that are awaited. */
    public Offer offerAnswer(Outgoing outgoing) {
        getCompany();
        int size = outgoing.remaining() + ENTRY_BYTES;
        return finish(outgoing, size, budget.take(Priority.CONSENSUS, size));
    }

    public boolean isEmpty() {
        return waiting == 0;
    }

    /** Whether CONTROL has room for a frame of this size. */
    public boolean controlHasRoom(int size) {
        return bytes[CONTROL] + size + ENTRY_BYTES <= bounds.controlBytes();
    }

    /** The frame that leaves next; call unless {@link #isEmpty}. */
    public Bytes next() {
        int chosen = choose();
        Outgoing outgoing = queues.get(chosen).getFirst();
        int before = outgoing.remaining();
        boolean first = !outgoing.begun();
        Bytes frame = outgoing.nextFrame(chunkBytes);
        int released = before - outgoing.remaining();
        if (first) {
            forgetSuperseding(outgoing);
        }
        if (outgoing.remaining() == 0) {
            queues.get(chosen).removeFirst();
            waiting--;
            released += ENTRY_BYTES;
        }
        release(chosen, released);
        charge(chosen, frame.size());
        return frame;
    }

    /** Takes everything that waits out of the queues, highest class first, oldest first. */
    public List<Outgoing> drain() {
        List<Outgoing> all = new ArrayList<>(waiting);
        for (int i = 0; i < queues.size(); i++) {
            all.addAll(queues.get(i));
            queues.get(i).clear();
            release(i, bytes[i]);
        }
        superseding.clear();
        alone = null;
        waiting = 0;
        return all;
    }

    public int queuedBytes(Priority priority) {
        return bytes[priority.code()];
    }

    /** Datagrams and frames that found no room, or had to make room. */
    public long dropped(Priority priority) {
        return dropped[priority.code()];
    }

    private int choose() {
        Invariants.check(waiting > 0, "nothing waits for this link");
        boolean othersWait = waiting > queues.get(CONTROL).size();
        if (!queues.get(CONTROL).isEmpty() && (!othersWait || credit[CONTROL] > 0)) {
            return CONTROL;
        }
        while (true) {
            for (int i = CONTROL + 1; i < queues.size(); i++) {
                if (credit[i] > 0 && !queues.get(i).isEmpty()) {
                    return i;
                }
            }
            for (int i = CONTROL + 1; i < queues.size(); i++) {
                int quantum = WEIGHTS[i] * CREDIT_UNIT_BYTES;
                credit[i] = Math.min(credit[i] + quantum, quantum);
            }
        }
    }

    private void charge(int chosen, int size) {
        if (chosen != CONTROL) {
            credit[chosen] -= size;
            credit[CONTROL] = Math.min(credit[CONTROL] + size / (CONTROL_SHARE - 1) + 1, CONTROL_BURST_BYTES);
        } else if (waiting > queues.get(CONTROL).size()) {
            credit[CONTROL] -= size;
        }
    }

    private boolean take(Priority priority, int size) {
        return bytes[priority.code()] + size <= bounds.bytes(priority) && budget.take(priority, size);
    }

    private void release(int index, int size) {
        bytes[index] -= size;
        budget.give(size);
        Invariants.check(bytes[index] >= 0, "queue %s has %s bytes", index, bytes[index]);
    }

    private Offer finish(Outgoing outgoing, int size, boolean taken) {
        int index = outgoing.priority().code();
        if (!taken) {
            dropped[index]++;
            return Offer.REFUSED;
        }
        bytes[index] += size;
        queues.get(index).addLast(outgoing);
        if (waiting++ == 0) {
            alone = outgoing;
        } else {
            outgoing.supersedeKey().ifPresent(key -> superseding.put(key, outgoing));
        }
        return Offer.QUEUED;
    }

    private void getCompany() {
        Outgoing first = alone;
        if (first != null) {
            first.supersedeKey().ifPresent(key -> superseding.put(key, first));
            alone = null;
        }
    }

    private boolean dropOldest(Priority priority) {
        Iterator<Outgoing> oldestFirst = queues.get(priority.code()).iterator();
        while (oldestFirst.hasNext()) {
            Outgoing candidate = oldestFirst.next();
            if (!candidate.begun()) {
                oldestFirst.remove();
                forgetSuperseding(candidate);
                release(priority.code(), candidate.remaining() + ENTRY_BYTES);
                dropped[priority.code()]++;
                waiting--;
                return true;
            }
        }
        return false;
    }

    private @Nullable Outgoing findSuperseded(Outgoing newer) {
        var key = newer.supersedeKey();
        return key.isEmpty() ? null : superseding.get(key.get());
    }

    private Offer replace(Outgoing older, Outgoing newer) {
        int index = older.priority().code();
        int more = newer.remaining() - older.remaining();
        if (more > 0 && !budget.take(older.priority(), more)) {
            dropped[index]++;
            return Offer.REFUSED;
        }
        if (more < 0) {
            budget.give(-more);
        }
        bytes[index] += more;
        older.supersedeBy(newer);
        return Offer.QUEUED;
    }

    private void forgetSuperseding(Outgoing outgoing) {
        if (alone == outgoing) {
            alone = null;
        } else if (!superseding.isEmpty()) {
            outgoing.supersedeKey().ifPresent(key -> superseding.remove(key, outgoing));
        }
    }
}
