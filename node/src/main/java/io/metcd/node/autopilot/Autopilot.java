package io.metcd.node.autopilot;

import io.metcd.node.autopilot.Advice.Act;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Keeps the right number of members voting: standbys take the places of voters that are lost, fill up what is missing,
 * and spread the voters over the zones. At most one step at a time, and none that leaves the cluster without a majority
 * of voters that are there.
 *
 * <p>It never makes the cluster smaller than its rules say, and never larger; it removes nobody who votes without putting
 * somebody in the place, unless there are more voters than there should be. It remembers since when it has seen members
 * come and go: {@link #forget} begins anew, as a new leader does.
 */
public final class Autopilot {
    private static final long SECOND = 1_000_000_000L;
    private static final int CROWDED = 2;

    private final Rules rules;
    private final Sightings sightings = new Sightings();

    public Autopilot(Rules rules) {
        this.rules = rules;
    }

    /** Nothing that was seen before counts any more. */
    public void forget() {
        sightings.forget();
    }

    /** What is to be done now; the mode may differ from that of the rules by an operator's word. */
    public Advice look(Scene scene, Mode mode) {
        sightings.look(scene);
        List<String> reasons = new ArrayList<>();
        if (mode == Mode.OFF || mode == Mode.PAUSED) {
            return new Advice(Optional.empty(), reasons);
        }
        View view = new View(scene);
        view.say(reasons);
        if (scene.changing()) {
            reasons.add("waits for a change of membership that is under way");
            return new Advice(Optional.empty(), reasons);
        }
        Optional<Act> act = view.decide(reasons);
        if (act.isPresent()) {
            reasons.add((mode == Mode.DRY_RUN ? "would now " : "now: ") + view.words(act.get()));
        }
        return new Advice(mode == Mode.DRY_RUN ? Optional.empty() : act, reasons);
    }

    /** One scene, with what is remembered of earlier ones. */
    private final class View {
        private final Scene scene;
        private final List<Seat> voters;
        private final List<Seat> standbys;

        View(Scene scene) {
            this.scene = scene;
            this.voters = scene.seats().stream().filter(Seat::votes).toList();
            this.standbys = scene.seats().stream().filter(seat -> !seat.votes()).toList();
        }

        /** Who is gone, and since when. */
        void say(List<String> reasons) {
            reasons.add(voters.size() + " of " + rules.target() + " voters, "
                    + standbys.stream().filter(this::isReady).count() + " of " + standbys.size() + " standbys ready");
            for (Seat seat : scene.seats()) {
                long gone = sightings.goneNanos(seat, scene.nowNanos());
                if (sightings.isGone(seat)) {
                    reasons.add((seat.votes() ? "voter '" : "standby '") + seat.name() + "' has been gone for "
                            + gone / SECOND + " s of " + rules.lostNanos() / SECOND + " s");
                }
            }
        }

        Optional<Act> decide(List<String> reasons) {
            if (!hasMajority(voters)) {
                reasons.add("does nothing while most of the voters are gone");
                return Optional.empty();
            }
            return replace(reasons)
                    .or(() -> fill(reasons))
                    .or(this::move)
                    .or(this::clear)
                    .filter(this::keepsMajority);
        }

        /** A voter that is lost. */
        private Optional<Act> replace(List<String> reasons) {
            for (Seat lost : voters) {
                if (!isLost(lost)) {
                    continue;
                }
                if (voters.size() > rules.target()) {
                    return Optional.of(new Act.Remove(lost.id()));
                }
                Optional<Seat> standby = best(without(lost));
                if (standby.isPresent()) {
                    return Optional.of(new Act.Promote(standby.get().id(), Optional.of(lost.id())));
                }
                reasons.add(
                        standbys.stream().noneMatch(this::isReady)
                                ? "no standby is ready to replace '" + lost.name() + "'"
                                : "no founder is ready to replace '" + lost.name() + "': one must be in every majority,"
                                        + " since founders that all came back with nothing would found a second"
                                        + " cluster");
            }
            return Optional.empty();
        }

        /** Places of voters that were never filled; by twos, since an even number of voters bears no more losses. */
        private Optional<Act> fill(List<String> reasons) {
            int missing = rules.target() - voters.size();
            if (missing <= 0) {
                return Optional.empty();
            }
            long ready = standbys.stream().filter(this::isReady).count();
            boolean even = voters.size() % 2 == 0;
            if (ready == 0 || (!even && ready == 1)) {
                reasons.add((even ? "1 standby" : "2 standbys") + " must be ready before another member votes");
                return Optional.empty();
            }
            return best(voters).map(standby -> new Act.Promote(standby.id(), Optional.empty()));
        }

        /** From a zone with many voters to one with few. */
        private Optional<Act> move() {
            boolean calm = voters.size() == rules.target()
                    && voters.stream()
                            .allMatch(voter -> voter.id() == scene.self()
                                    || sightings.steadyNanos(voter, scene.nowNanos()) >= rules.moveNanos());
            if (!calm) {
                return Optional.empty();
            }
            Map<String, Integer> zones = zones(voters);
            Optional<Seat> leaves = voters.stream()
                    .filter(voter -> voter.id() != scene.self() && !voter.zone().isEmpty())
                    .max(Comparator.comparingInt(voter -> zones.getOrDefault(voter.zone(), 0)));
            Optional<Seat> comes = leaves.flatMap(voter -> best(without(voter)));
            if (comes.isEmpty() || comes.get().zone().isEmpty()) {
                return Optional.empty();
            }
            int crowd = zones.getOrDefault(leaves.get().zone(), 0);
            int there = zones.getOrDefault(comes.get().zone(), 0);
            return crowd - there >= CROWDED
                    ? Optional.of(new Act.Promote(
                            comes.get().id(), Optional.of(leaves.get().id())))
                    : Optional.empty();
        }

        /** A standby that is lost makes room for another. */
        private Optional<Act> clear() {
            return standbys.stream().filter(this::isLost).findFirst().map(standby -> new Act.Remove(standby.id()));
        }

        /** The ready standby in the zone with the fewest of these voters, which may vote beside them. */
        private Optional<Seat> best(List<Seat> beside) {
            Map<String, Integer> zones = zones(beside);
            return standbys.stream()
                    .filter(this::isReady)
                    .filter(standby -> keepsFounders(beside, standby))
                    .min(Comparator.comparingInt(standby -> zones.getOrDefault(standby.zone(), 0)));
        }

        private List<Seat> without(Seat one) {
            return voters.stream().filter(voter -> voter.id() != one.id()).toList();
        }

        private boolean isLost(Seat seat) {
            return sightings.goneNanos(seat, scene.nowNanos()) >= rules.lostNanos();
        }

        private boolean isReady(Seat standby) {
            return sightings.steadyNanos(standby, scene.nowNanos()) >= rules.steadyNanos();
        }

        private boolean hasMajority(List<Seat> of) {
            long there = of.stream().filter(seat -> !sightings.isGone(seat)).count();
            return 2 * there > of.size();
        }

        /** Those who would vote afterwards must have a majority that is there; those who vote now have one. */
        private boolean keepsMajority(Act act) {
            List<Seat> after = new ArrayList<>(voters);
            if (act instanceof Act.Promote promote) {
                promote.replaced().ifPresent(replaced -> after.removeIf(voter -> voter.id() == replaced));
                standbys.stream().filter(each -> each.id() == promote.standby()).forEach(after::add);
            } else if (act instanceof Act.Remove remove) {
                after.removeIf(voter -> voter.id() == remove.member());
            }
            return hasMajority(after) && keepsFounders(after);
        }

        /** Where founders forget, no majority must be without one. */
        private boolean keepsFounders(List<Seat> after) {
            long others = after.stream().filter(seat -> !seat.founds()).count();
            return rules.founders() == 0 || 2 * others <= after.size();
        }

        private boolean keepsFounders(List<Seat> beside, Seat standby) {
            List<Seat> after = new ArrayList<>(beside);
            after.add(standby);
            return keepsFounders(after);
        }

        private String words(Act act) {
            if (act instanceof Act.Promote promote) {
                String text = "promote standby '" + name(promote.standby()) + "'";
                return promote.replaced()
                        .map(replaced -> text + " in the place of '" + name(replaced) + "'")
                        .orElse(text);
            }
            return "remove '" + name(((Act.Remove) act).member()) + "'";
        }

        private String name(long member) {
            return scene.seats().stream()
                    .filter(seat -> seat.id() == member)
                    .map(Seat::name)
                    .findFirst()
                    .orElse(Long.toHexString(member));
        }

        private static Map<String, Integer> zones(List<Seat> seats) {
            Map<String, Integer> zones = new TreeMap<>();
            seats.forEach(seat -> zones.merge(seat.zone(), 1, Integer::sum));
            return zones;
        }
    }
}
