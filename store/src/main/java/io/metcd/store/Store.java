package io.metcd.store;

import io.metcd.base.Bytes;
import io.metcd.base.Invariants;
import io.metcd.store.command.CommandResult;
import io.metcd.store.command.Envelope;
import io.metcd.store.kv.Event;
import io.metcd.store.kv.KeyValue;
import io.metcd.store.kv.Refusal;
import io.metcd.store.session.Session;
import java.util.ArrayList;
import java.util.List;

/**
 * The state machine. It has one writer, which drives it so:
 *
 * <ol>
 *   <li>For each committed entry in order: {@link #apply} for a command, {@link #skip} for any other kind.
 *   <li>At the end of the turn take {@link #root()} and publish it; it holds everything applied so far. Taking it once
 *       per turn rather than per entry saves copies.
 *   <li>When idle and the root is not {@linkplain Root#isScrubbed() scrubbed}: {@link #scrub}.
 * </ol>
 *
 * <p>Not thread-safe; the roots are.
 */
public final class Store {
    private final Limits limits;
    private final Members members;
    private final Applier applier;
    private final StateHash hash;

    private long index;
    private long term;

    /** The root last taken, as long as nothing has happened since. */
    private Root root;

    private boolean changed;

    /** A new, empty store at revision 1. */
    public Store(Limits limits) {
        this(Root.EMPTY, limits);
    }

    private Store(Root root, Limits limits) {
        this.limits = limits;
        this.members = new Members(root, limits);
        this.hash = new StateHash(root.stateHash());
        this.applier = new Applier(root, limits, members, hash);
        this.index = root.appliedIndex();
        this.term = root.appliedTerm();
        this.root = root;
    }

    /** A store that goes on from a root, as read from a snapshot. */
    public static Store at(Root root, Limits limits) {
        return new Store(root, limits);
    }

    /**
     * Applies an entry made by {@link Envelope#encode}. Indexes follow each other without a gap. Throws
     * {@link io.metcd.base.ByteReader.Malformed} if it is none; then nothing has changed, and the owner must stop: it
     * cannot understand the log.
     */
    public Applied apply(long entryIndex, long entryTerm, Bytes entry) {
        Envelope envelope = Envelope.decode(entry);
        advance(entryIndex, entryTerm);
        Envelope.Origin origin = envelope.origin();
        Session.Verdict verdict = members.admit(origin);
        if (verdict != Session.Verdict.FRESH) {
            boolean duplicate = verdict == Session.Verdict.DUPLICATE;
            Refusal refusal = duplicate ? Refusal.DUPLICATE_PROPOSAL : Refusal.STALE_PROPOSAL;
            CommandResult refused = new CommandResult.Refused(applier.keyspace().revision(), refusal);
            hash.add(refusal.code());
            return new Applied(origin, refused, List.of(), duplicate);
        }
        hash.add(origin.member()).add(origin.incarnation()).add(origin.sequence());
        CommandResult result = applier.apply(envelope, entryIndex, entryTerm);
        List<Event> events = commit();
        applier.keyspace().scrub(limits.scrubRevisionsPerApply());
        return new Applied(origin, result, events, false);
    }

    /**
     * Applies a change of membership that consensus goes by already: also one whose proposal counts as applied before,
     * or as stale, because state and configuration must not part. Otherwise as {@link #apply}.
     */
    public Applied applyChange(long entryIndex, long entryTerm, Bytes entry) {
        Envelope envelope = Envelope.decode(entry);
        advance(entryIndex, entryTerm);
        Envelope.Origin origin = envelope.origin();
        boolean duplicate = members.admit(origin) == Session.Verdict.DUPLICATE;
        hash.add(origin.member()).add(origin.incarnation()).add(origin.sequence());
        CommandResult result = applier.apply(envelope, entryIndex, entryTerm);
        return new Applied(origin, result, commit(), duplicate);
    }

    /** Passes over an entry that is none of the store's, so that the applied index stays the log's. */
    public void skip(long entryIndex, long entryTerm) {
        advance(entryIndex, entryTerm);
    }

    /**
     * Frees memory of up to so many compacted revisions, and takes the hashes of compactions a step further; true if
     * there is more to do. Changes no answer.
     */
    public boolean scrub(int revisions) {
        changed = true;
        boolean hashing = applier.keyspace().hash(revisions * limits.hashRecordsPerScrubbed());
        return applier.keyspace().scrub(revisions) || hashing;
    }

    /** The state now; immutable. */
    public Root root() {
        if (changed) {
            changed = false;
            root = new Root(
                    new Root.Position(index, term, hash.value()),
                    applier.keyspace().freeze(),
                    applier.leases().freeze(),
                    members.freezeSessions(),
                    members.freezeMembers(),
                    applier.alarms(),
                    applier.auth());
        }
        return root;
    }

    private void advance(long entryIndex, long entryTerm) {
        Invariants.check(entryIndex == index + 1, "entry %s applied after %s", entryIndex, index);
        Invariants.check(entryTerm >= term, "entry of term %s applied after term %s", entryTerm, term);
        index = entryIndex;
        term = entryTerm;
        changed = true;
        hash.add(entryIndex).add(entryTerm);
    }

    private List<Event> commit() {
        List<KeyValue> kvs = applier.keyspace().commit();
        if (kvs.size() == 1) {
            hash.add(kvs.get(0));
            return List.of(Event.of(kvs.get(0)));
        }
        List<Event> events = new ArrayList<>(kvs.size());
        for (KeyValue kv : kvs) {
            hash.add(kv);
            events.add(Event.of(kv));
        }
        return events;
    }
}
