package io.metcd.node;

import io.metcd.base.Bytes;
import io.metcd.node.FoundingSet.Seat;
import java.util.ArrayList;
import java.util.List;

/** Named founders without disks: every slot must be claimed, each by one peer. */
final class SlotRule implements FoundingRule {
    private final String cluster;
    private final List<String> slots;

    SlotRule(String cluster, List<String> slots) {
        this.cluster = cluster;
        this.slots = slots;
    }

    @Override
    public Choice choose(List<Claim> claims, long nowNanos) {
        List<Seat> seats = new ArrayList<>();
        List<String> missing = new ArrayList<>();
        for (String slot : slots) {
            List<Claim> claimants = claimants(slot, claims);
            if (claimants.size() > 1) {
                return Choice.waiting("two peers claim the slot '" + slot + "': "
                        + claimants.get(0).peer().brief() + " and "
                        + claimants.get(1).peer().brief() + "; give one of them another name");
            }
            if (claimants.isEmpty()) {
                missing.add("'" + slot + "'");
            } else {
                seats.add(claimants.get(0).seat());
            }
        }
        if (!missing.isEmpty()) {
            return Choice.waiting(
                    "waiting for the founders " + String.join(", ", missing) + " of cluster '" + cluster + "'");
        }
        FoundingSet set = new FoundingSet(cluster, seats);
        for (Claim claim : claims) {
            if (claim.reachable() && claim.contradicts(set)) {
                return Choice.waiting(
                        "waiting for " + claim.label() + ", which has promised another set of founders, to give up");
            }
        }
        return Choice.of(set);
    }

    @Override
    public boolean isHopeless(FoundingSet set, List<Claim> claims, boolean started) {
        int replaced = 0;
        boolean contradicted = false;
        for (Seat seat : set.seats()) {
            boolean alive = false;
            boolean anew = false;
            for (Claim claim : claims) {
                if (claim.reachable() && claim.seat().slot().equals(seat.slot())) {
                    alive |= claim.seat().equals(seat);
                    anew |= !claim.seat().equals(seat);
                    contradicted |= claim.contradicts(set);
                }
            }
            replaced += anew && !alive ? 1 : 0;
        }
        return started ? FoundingRule.losesMajority(set, replaced) : replaced > 0 || contradicted;
    }

    @Override
    public String advice(List<Claim> claims, List<Seat> silent) {
        return "";
    }

    @Override
    public int expects() {
        return 0;
    }

    @Override
    public Bytes candidates() {
        return Bytes.EMPTY;
    }

    private static List<Claim> claimants(String slot, List<Claim> claims) {
        return claims.stream()
                .filter(claim -> claim.reachable()
                        && claim.expects() == 0
                        && claim.seat().slot().equals(slot))
                .toList();
    }
}
