package io.metcd.node;

import io.metcd.mesh.TopologyView;
import io.metcd.node.autopilot.Advice;
import io.metcd.node.autopilot.Autopilot;
import io.metcd.node.autopilot.Mode;
import io.metcd.node.autopilot.Rules;
import io.metcd.node.autopilot.Scene;
import io.metcd.node.autopilot.Seat;
import io.metcd.raft.MemberProgress;
import io.metcd.raft.RaftStatus;
import io.metcd.store.MemberState;
import io.metcd.store.MemberState.Standing;
import io.metcd.store.Root;
import io.metcd.store.command.MemberCommand;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What the autopilot sees and says, while this member leads: it looks around once a second. */
final class Pilot {
    /** The label under which a peer says in which zone it runs. */
    static final String ZONE = "zone";

    private static final long LOOK_NANOS = 1_000_000_000L;
    /** So few entries behind, a learner counts as caught up. */
    private static final long CAUGHT_UP_ENTRIES = 250;

    private final Membership membership;
    private final MeshHints hints;
    private final Autopilot autopilot;
    private TopologyView view;
    /** What this member was started with; the mode is that, but for an operator's word. */
    private final Mode started;

    private Mode mode;
    private List<String> reasons = List.of();
    private long nextLook;
    private boolean leads;

    Pilot(Rules rules, Membership membership, MeshHints hints, TopologyView view) {
        this.membership = membership;
        this.hints = hints;
        this.autopilot = new Autopilot(rules);
        this.view = view;
        this.started = rules.mode();
        this.mode = started;
    }

    /** Takes what the state says now. */
    void follow(Root root) {
        mode = switch (root.pilot()) {
            case AS_STARTED -> started;
            case PAUSED -> Mode.PAUSED;
            case DRY_RUN -> Mode.DRY_RUN;
        };
    }

    /** Takes a new view of the mesh, for the zones in it. */
    void observe(TopologyView now) {
        view = now;
    }

    /**
     * What a leader should change, most often nothing; asked in every turn.
     *
     * @param changing whether a change of membership is under way or waits
     */
    Optional<MemberCommand> look(RaftStatus status, boolean changing, long nowNanos) {
        if (leads && nowNanos - nextLook < 0) {
            return Optional.empty();
        }
        leads = true;
        nextLook = nowNanos + LOOK_NANOS;
        Advice advice = autopilot.look(new Scene(nowNanos, status.self(), changing, seats(status)), mode);
        reasons = advice.reasons();
        return advice.act().map(Pilot::command);
    }

    /** This member does not lead any more. */
    void rest() {
        leads = false;
        autopilot.forget();
        reasons = List.of();
    }

    /** Whether a learner that came by itself waits to be needed, rather than for its log alone. */
    boolean decidesOn(MemberState learner, List<Long> namesakes) {
        boolean replaces = learner.standing() == Standing.SUBSTITUTE && !namesakes.isEmpty();
        return mode == Mode.ON && !replaces;
    }

    AutopilotStatus status(long leader) {
        if (mode == Mode.OFF || mode == Mode.PAUSED || leads || leader == 0) {
            return new AutopilotStatus(mode, reasons);
        }
        return new AutopilotStatus(mode, List.of("member '" + membership.name(leader) + "' leads: ask it"));
    }

    /** Whether a member was heard of lately, and holds nearly all that is committed: at least something. */
    static boolean isCaughtUp(long member, RaftStatus status) {
        return progress(member, status)
                .filter(each -> each.recentlyActive() && !each.snapshotPending())
                .filter(each -> each.match() > 0 && status.commit() - each.match() <= CAUGHT_UP_ENTRIES)
                .isPresent();
    }

    private List<Seat> seats(RaftStatus status) {
        List<Seat> seats = new ArrayList<>();
        for (long voter : status.configuration().voters()) {
            seats.add(seat(voter, Seat.Part.VOTER, status));
        }
        for (MemberState member : membership.known()) {
            boolean waits = member.standing() == Standing.STANDBY
                    || (member.standing() == Standing.SUBSTITUTE
                            && membership
                                    .namesakes(member, status.configuration())
                                    .isEmpty());
            if (waits && status.configuration().learners().contains(member.id())) {
                seats.add(seat(member.id(), Seat.Part.STANDBY, status));
            }
        }
        return seats;
    }

    private Seat seat(long member, Seat.Part part, RaftStatus status) {
        boolean self = member == status.self();
        boolean heard =
                progress(member, status).map(MemberProgress::recentlyActive).orElse(false);
        return new Seat(
                member,
                membership.name(member),
                zone(member),
                part,
                founds(member),
                self || (hints.isReached(member) && heard),
                self || isCaughtUp(member, status));
    }

    private boolean founds(long member) {
        MemberIdentity identity = membership.identity();
        return identity.slots().contains(membership.name(member))
                || identity.founders().stream().anyMatch(founder -> founder.memberId() == member);
    }

    private String zone(long member) {
        return membership
                .peer(member)
                .flatMap(view::peer)
                .map(peer -> peer.facts().labels().getOrDefault(ZONE, ""))
                .orElse("");
    }

    private static Optional<MemberProgress> progress(long member, RaftStatus status) {
        return status.progress().stream()
                .filter(each -> each.member() == member)
                .findFirst();
    }

    private static MemberCommand command(Advice.Act act) {
        if (act instanceof Advice.Act.Promote promote) {
            return new MemberCommand.Promote(
                    promote.standby(), promote.replaced().map(List::of).orElse(List.of()));
        }
        return new MemberCommand.Remove(((Advice.Act.Remove) act).member(), true);
    }
}
