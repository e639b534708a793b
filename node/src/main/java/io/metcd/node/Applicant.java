package io.metcd.node;

import io.metcd.base.ByteReader;
import io.metcd.base.Bytes;
import io.metcd.mesh.CallOutcome;
import io.metcd.mesh.Channel;
import io.metcd.mesh.PeerId;
import io.metcd.mesh.Priority;
import io.metcd.mesh.TopologyView;
import io.metcd.node.AdmissionCodec.Answer;
import io.metcd.node.AdmissionCodec.Kind;
import io.metcd.node.AdmissionCodec.Question;
import io.metcd.node.AdmissionCodec.Status;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A peer's way into a cluster that exists, and a member's doubt whether it still belongs: asks one member after another.
 */
final class Applicant {
    private static final long PAUSE_NANOS = 500_000_000L;
    private static final long CALL_NANOS = 7_000_000_000L;

    private final ReplicaConfig config;
    private final Surroundings around;
    private final Channel channel;
    private boolean asking;
    private long notBefore;
    private int turn;
    private String why = "";
    private Optional<MemberIdentity> welcome = Optional.empty();
    private Optional<Answer> expelled = Optional.empty();

    Applicant(ReplicaConfig config, Surroundings around, Channel channel) {
        this.config = config;
        this.around = around;
        this.channel = channel;
        this.notBefore = around.clock().nanos();
    }

    /** What is waited for, in words for an operator. */
    String why() {
        return why.isEmpty() ? "waiting for a member of cluster '" + config.cluster() + "' to answer" : why;
    }

    /** Who this peer is to be, once the cluster has said so. */
    Optional<MemberIdentity> welcome() {
        return welcome;
    }

    /** What a member said that knows this one to belong no more: REMOVED, REPLACED or TAKEN. */
    Optional<Answer> expelled() {
        return expelled;
    }

    /** Asks for a place, if it is time to. */
    void apply(TopologyView view, long nowNanos) {
        boolean keeps = config.durability() != ReplicaConfig.Durability.EPHEMERAL;
        Kind kind = keeps ? Kind.JOIN : Kind.SUBSTITUTE;
        List<PeerId> members = members(view, 0);
        if (members.isEmpty()) {
            why = "waiting for a member of cluster '" + config.cluster() + "' to be found: name one with --join"
                    + " or --initial-cluster";
        }
        ask(members, new Question(kind, 0, 0, config.name(), config.incarnation(), config.peerUrls()), nowNanos);
    }

    /** Asks whether the member still belongs, if it is time to. */
    void doubt(MemberIdentity identity, TopologyView view, long nowNanos) {
        Question question = new Question(
                Kind.CHECK,
                identity.clusterId(),
                identity.memberId(),
                identity.name(),
                config.incarnation(),
                List.of());
        ask(members(view, identity.clusterId()), question, nowNanos);
    }

    /** Those who may know: of this cluster, or of any with 0. */
    private static List<PeerId> members(TopologyView view, long clusterId) {
        List<PeerId> members = new ArrayList<>();
        for (TopologyView.PeerView peer : view.peers().values()) {
            long theirs = peer.facts().clusterId();
            boolean member = peer.facts().memberId() != 0 && (clusterId == 0 ? theirs != 0 : theirs == clusterId);
            if (member && peer.reachable() && !peer.id().equals(view.self())) {
                members.add(peer.id());
            }
        }
        return members;
    }

    private void ask(List<PeerId> members, Question question, long nowNanos) {
        if (asking || members.isEmpty() || nowNanos - notBefore < 0) {
            return;
        }
        asking = true;
        PeerId next = members.get(turn++ % members.size());
        channel.call(
                next,
                Priority.CONSENSUS,
                AdmissionCodec.encode(question),
                CALL_NANOS,
                outcome -> around.mailbox().post(() -> answered(outcome)));
    }

    private void answered(CallOutcome outcome) {
        asking = false;
        notBefore = around.clock().nanos() + PAUSE_NANOS;
        if (outcome instanceof CallOutcome.Reply reply) {
            take(reply.payload());
        }
    }

    private void take(Bytes payload) {
        try {
            Answer answer = AdmissionCodec.decodeAnswer(payload);
            why = answer.text();
            welcome = answer.identity();
            if (answer.status() != Status.WELCOME
                    && answer.status() != Status.WAIT
                    && answer.status() != Status.BELONGS) {
                expelled = Optional.of(answer);
            }
        } catch (ByteReader.Malformed damaged) {
            why = "a member answers what this version cannot read: " + damaged.getMessage();
        }
    }
}
