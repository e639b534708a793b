package io.metcd.simulator.lab;

import io.metcd.base.Invariants;
import io.metcd.mesh.Profile;
import io.metcd.simulator.world.Path;
import io.metcd.simulator.world.SimClock;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * Who is on the stage, and who can dial whom; immutable, widened step by step. Between two sites without an edge nothing
 * passes. A site that nobody can dial does not listen.
 *
 * @param seats by the name of their site, in the order in which they were added
 * @param dials from whom to whom
 * @param paths what each path does at first
 * @param mesh bounds and intervals of every mesh
 * @param kept what a crash leaves
 * @param pilotedVoters how many voters the autopilot keeps; 0 without one
 */
record Layout(
        Map<String, Seat> seats,
        SortedSet<Dial> dials,
        Path.Conditions paths,
        Profile mesh,
        Kept kept,
        int pilotedVoters) {
    private static final long DELAY_NANOS = 500_000;

    /** What a site is. */
    enum Kind {
        /** A founder of a cluster, there from the beginning. */
        MEMBER,
        /** A member that comes later, into a cluster that exists. */
        GUEST,
        /** A place for members that keep a disk and come, one after another, when the cluster has made room for them. */
        NEWCOMER,
        /** Carries what others send, and holds nothing. */
        RELAY,
        /** Nobody of ours: something that speaks as the row wants. */
        STRANGER
    }

    /** What a crash leaves of a member. */
    enum Kept {
        /** Its journal: it comes back as the same member. */
        DISK,
        /** Nothing: it comes back as another. */
        NOTHING
    }

    /**
     * One site.
     *
     * @param name which its mesh and its member claim; mostly that of the site
     * @param keyOf the site whose key it has; mostly itself
     * @param founders of the cluster that it founds or joins
     * @param skew how far its clocks are off
     * @param relays whether it carries what others send
     */
    record Seat(Kind kind, String name, String keyOf, List<String> founders, SimClock.Skew skew, boolean relays) {}

    /** An edge: the first can dial the second. */
    record Dial(String from, String to) implements Comparable<Dial> {
        @Override
        public int compareTo(Dial other) {
            int order = from.compareTo(other.from);
            return order != 0 ? order : to.compareTo(other.to);
        }
    }

    Layout {
        seats = Collections.unmodifiableMap(new LinkedHashMap<>(seats));
        dials = Collections.unmodifiableSortedSet(new TreeSet<>(dials));
    }

    /** Founders of one cluster, with half a millisecond between any two sites, and no edge yet. */
    static Layout of(String... members) {
        Layout empty =
                new Layout(Map.of(), new TreeSet<>(), Path.Conditions.delay(DELAY_NANOS), Profile.LAN, Kept.NOTHING, 0);
        return empty.members(members);
    }

    /** Founders of one cluster more. */
    Layout members(String... names) {
        Layout next = this;
        for (String name : names) {
            next = next.seat(name, seat(Kind.MEMBER, name, List.of(names)));
        }
        return next;
    }

    Layout guests(String... names) {
        return others(Kind.GUEST, names);
    }

    Layout newcomers(String... names) {
        return others(Kind.NEWCOMER, names);
    }

    Layout relays(String... names) {
        return others(Kind.RELAY, names);
    }

    Layout strangers(String... names) {
        return others(Kind.STRANGER, names);
    }

    private Layout others(Kind kind, String... names) {
        Layout next = this;
        for (String name : names) {
            next = next.seat(name, seat(kind, name, List.of()));
        }
        return next;
    }

    private static Seat seat(Kind kind, String name, List<String> founders) {
        return new Seat(kind, name, name, founders, SimClock.Skew.NONE, true);
    }

    private Layout seat(String site, Seat seat) {
        Map<String, Seat> more = new LinkedHashMap<>(seats);
        more.put(site, seat);
        return new Layout(more, dials, paths, mesh, kept, pilotedVoters);
    }

    /** What the site of this name is to be; it must be in the layout. */
    Seat seat(String site) {
        return Optional.ofNullable(seats.get(site)).orElseThrow(() -> new Invariants.Violation("no site " + site));
    }

    /** A site that takes the name of another for its own. */
    Layout claiming(String site, String name) {
        Seat old = seat(site);
        return seat(site, new Seat(old.kind, name, old.keyOf, old.founders, old.skew, old.relays));
    }

    /** A site that runs with the key of another. */
    Layout withKeyOf(String site, String other) {
        Seat old = seat(site);
        return seat(site, new Seat(old.kind, old.name, other, old.founders, old.skew, old.relays));
    }

    /** A member with these founders in its configuration. */
    Layout founding(String site, String... founders) {
        Seat old = seat(site);
        return seat(site, new Seat(old.kind, old.name, old.keyOf, List.of(founders), old.skew, old.relays));
    }

    /** A site whose clocks are off. */
    Layout skewed(String site, SimClock.Skew skew) {
        Seat old = seat(site);
        return seat(site, new Seat(old.kind, old.name, old.keyOf, old.founders, skew, old.relays));
    }

    /** Nobody carries what others send. */
    Layout withoutRelaying() {
        Layout next = this;
        for (Map.Entry<String, Seat> each : seats.entrySet()) {
            Seat old = each.getValue();
            next = next.seat(each.getKey(), new Seat(old.kind, old.name, old.keyOf, old.founders, old.skew, false));
        }
        return next;
    }

    /** The first can dial the second, not the other way. */
    Layout dial(String from, String to) {
        SortedSet<Dial> more = new TreeSet<>(dials);
        more.add(new Dial(from, to));
        return new Layout(seats, more, paths, mesh, kept, pilotedVoters);
    }

    /** Each can dial the other. */
    Layout link(String a, String b) {
        return dial(a, b).dial(b, a);
    }

    /** Each can dial its neighbours in a row. */
    Layout line(String... names) {
        Layout next = this;
        for (int i = 1; i < names.length; i++) {
            next = next.link(names[i - 1], names[i]);
        }
        return next;
    }

    /** Each can dial each. */
    Layout full(String... names) {
        Layout next = this;
        for (int i = 1; i < names.length; i++) {
            next = next.star(names[i], List.of(names).subList(0, i).toArray(String[]::new));
        }
        return next;
    }

    /** Each can dial the first, and the first can dial each. */
    Layout star(String hub, String... names) {
        Layout next = this;
        for (String name : names) {
            next = next.link(hub, name);
        }
        return next;
    }

    Layout on(Path.Conditions conditions) {
        return new Layout(seats, dials, conditions, mesh, kept, pilotedVoters);
    }

    Layout with(Profile profile) {
        return new Layout(seats, dials, paths, profile, kept, pilotedVoters);
    }

    /** Members keep their disks. */
    Layout durable() {
        return new Layout(seats, dials, paths, mesh, Kept.DISK, pilotedVoters);
    }

    /** The leader replaces voters that are gone. */
    Layout piloted(int voters) {
        return new Layout(seats, dials, paths, mesh, kept, voters);
    }

    /** All sites, in the order in which they were added. */
    List<String> sites() {
        return new ArrayList<>(seats.keySet());
    }

    boolean dials(String from, String to) {
        return dials.contains(new Dial(from, to));
    }

    boolean listens(String site) {
        return dials.stream().anyMatch(dial -> dial.to.equals(site));
    }
}
