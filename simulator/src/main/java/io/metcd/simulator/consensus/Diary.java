package io.metcd.simulator.consensus;

import io.metcd.raft.Entry;
import io.metcd.raft.Message;
import io.metcd.raft.Raft;
import io.metcd.raft.RaftStatus;
import io.metcd.raft.Role;
import io.metcd.raft.codec.EntryCodec;
import io.metcd.raft.log.LogView;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What one life of a member has to tell a {@link Witness}, until the writes under way make it true for good. */
final class Diary {
    private final @Nullable Witness witness;
    private final Raft raft;

    /** Since the last Ready. */
    private final List<Telling> fresh = new ArrayList<>();

    /** One list for each write under way: what its completion lets out. */
    private final Deque<List<Telling>> waiting = new ArrayDeque<>();

    private Witness.@Nullable State known;

    /** Something to tell, which came about in a term of the member. */
    private record Telling(long term, Runnable telling) {}

    Diary(@Nullable Witness witness, Raft raft, boolean isRestart) {
        this.witness = witness;
        this.raft = raft;
        if (witness != null) {
            known = state(raft.status());
            if (isRestart) {
                witness.restarted(known);
            }
        }
    }

    /** The member has taken an input. */
    void look() {
        Witness told = witness;
        if (told == null) {
            return;
        }
        Witness.State state = state(raft.status());
        if (!state.equals(known)) {
            known = state;
            fresh.add(new Telling(state.term(), () -> told.became(state)));
        }
    }

    /** The member has handed out a Ready, with something to write or without. */
    void handedOut(boolean writes) {
        if (writes) {
            waiting.addLast(new ArrayList<>());
        }
        if (raft.status().role() == Role.LEADER) {
            // Elected only when all of that is durable; and its log leaves beside the write.
            waiting.forEach(Diary::tell);
            tell(fresh);
        } else if (waiting.isEmpty()) {
            tell(fresh);
        } else {
            waiting.getLast().addAll(fresh);
            fresh.clear();
        }
    }

    /** The oldest write is complete. */
    void written() {
        tell(waiting.removeFirst());
    }

    /** The member knows of the completion. */
    void persisted() {
        RaftStatus status = raft.status();
        if (witness != null && status.role() == Role.LEADER) {
            witness.acknowledged(status.self(), status.self(), status.term(), status.durable());
        }
    }

    /** A message leaves. */
    void left(Message message) {
        Witness told = witness;
        if (told == null) {
            return;
        }
        if (message instanceof Message.PreVoteReply reply && reply.granted()) {
            preVoted(new Telling(reply.term(), () -> told.preVoted(reply.from(), reply.to(), reply.campaign())));
        } else if (message instanceof Message.AppendReply reply && reply.match() > 0) {
            told.acknowledged(reply.from(), reply.to(), reply.term(), reply.match());
        }
    }

    /** The oldest writes have been completed, the others never will be. */
    void crashed(int kept) {
        for (int i = 0; i < kept; i++) {
            written();
        }
        waiting.clear();
        fresh.clear();
    }

    /** It promises nothing and leaves beside the writes, so only what it follows from comes before it. */
    private void preVoted(Telling grant) {
        List<Telling> place = null;
        int behind = 0;
        for (List<Telling> list : waiting) {
            for (int i = 0; i < list.size(); i++) {
                if (list.get(i).term <= grant.term) {
                    place = list;
                    behind = i + 1;
                }
            }
        }
        if (place == null) {
            grant.telling.run();
        } else {
            place.add(behind, grant);
        }
    }

    private static void tell(List<Telling> tellings) {
        tellings.forEach(one -> one.telling.run());
        tellings.clear();
    }

    private Witness.State state(RaftStatus status) {
        LogView log = raft.log();
        List<Witness.Place> places = new ArrayList<>();
        for (long index = log.firstIndex(); index <= log.lastIndex(); index++) {
            Entry entry = log.entryAt(index);
            places.add(new Witness.Place(
                    entry.term(),
                    entry.kind() == Entry.Kind.CONFIGURATION
                            ? Optional.of(EntryCodec.change(entry).configuration())
                            : Optional.empty()));
        }
        return new Witness.State(status.self(), status.term(), status.vote(), status.role(), status.commit(), places);
    }
}
