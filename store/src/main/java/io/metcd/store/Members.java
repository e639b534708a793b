package io.metcd.store;

import io.metcd.base.Bytes;
import io.metcd.store.command.Command;
import io.metcd.store.command.Envelope.Origin;
import io.metcd.store.index.MapEditor;
import io.metcd.store.index.OrderedMap;
import io.metcd.store.session.Session;
import java.util.List;
import java.util.Optional;

/** The writer of what is known of members: who they are, and which of their proposals have been applied. */
final class Members {
    private static final MemberState UNKNOWN = new MemberState(0, "", List.of(), List.of(), Bytes.EMPTY, 0);

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
        MemberState old = members.get(describe.id(), UNKNOWN);
        return put(new MemberState(
                describe.id(),
                describe.name(),
                describe.peerUrls(),
                describe.clientUrls(),
                old.peer(),
                old.incarnation()));
    }

    /**
     * Binds a member that is not bound to another peer (else there is no result); binding it again to its peer moves
     * the incarnation.
     */
    Optional<MemberState> bind(Command.MemberBind bind) {
        MemberState old = members.get(bind.id(), UNKNOWN);
        if (!old.peer().isEmpty() && !old.peer().equals(bind.peer())) {
            return Optional.empty();
        }
        return Optional.of(put(new MemberState(
                bind.id(),
                old.name(),
                old.peerUrls(),
                old.clientUrls(),
                bind.peer().compact(),
                bind.incarnation())));
    }

    /** A removed id never returns, so nothing that it proposed may take effect from now on. */
    boolean remove(long id) {
        if (!members.remove(id)) {
            return false;
        }
        sessions.put(id, Session.CLOSED);
        return true;
    }

    OrderedMap<Long, MemberState> freezeMembers() {
        return members.freeze();
    }

    OrderedMap<Long, Session> freezeSessions() {
        return sessions.freeze();
    }

    private MemberState put(MemberState member) {
        members.put(member.id(), member);
        return member;
    }
}
