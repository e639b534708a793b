package io.metcd.node;

import io.metcd.base.ByteReader;
import io.metcd.base.Bytes;
import io.metcd.node.FoundingSet.Seat;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * Founders that are counted, not named: the lowest peers of a view that has been the same for a while, and is the same
 * for all of them. The lowest of them promises first; the others promise what it has promised, if they are in it and
 * have promised nothing yet.
 */
final class ExpectRule implements FoundingRule {
    private final ReplicaConfig config;
    private final int count;
    private final boolean keepsPromises;
    private final boolean splitRisk;
    private Optional<FoundingSet> candidates = Optional.empty();
    private long sinceNanos;

    ExpectRule(ReplicaConfig config) {
        this.config = config;
        this.count = config.expect().founders();
        this.keepsPromises = config.durability() == ReplicaConfig.Durability.DURABLE;
        this.splitRisk = config.expect().guard() == ReplicaConfig.Guard.SPLIT_RISK;
    }

    @Override
    public Choice choose(List<Claim> claims, long nowNanos) {
        for (Claim claim : claims) {
            if (claim.reachable() && claim.clusterId() != 0) {
                return unseen("waiting for the cluster " + Long.toHexString(claim.clusterId()) + " that "
                        + claim.label() + " has started to have a leader");
            }
        }
        Optional<FoundingSet> asked = asked(claims);
        if (asked.isPresent()) {
            return Choice.of(asked.get());
        }
        List<Claim> free = new ArrayList<>();
        for (Claim claim : claims) {
            if (!claim.reachable()) {
                continue;
            }
            if (claim.expects() != count) {
                return unseen("waiting for " + claim.label() + ", which "
                        + (claim.expects() == 0 ? "founds by names" : "expects " + claim.expects() + " founders")
                        + ": give all members of cluster '" + config.cluster() + "' the same founding");
            }
            if (!claim.promise().given()) {
                free.add(claim);
            }
        }
        if (free.size() < count) {
            return unseen("waiting for founders of cluster '" + config.cluster() + "': " + free.size() + " of " + count
                    + " are here" + busy(claims));
        }
        free.sort(Comparator.comparing(Claim::peer));
        List<Claim> lowest = free.subList(0, count);
        return agree(lowest, claims.get(0), nowNanos);
    }

    /** Whether all the lowest see the same, for long enough; then the lowest one promises. */
    private Choice agree(List<Claim> lowest, Claim self, long nowNanos) {
        FoundingSet set = new FoundingSet(
                config.cluster(), lowest.stream().map(Claim::seat).toList());
        if (!candidates.equals(Optional.of(set))) {
            candidates = Optional.of(set);
            sinceNanos = nowNanos;
        }
        String names = String.join(", ", lowest.stream().map(Claim::label).toList());
        if (nowNanos - sinceNanos < config.expect().stableNanos()) {
            return Choice.waiting("the candidates to found cluster '" + config.cluster() + "' are " + names
                    + ", if nobody comes or goes within " + config.expect().stableNanos() / 1_000_000_000L + " s");
        }
        for (Claim claim : lowest) {
            boolean sees = claim.peer().equals(self.peer())
                    || claim.promise().ballot().candidates().equals(set.hash());
            if (!sees) {
                return Choice.waiting("waiting for " + claim.label() + " to see the same candidates to found cluster '"
                        + config.cluster() + "': " + names);
            }
        }
        return lowest.get(0).peer().equals(self.peer())
                ? Choice.of(set)
                : Choice.waiting("waiting for the promise of " + lowest.get(0).label() + " to found cluster '"
                        + config.cluster() + "' with " + names);
    }

    /** The set of the lowest peer that has promised one with this founder in it, if that can still come about. */
    private Optional<FoundingSet> asked(List<Claim> claims) {
        Claim self = claims.get(0);
        Optional<Claim> lowest = Optional.empty();
        Optional<FoundingSet> asked = Optional.empty();
        for (Claim claim : claims) {
            boolean first =
                    lowest.isEmpty() || claim.peer().compareTo(lowest.get().peer()) < 0;
            Bytes proposal = claim.promise().ballot().proposal();
            if (claim.peer().equals(self.peer())
                    || !claim.reachable()
                    || claim.expects() != count
                    || proposal.isEmpty()
                    || !first) {
                continue;
            }
            Optional<FoundingSet> set = read(proposal)
                    .filter(each ->
                            each.seats().contains(self.seat()) && each.seats().contains(claim.seat()))
                    .filter(each -> each.hash().equals(claim.promise().set()))
                    .filter(each -> claims.stream().noneMatch(other -> other.bars(each)));
            if (set.isPresent()) {
                lowest = Optional.of(claim);
                asked = set;
            }
        }
        return asked;
    }

    private Optional<FoundingSet> read(Bytes proposal) {
        try {
            FoundingSet set = FoundingSet.decode(proposal, count);
            return set.seats().size() == count && set.cluster().equals(config.cluster())
                    ? Optional.of(set)
                    : Optional.empty();
        } catch (ByteReader.Malformed malformed) {
            return Optional.empty();
        }
    }

    private Choice unseen(String why) {
        candidates = Optional.empty();
        return Choice.waiting(why);
    }

    private static String busy(List<Claim> claims) {
        List<String> busy = claims.stream()
                .filter(claim -> claim.reachable() && claim.promise().given())
                .map(Claim::label)
                .toList();
        return busy.isEmpty() ? "" : "; promised to others: " + String.join(", ", busy);
    }

    /**
     * A kept promise is given up when the set can never be promised by all, which nobody can take back. One that dies
     * with its process is given up, too, when a founder is away; once consensus runs, only where losing a cluster that
     * never had a leader is an accepted risk, and only when a majority is away.
     */
    @Override
    public boolean isHopeless(FoundingSet set, List<Claim> claims, boolean started) {
        boolean barred = claims.stream().anyMatch(claim -> claim.bars(set));
        if (keepsPromises) {
            return !started && barred;
        }
        int away = 0;
        for (Seat seat : set.seats()) {
            boolean here = claims.stream()
                    .anyMatch(claim -> claim.reachable() && claim.seat().equals(seat));
            away += here ? 0 : 1;
        }
        boolean foreign = claims.stream().anyMatch(claim -> claim.reachable() && claim.runsAnother(set));
        return started ? splitRisk && FoundingRule.losesMajority(set, away) : barred || foreign || away > 0;
    }

    @Override
    public String advice(List<Claim> claims, List<Seat> silent) {
        boolean away = silent.stream()
                .anyMatch(seat -> claims.stream()
                        .noneMatch(claim -> claim.reachable() && claim.seat().equals(seat)));
        return keepsPromises && away
                ? ": bring back who is away with its data directory; if that is lost, stop this member and start it"
                        + " with an empty one"
                : "";
    }

    @Override
    public int expects() {
        return count;
    }

    @Override
    public Bytes candidates() {
        return candidates.map(FoundingSet::hash).orElse(Bytes.EMPTY);
    }
}
