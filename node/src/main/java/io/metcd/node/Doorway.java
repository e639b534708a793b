package io.metcd.node;

import io.metcd.base.ByteReader;
import io.metcd.base.Bytes;
import io.metcd.mesh.Channel;
import io.metcd.mesh.PeerId;
import io.metcd.mesh.TopologyView;
import io.metcd.node.AdmissionCodec.Answer;
import java.util.Optional;
import java.util.function.Supplier;

/** The way into a cluster that exists, for this peer and for others, and the way out for a member that was removed. */
final class Doorway {
    private static final String CHANNEL = "admission";
    /** Without a leader for so long, a member asks whether it still belongs. */
    private static final long DOUBT_NANOS = 3_000_000_000L;

    private final ReplicaConfig config;
    private final Surroundings around;
    private final Supplier<Optional<Member>> member;
    private final Gatekeeper gatekeeper;
    private final Applicant applicant;

    /** Why a member must end. */
    record Ending(ReplicaStatus.Phase phase, String why) {}

    /** The member is asked for on the replica's thread. */
    Doorway(ReplicaConfig config, Surroundings around, Supplier<Optional<Member>> member) {
        this.config = config;
        this.around = around;
        this.member = member;
        this.gatekeeper = new Gatekeeper(config, around);
        Channel channel = around.mesh().channel(CHANNEL);
        this.applicant = new Applicant(config, around, channel);
        channel.onCall(this::called);
    }

    /** Asks the cluster for a place, if it is time to; who this peer is to be, once the cluster has said so. */
    Optional<MemberIdentity> apply(TopologyView view, long nowNanos) {
        applicant.apply(view, nowNanos);
        return applicant.welcome();
    }

    /** What is waited for, in words for an operator. */
    String why() {
        return applicant.why();
    }

    /** A member that hears of no leader may have been removed while it was away, or its cluster begun anew. */
    Optional<Ending> doubt(Member here, TopologyView view, long nowNanos) {
        MemberIdentity identity = here.membership().identity();
        if (here.watch().unknownNanos(nowNanos) >= DOUBT_NANOS) {
            applicant.doubt(identity, view, nowNanos);
            if (isSuperseded(identity, view)) {
                return Optional.of(new Ending(
                        ReplicaStatus.Phase.REPLACED,
                        "cluster '" + config.cluster() + "' was begun anew without this member: start it again, and it"
                                + " comes into the new one"));
            }
        }
        return applicant.expelled().map(answer -> ending(answer, identity));
    }

    private static Ending ending(Answer answer, MemberIdentity identity) {
        return switch (answer.status()) {
            case REMOVED -> new Ending(ReplicaStatus.Phase.REMOVED, Membership.removed(identity));
            case REPLACED -> new Ending(ReplicaStatus.Phase.REPLACED, Membership.replaced(identity));
            default -> new Ending(ReplicaStatus.Phase.FAILED, Membership.taken(identity, answer.text()));
        };
    }

    /** A member that keeps nothing gives its old cluster up when an operator has begun a later one. */
    private boolean isSuperseded(MemberIdentity own, TopologyView view) {
        return config.durability() == ReplicaConfig.Durability.EPHEMERAL
                && view.peers().values().stream()
                        .anyMatch(peer -> peer.reachable()
                                && peer.facts().clusterId() != own.clusterId()
                                && peer.facts().clusterId() != 0
                                && peer.facts().epoch() > own.epoch()
                                && peer.facts().leader() != 0);
    }

    /** On the mesh's thread. */
    private void called(PeerId from, Bytes request, Channel.Reply reply) {
        boolean fits = around.mailbox().offer(() -> {
            try {
                gatekeeper.asked(from, AdmissionCodec.decodeQuestion(request), member.get(), reply);
            } catch (ByteReader.Malformed malformed) {
                reply.refuse("malformed");
            }
        });
        if (!fits) {
            reply.refuse("busy");
        }
    }
}
