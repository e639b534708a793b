package io.metcd.store;

import io.metcd.store.command.Command;
import io.metcd.store.command.Envelope.Origin;
import io.metcd.store.command.MemberCommand;
import io.metcd.store.index.Cursor;
import io.metcd.store.index.MapEditor;
import io.metcd.store.index.OrderedMap;
import io.metcd.store.session.Session;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The writer of what is known of members: who they are, and which of their proposals have been applied. */
final class Members {
    private final MapEditor<Long, MemberState> members;
    private final MapEditor<Long, Session> sessions;
    private final int window;

    Members(Root root, Limits limits) {
        this.members = root.memberTable().edit();
        this.sessions = root.sessions().edit();
        this.window = limits.proposalWindow();
    }

    /** Whether a proposal may take effect; a FRESH one is from now on remembered. */
    Session.Verdict admit(Origin origin) {
        if (origin.member() == 0) {
            return Session.Verdict.FRESH;
        }
        Session session = sessions.get(origin.member(), Session.NEW);
        Session.Verdict verdict = session.verdict(origin.incarnation(), origin.sequence());
        if (verdict == Session.Verdict.FRESH) {
            sessions.put(origin.member(), session.with(origin.incarnation(), origin.sequence(), window));
        }
        return verdict;
    }

    /** Makes a member known, or known by another name or other addresses. */
    MemberState describe(Command.MemberDescribe describe) {
        MemberState old = known(describe.id());
        return put(old.described(describe.name(), describe.peerUrls(), describe.clientUrls()));
    }

    /**
     * Binds a member that is not bound to another peer (else there is no result); binding it again to its peer moves
     * the incarnation.
     */
    Optional<MemberState> bind(Command.MemberBind bind) {
        MemberState old = known(bind.id());
        if (!old.peer().isEmpty() && !old.peer().equals(bind.peer())) {
            return Optional.empty();
        }
        return Optional.of(put(old.bound(bind.peer().compact(), bind.incarnation())));
    }

    /** By unsigned id. */
    List<MemberState> list() {
        List<MemberState> list = new ArrayList<>();
        for (Cursor<Long, MemberState> cursor = freezeMembers().first(); cursor.isValid(); cursor.next()) {
            list.add(cursor.value());
        }
        return list;
    }

    boolean isRemoved(long id) {
        return sessions.get(id, Session.NEW).isClosed();
    }

    /** Makes a change that {@link MemberRules} allow; returns the member that it is about, or the code of a switch. */
    long change(MemberCommand command) {
        if (command instanceof MemberCommand.Add add) {
            return put(add.member()).id();
        }
        if (command instanceof MemberCommand.Remove gone) {
            remove(gone.id(), gone.comesAgain() ? Session.REPLACED : Session.CLOSED);
            return gone.id();
        }
        if (command instanceof MemberCommand.Update update) {
            MemberState old = known(update.id());
            return put(old.described(old.name(), update.peerUrls(), old.clientUrls()))
                    .id();
        }
        if (command instanceof MemberCommand.Promote promote) {
            promote.replaced().forEach(id -> remove(id, Session.REPLACED));
            return put(known(promote.id()).promoted()).id();
        }
        if (command instanceof MemberCommand.Steer steer) {
            sessions.put(Root.PILOT, Session.number(steer.pilot().code()));
            return steer.pilot().code();
        }
        MemberState last = ((MemberCommand.Alone) command).member();
        list().forEach(member -> remove(member.id(), Session.CLOSED));
        return put(last).id();
    }

    /** A removed id never returns, so nothing that it proposed may take effect from now on. */
    private void remove(long id, Session last) {
        members.remove(id); // a founder may go before it has said its name
        sessions.put(id, last);
    }

    OrderedMap<Long, MemberState> freezeMembers() {
        return members.freeze();
    }

    OrderedMap<Long, Session> freezeSessions() {
        return sessions.freeze();
    }

    private MemberState known(long id) {
        return members.get(id, MemberState.added(id, List.of(), MemberState.Standing.VOTER));
    }

    private MemberState put(MemberState member) {
        members.put(member.id(), member);
        return member;
    }
}
