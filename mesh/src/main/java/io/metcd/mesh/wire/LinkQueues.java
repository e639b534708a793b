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
    private static final int CONSENSUS = Priority.CONSENSUS.code();
    private static final int[] WEIGHTS = {0, 16, 4, 1};
    private static final int CREDIT_UNIT_BYTES = 4 << 10;
    private static final int CONTROL_SHARE = 20;
    private static final int CONTROL_BURST_BYTES = 32 << 10;
    /** Of CONTROL, kept free for heartbeats: without them the link would be closed. */
    private static final int HEARTBEAT_BYTES = 4 << 10;
    /** A queued object costs memory beside its content: without this, empty datagrams would be free. */
    static final int ENTRY_BYTES = 96;

    private final Profile.Queues bounds;
    private final int chunkBytes;
    private final ByteBudget.Share share;
    private final List<ArrayDeque<Outgoing>> queues = new ArrayList<>();
    private final List<RelayRoom> relayRooms = new ArrayList<>();
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
        this.share = budget.share();
        for (int i = 0; i < Priority.count(); i++) {
            queues.add(new ArrayDeque<>());
            relayRooms.add(new RelayRoom(bounds.bytes(Priority.at(i))));
        }
        credit[CONTROL] = CONTROL_BURST_BYTES;
    }

    /** What this link may hold of the mesh's bytes; what comes over it counts, too, until it is whole. */
    public ByteBudget.Share share() {
        return share;
    }

    /**
     * Queues it, or its content in the place of what it supersedes. When its class is full, CONSENSUS drops its oldest
     * to make room, a relayed frame the oldest that came over the same link; every other class refuses.
     */
    public Offer offer(Outgoing outgoing) {
        getCompany();
        Outgoing superseded = superseding.isEmpty() ? null : findSuperseded(outgoing);
        if (superseded != null) {
            return replace(superseded, outgoing);
        }
        Priority priority = outgoing.priority();
        int size = outgoing.remaining() + ENTRY_BYTES;
        boolean taken = take(outgoing, size);
        while (!taken && priority == Priority.CONSENSUS && dropOldest(outgoing)) {
            taken = take(outgoing, size);
        }
        return finish(outgoing, size, taken);
    }

    /** As {@link #offer}, but up to twice the bound of its class: for answers that are awaited. */
    public Offer offerAnswer(Outgoing outgoing) {
        getCompany();
        outgoing.await();
        Priority priority = outgoing.priority();
        int size = outgoing.remaining() + ENTRY_BYTES;
        boolean fits = bytes[priority.code()] + size <= 2 * bounds.bytes(priority);
        return finish(outgoing, size, fits && share.take(priority, size));
    }

    public boolean isEmpty() {
        return waiting == 0;
    }

    /** Whether CONTROL has room for a frame of this size that is no heartbeat. */
    public boolean controlHasRoom(int size) {
        return bytes[CONTROL] + size + ENTRY_BYTES <= bounds.controlBytes() - HEARTBEAT_BYTES;
    }

    /** Whether something may leave, when what is paced may or must wait. */
    public boolean mayLeave(boolean paced) {
        return paced ? waiting > 0 : !queues.get(CONTROL).isEmpty() || mayLeave(CONSENSUS, false);
    }

    /** Of a class that something waits in, whether its eldest may leave. */
    private boolean mayLeave(int index, boolean paced) {
        Outgoing eldest = queues.get(index).peekFirst();
        return eldest != null && (paced || !eldest.lane(chunkBytes).paced());
    }

    /** The frame that leaves next; call if {@link #mayLeave}. */
    public Bytes next(boolean paced) {
        int chosen = choose(paced);
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
            leaveRelayRoom(outgoing, released);
        }
        release(chosen, released);
        charge(chosen, frame.size(), paced);
        return frame;
    }

    /** Takes everything that waits out of the queues, highest class first, oldest first. */
    public List<Outgoing> drain() {
        List<Outgoing> all = new ArrayList<>(waiting);
        for (int i = 0; i < queues.size(); i++) {
            queues.get(i).forEach(outgoing -> leaveRelayRoom(outgoing, outgoing.remaining() + ENTRY_BYTES));
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

    private int choose(boolean paced) {
        Invariants.check(mayLeave(paced), "nothing may leave over this link");
        boolean othersMay = paced ? waiting > queues.get(CONTROL).size() : mayLeave(CONSENSUS, false);
        if (!queues.get(CONTROL).isEmpty() && (!othersMay || credit[CONTROL] > 0)) {
            return CONTROL;
        }
        if (!paced) {
            return CONSENSUS;
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

    /** While nothing paced may leave, there is nobody to share the link with. */
    private void charge(int chosen, int size, boolean paced) {
        if (chosen != CONTROL) {
            credit[chosen] -= paced ? size : 0;
            credit[CONTROL] = Math.min(credit[CONTROL] + size / (CONTROL_SHARE - 1) + 1, CONTROL_BURST_BYTES);
        } else if (waiting > queues.get(CONTROL).size()) {
            credit[CONTROL] -= size;
        }
    }

    private boolean take(Outgoing outgoing, int size) {
        Priority priority = outgoing.priority();
        if (bytes[priority.code()] + size > bounds.bytes(priority)) {
            return false;
        }
        if (!outgoing.isRelayed()) {
            return share.take(priority, size);
        }
        RelayRoom room = relayRooms.get(priority.code());
        if (!room.take(outgoing.cameOver(), size)) {
            return false;
        }
        boolean taken = share.take(priority, size);
        if (!taken) {
            room.give(outgoing.cameOver(), size);
        }
        return taken;
    }

    /** A relayed frame leaves as a whole. */
    private void leaveRelayRoom(Outgoing outgoing, int size) {
        if (outgoing.isRelayed()) {
            relayRooms.get(outgoing.priority().code()).give(outgoing.cameOver(), size);
        }
    }

    private void release(int index, int size) {
        bytes[index] -= size;
        share.give(size);
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

    /** Drops the oldest that may make room for this one: its own kind for a relayed frame, anything for our own. */
    private boolean dropOldest(Outgoing newer) {
        int index = newer.priority().code();
        Iterator<Outgoing> oldestFirst = queues.get(index).iterator();
        while (oldestFirst.hasNext()) {
            Outgoing candidate = oldestFirst.next();
            boolean kind = !newer.isRelayed() || candidate.cameOver() == newer.cameOver();
            if (kind && !candidate.begun()) {
                oldestFirst.remove();
                forgetSuperseding(candidate);
                int size = candidate.remaining() + ENTRY_BYTES;
                leaveRelayRoom(candidate, size);
                release(index, size);
                dropped[index]++;
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
        if (more > 0 && !share.take(older.priority(), more)) {
            dropped[index]++;
            return Offer.REFUSED;
        }
        if (more < 0) {
            share.give(-more);
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
