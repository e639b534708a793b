package io.metcd.node;

import io.metcd.base.RandomSource;
import io.metcd.mesh.Mesh;
import io.metcd.mesh.PeerFacts;
import io.metcd.mesh.TopologyView;
import io.metcd.node.Founding.Verdict;
import io.metcd.raft.RaftStatus;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * This member in the mesh: what it sees there, what it says of itself there, and whether that founds a cluster. Says
 * something only when it differs from what was said last.
 */
final class Presence {
    private final ReplicaConfig config;
    private final Mesh mesh;
    private final Optional<Founding> founding;
    /** A view that came since the last look. */
    private final AtomicReference<@Nullable TopologyView> fresh = new AtomicReference<>();

    private TopologyView view;
    private Gist said = new Gist(-1, 0, Part.NONE, FoundingPromise.NONE_YET);

    /** What of the facts ever changes. */
    private record Gist(long term, long leader, Part part, FoundingPromise promise) {}

    /** What this peer is in its cluster. */
    private enum Part {
        NONE,
        LEARNER,
        VOTER
    }

    Presence(ReplicaConfig config, Mesh mesh, RandomSource random, Founding.Doors doors) {
        this.config = config;
        this.mesh = mesh;
        this.founding = config.foundsByPromise()
                ? Optional.of(new Founding(config, mesh.self(), random, doors))
                : Optional.empty();
        this.view = mesh.topology();
    }

    /** Begins to hear of changes; the wakeup is called from any thread. */
    void listen(Runnable wakeup) {
        mesh.onTopology(changed -> {
            if (fresh.getAndSet(changed) == null) {
                wakeup.run();
            }
        });
    }

    TopologyView view() {
        return view;
    }

    /** Takes the newest view; true if it is another than before. */
    boolean look() {
        TopologyView newest = fresh.getAndSet(null);
        if (newest == null) {
            return false;
        }
        view = newest;
        return true;
    }

    /** Where the founding by promises stands; {@code history} is whether this member's log has one. */
    Verdict founding(long nowNanos, boolean history) {
        return founding.orElseThrow().observe(view, nowNanos, history);
    }

    /** Tells the mesh what this member is now. Asked in every turn, so it costs a few comparisons while nothing is new. */
    void say(Optional<Member> member) {
        Gist now = gist(member);
        if (!said.equals(now)) {
            said = now;
            mesh.publish(facts(member.map(Member::membership), now));
        }
    }

    private Gist gist(Optional<Member> member) {
        boolean history = member.isPresent() && member.get().hasHistory();
        FoundingPromise promise = founding.isPresent() ? founding.get().promise(history) : FoundingPromise.NONE_YET;
        if (history && !promise.established()) {
            promise = promise.asEstablished(); // it came into a cluster that others have founded
        }
        if (member.isEmpty()) {
            return new Gist(0, 0, Part.NONE, promise);
        }
        RaftStatus status = member.get().status();
        boolean votes = status.configuration().isVoter(member.get().membership().self());
        return new Gist(status.term(), status.leader(), votes ? Part.VOTER : Part.LEARNER, promise);
    }

    private PeerFacts facts(Optional<Membership> membership, Gist gist) {
        PeerFacts facts = PeerFacts.named(config.name())
                .withClientUrls(config.clientUrls())
                .withLeader(gist.term(), gist.leader());
        if (!config.zone().isEmpty()) {
            facts = facts.withLabel(Pilot.ZONE, config.zone());
        }
        if (founding.isPresent()) {
            facts = facts.withPromise(gist.promise().encode());
        }
        if (membership.isPresent()) {
            MemberIdentity here = membership.get().identity();
            facts = facts.withMember(here.memberId(), here.clusterId(), here.epoch());
        }
        if (gist.part() == Part.VOTER) {
            facts = facts.withLabel(PeerFacts.VOTES, "yes");
        }
        return facts;
    }
}
