package io.metcd.node;

import io.metcd.base.Bytes;
import io.metcd.mesh.Channel;
import io.metcd.mesh.PeerId;
import io.metcd.mesh.TopologyView;
import io.metcd.node.AdmissionCodec.Answer;
import io.metcd.node.AdmissionCodec.Kind;
import io.metcd.node.AdmissionCodec.Question;
import io.metcd.node.AdmissionCodec.Status;
import io.metcd.node.autopilot.Mode;
import io.metcd.store.MemberState;
import io.metcd.store.MemberState.Standing;
import io.metcd.store.Root;
import io.metcd.store.command.Command;
import io.metcd.store.command.CommandResult;
import io.metcd.store.command.MemberCommand;
import java.util.List;
import java.util.Optional;

/**
 * Answers peers that ask for their place in this member's cluster. Any member may be asked; what changes anything goes
 * through the log, so that a place is given to one peer only.
 */
final class Gatekeeper {
    private static final long SUBMIT_NANOS = 5_000_000_000L;

    private final ReplicaConfig config;
    private final Surroundings around;

    Gatekeeper(ReplicaConfig config, Surroundings around) {
        this.config = config;
        this.around = around;
    }

    /** On the replica's thread. */
    void asked(PeerId from, Question question, Optional<Member> member, Channel.Reply reply) {
        if (member.isEmpty()) {
            answer(reply, Answer.of(Status.WAIT, "'" + config.name() + "' has no cluster itself"));
        } else if (question.kind() == Kind.CHECK) {
            answer(reply, check(from, question, member.get()));
        } else if (member.get().status().leader() == 0) {
            answer(reply, Answer.of(Status.WAIT, member.get().waitsFor()));
        } else if (question.kind() == Kind.JOIN) {
            join(from, question, member.get(), reply);
        } else {
            substitute(from, question, member.get(), reply);
        }
    }

    private Answer check(PeerId from, Question question, Member member) {
        Root root = member.machine().root();
        if (question.clusterId() != member.membership().identity().clusterId()) {
            return Answer.of(Status.WAIT, "another cluster");
        }
        if (root.isRemoved(question.memberId())) {
            return Answer.of(root.isReplaced(question.memberId()) ? Status.REPLACED : Status.REMOVED, "");
        }
        Bytes bound = member.membership()
                .known(question.memberId())
                .map(MemberState::peer)
                .orElse(Bytes.EMPTY);
        boolean another = !bound.isEmpty() && !bound.equals(from.id16());
        return another ? Answer.of(Status.TAKEN, new PeerId(bound).brief()) : Answer.of(Status.BELONGS, "");
    }

    /** To the place that MemberAdd has made: it is known by its peer URLs. */
    private void join(PeerId from, Question question, Member member, Channel.Reply reply) {
        List<MemberState> members = member.membership().known();
        Optional<MemberState> own =
                members.stream().filter(each -> each.peer().equals(from.id16())).findFirst();
        if (own.isPresent()) {
            welcome(member, question.name(), own.get().id(), reply);
            return;
        }
        Optional<MemberState> place = members.stream()
                .filter(each -> !each.started() && each.peer().isEmpty())
                .filter(each -> each.peerUrls().stream().anyMatch(question.peerUrls()::contains))
                .findFirst();
        if (place.isEmpty() && isPiloted()) {
            add(from, question, member, Standing.STANDBY, reply);
            return;
        }
        if (place.isEmpty()) {
            answer(
                    reply,
                    Answer.of(
                            Status.WAIT,
                            "cluster '" + config.cluster() + "' has no unused place with the peer URLs "
                                    + String.join(", ", question.peerUrls())
                                    + ": make one with 'etcdctl member add " + question.name() + " --peer-urls=...'"));
            return;
        }
        long id = place.get().id();
        submit(member, new Command.MemberBind(id, from.id16(), question.incarnation()), question.name(), id, reply);
    }

    /** In the place of an earlier life: first as a learner. */
    private void substitute(PeerId from, Question question, Member member, Channel.Reply reply) {
        List<MemberState> members = member.membership().known();
        List<String> slots = member.membership().identity().slots();
        Optional<MemberState> own = members.stream()
                .filter(each -> each.peer().equals(from.id16()) && each.incarnation() == question.incarnation())
                .findFirst();
        if (own.isPresent()) {
            welcome(member, question.name(), own.get().id(), reply);
            return;
        }
        boolean voted = hasVoter(question.name(), member);
        boolean known = voted
                || slots.contains(question.name())
                || members.stream().anyMatch(each -> each.name().equals(question.name()));
        boolean forgets = config.durability() == ReplicaConfig.Durability.EPHEMERAL;
        if (forgets && isPiloted() && !voted) {
            add(from, question, member, Standing.STANDBY, reply);
        } else if (forgets && known) {
            add(from, question, member, Standing.SUBSTITUTE, reply);
        } else {
            String why = known
                    ? "the members of cluster '" + config.cluster() + "' keep their data, and '" + question.name()
                            + "' does not: start it with its data directory"
                    : "cluster '" + config.cluster() + "' has no member '" + question.name()
                            + "': start it with one of the names " + String.join(", ", slots);
            answer(reply, Answer.of(Status.WAIT, why));
        }
    }

    /** A learner that nobody has asked for. */
    private void add(PeerId from, Question question, Member member, Standing standing, Channel.Reply reply) {
        Optional<String> objection = alive(from, question.name());
        if (standing == Standing.STANDBY
                && member.membership().standbys() >= config.limits().standbysMax()) {
            objection = Optional.of("cluster '" + config.cluster() + "' has "
                    + config.limits().standbysMax() + " members that wait to vote, and takes no more");
        }
        if (objection.isPresent()) {
            answer(reply, Answer.of(Status.WAIT, objection.get()));
            return;
        }
        List<String> slots = member.membership().identity().slots();
        long id = FoundingSet.substituteId(config.cluster(), slots, question.name(), from, question.incarnation());
        while (member.machine().root().isRemoved(id)) {
            id = FoundingSet.idAfter(id);
        }
        MemberState fresh = new MemberState(
                id, question.name(), question.peerUrls(), List.of(), from.id16(), question.incarnation(), standing);
        submit(member, new MemberCommand.Add(fresh), question.name(), id, reply);
    }

    /** Whether learners may come that nobody has asked for: the autopilot then decides about them. */
    private boolean isPiloted() {
        return config.autopilot().mode() != Mode.OFF;
    }

    /** Whether somebody of the name votes, alive or not. */
    private static boolean hasVoter(String name, Member member) {
        return member.status().configuration().voters().stream()
                .anyMatch(voter -> member.membership().name(voter).equals(name));
    }

    /** Another peer that runs under the name. */
    private Optional<String> alive(PeerId from, String name) {
        for (TopologyView.PeerView peer : around.mesh().topology().peers().values()) {
            boolean namesake = peer.facts().name().equals(name) && !peer.id().equals(from);
            if (namesake && peer.reachable() && peer.facts().memberId() != 0) {
                return Optional.of("waiting for the earlier life of '" + name + "' ("
                        + peer.id().brief() + ") to be gone: it can still be reached; give one of them another name");
            }
        }
        return Optional.empty();
    }

    private void submit(Member member, Command command, String name, long id, Channel.Reply reply) {
        long now = around.clock().nanos();
        member.submit(command, new Replica.Span(now, now + SUBMIT_NANOS), outcome -> {
            boolean done = outcome instanceof Outcome.Done each && !(each.result() instanceof CommandResult.Refused);
            if (done) {
                welcome(member, name, id, reply);
            } else {
                answer(reply, Answer.of(Status.WAIT, "the cluster has not taken '" + name + "' in yet: " + outcome));
            }
        });
    }

    private static void welcome(Member member, String name, long id, Channel.Reply reply) {
        MemberIdentity here = member.membership().identity();
        MemberIdentity identity =
                new MemberIdentity(here.cluster(), name, here.clusterId(), id, here.epoch(), here.founders());
        answer(reply, new Answer(Status.WELCOME, "", Optional.of(identity)));
    }

    private static void answer(Channel.Reply reply, Answer answer) {
        reply.send(AdmissionCodec.encode(answer));
    }
}
